import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A page as the evaluation reads it: plain text, paragraphs parted by line breaks. */
export interface EvalPage {
  readonly key: string;
  readonly title: string;
  readonly text: string;
}

export interface EvalQuery {
  /** `null` for what no page has. */
  readonly page: string | null;
  readonly kind: string;
  readonly query: string;
  readonly lang: string;
  /** Other pages that are as good an answer. */
  readonly accept?: readonly string[];
}

export interface RefindData {
  readonly pages: readonly EvalPage[];
  readonly queries: readonly EvalQuery[];
}

export interface BeirData {
  readonly name: string;
  readonly pages: readonly EvalPage[];
  readonly queries: ReadonlyMap<string, string>;
  /** Query → page → grade above 0. */
  readonly judged: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function readLines<T>(path: string): T[] {
  return readText(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

function eitherOf(path: string): string | undefined {
  return [path, `${path}.gz`].find((candidate) => existsSync(candidate));
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
};

/** Text of an HTML fragment: character references read, tags left out. */
export function plainText(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<\/(p|div|li|h\d|tr|pre|section|blockquote)>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return entities[name] ?? whole;
    });
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([\s\S]*?)<\/title>/i.exec(html)?.[1] ?? '';
  return plainText(title).replace(/\s+/g, ' ').trim();
}

/** The refind task: `DIR/pages`, or the sample pages that ship with the project. */
export function readRefind(dir: string): RefindData | undefined {
  const folder = join(dir, 'pages');
  if (existsSync(join(folder, 'queries.jsonl'))) {
    const truth = JSON.parse(readText(join(folder, 'ground-truth.json'))) as Record<
      string,
      { articleBody: string }
    >;
    const pages = Object.entries(truth).map(([key, { articleBody }]) => {
      const html = eitherOf(join(folder, 'html', `${key}.html`));
      return { key, title: html === undefined ? '' : titleOf(readText(html)), text: articleBody };
    });
    return { pages, queries: readLines<EvalQuery>(join(folder, 'queries.jsonl')) };
  }
  if (!existsSync(join(dir, 'pages.json'))) return undefined;
  const samples = JSON.parse(readText(join(dir, 'pages.json'))) as {
    path: string;
    title: string;
  }[];
  const pages = samples.flatMap(({ path, title }) => {
    const file = join(dir, 'site', path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file) || !statSync(file).isFile()) return [];
    const html = readText(file);
    const main = /<(main|article)\b[\s\S]*<\/\1>/i.exec(html)?.[0] ?? html;
    return [{ key: path, title: titleOf(html) || title, text: plainText(main) }];
  });
  const known = new Set(pages.map((page) => page.key));
  const queries = readLines<EvalQuery>(join(dir, 'queries.jsonl')).filter(
    ({ page }) => page === null || known.has(page),
  );
  return { pages, queries };
}

/** Every BEIR folder of `dir`: corpus.jsonl, queries.jsonl and qrels/test.tsv. */
export function readBeir(dir: string): BeirData[] {
  return readdirSync(dir).flatMap((name) => {
    const folder = join(dir, name);
    const corpus = eitherOf(join(folder, 'corpus.jsonl'));
    const queries = eitherOf(join(folder, 'queries.jsonl'));
    const qrels = join(folder, 'qrels', 'test.tsv');
    if (corpus === undefined || queries === undefined || !existsSync(qrels)) return [];
    const judged = new Map<string, Map<string, number>>();
    for (const line of readText(qrels).split('\n').slice(1)) {
      const [query, page, grade] = line.split('\t');
      if (query === undefined || page === undefined || !(Number(grade) > 0)) continue;
      const own = judged.get(query) ?? new Map<string, number>();
      judged.set(query, own.set(page, Number(grade)));
    }
    type Row = { _id: string; title?: string; text: string };
    const rows = readLines<Row>(corpus);
    return [
      {
        name,
        pages: rows.map((row) => ({ key: row._id, title: row.title ?? '', text: row.text })),
        queries: new Map(readLines<Row>(queries).map((row) => [row._id, row.text])),
        judged,
      },
    ];
  });
}

/** The files that a haystack is drawn from when none are named; a tenth of it from each. */
const defaultHaystack = [
  'en_digitalgov',
  'en_18f',
  'openstax_sections',
  'medquad_qa',
  'en_powershell',
  'en_cpp_docs',
  'arxiv_title_abstract',
  'scitldr_a',
  'ko_react',
  'ko_vs_docs',
];

function haystackFiles(dataDir: string, named: readonly string[]): string[] {
  if (named.length === 0) {
    return defaultHaystack.flatMap(
      (name) => eitherOf(join(dataDir, 'train', `${name}.jsonl`)) ?? [],
    );
  }
  return named.flatMap((path) => {
    if (!existsSync(path)) throw new Error(`The haystack ${path} does not exist.`);
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => /\.jsonl(\.gz)?$/.test(name))
      .sort()
      .map((name) => join(path, name));
  });
}

/** How many to take of each so that the sum is `size` where there are enough, as equal as can be. */
export function shareOut(counts: readonly number[], size: number): number[] {
  const shares = counts.map(() => 0);
  let rest = Math.min(
    size,
    counts.reduce((sum, count) => sum + count, 0),
  );
  while (rest > 0) {
    const open = counts.flatMap((count, i) => (count > (shares[i] as number) ? [i] : []));
    const each = Math.ceil(rest / open.length);
    for (const i of open) {
      const more = Math.min(each, rest, (counts[i] as number) - (shares[i] as number));
      shares[i] = (shares[i] as number) + more;
      rest -= more;
    }
  }
  return shares;
}

/** `size` pages that nobody asks for: an equal part of each file, spread evenly over it. */
export function readHaystack(dataDir: string, named: readonly string[], size: number): EvalPage[] {
  const files = haystackFiles(dataDir, named);
  const seen = new Set<string>();
  const pagesOf = files.map((file) =>
    readLines<{ q?: string; d?: string }>(file).flatMap(({ q = '', d = '' }, line) => {
      if (d === '' || seen.has(d)) return [];
      seen.add(d);
      return [{ key: `${file}#${line}`, title: q, text: d }];
    }),
  );
  const shares = shareOut(
    pagesOf.map((pages) => pages.length),
    size,
  );
  return pagesOf.flatMap((pages, i) => {
    const share = shares[i] as number;
    return Array.from(
      { length: share },
      (_, k) => pages[Math.floor((k * pages.length) / share)] as EvalPage,
    );
  });
}
