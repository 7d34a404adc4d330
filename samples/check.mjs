// Checks the sample pages, their manifest and the queries. No dependencies.
// Run: node samples/check.mjs
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const site = join(here, 'site');
const problems = [];
const fail = (text) => problems.push(text);

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', copy: '©' };
const decode = (text) =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? whole;
  });
const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
const drop = (source, names) =>
  names.reduce(
    (text, name) => text.replace(new RegExp(`<${name}\\b[\\s\\S]*?</${name}>`, 'gi'), ' '),
    source,
  );
const inlineTags = /<\/?(?:a|abbr|b|code|em|i|kbd|small|span|strong|sub|sup)\b[^>]*>/gi;
const textOf = (source) =>
  squeeze(
    decode(
      source
        .replace(inlineTags, '')
        .replace(/<!--|-->/g, ' ')
        .replace(/<[^>]+>/g, ' '),
    ),
  );

const fileOf = (path) => {
  const bare = path.split(/[?#]/)[0];
  return join(site, bare.endsWith('/') ? `${bare}index.html` : bare);
};
const read = (path) => readFileSync(fileOf(path), 'utf8');

/** The words a reader would call the page's own: no navigation, aside or footer. */
function ownText(entry) {
  if (entry.source) {
    const script = read(entry.source);
    const start = script.lastIndexOf('title:', script.indexOf(`url: '${entry.path}'`));
    return textOf(script.slice(start, script.indexOf('\n  },', start)).replace(/[[\]',]/g, ' '));
  }
  const parts = [entry.path, ...(entry.frames ?? [])].map((path) => {
    const html = read(path);
    const description = html.match(/<meta name="description" content="([^"]*)"/)?.[1] ?? '';
    const title = html.match(/<title>([\s\S]*?)<\/title>/)?.[1] ?? '';
    const body = html.slice(html.search(/<body\b/i));
    return `${title} ${description} ${textOf(drop(body, ['script', 'style', 'nav', 'aside', 'footer']))}`;
  });
  return decode(parts.join(' '));
}

const common = new Set(
  `about above after again against almost along also although always among another anybody around
  because been before being below between both could does doing done down during each either else
  even ever every everything except from gets give goes going have having hence here himself into
  itself just keep keeps kept like made make makes many might more most much must myself near never
  next nobody none nothing once only onto other others over perhaps quite rather really same should
  since some somebody something still such than that their them themselves then there these they
  thing things this those though through under until upon used very want wants were what when where
  whether which while whom whose will with within without would your yours yourself`.split(/\s+/),
);
const stem = (word) => {
  let w = word.replace(/[’']s?$/, '');
  for (const end of [
    'ingly',
    'ings',
    'ing',
    'edly',
    'ies',
    'ied',
    'ers',
    'er',
    'est',
    'ed',
    'es',
    'ly',
    's',
    'e',
    'y',
  ]) {
    if (w.endsWith(end) && w.length - end.length >= 3) {
      w = w.slice(0, -end.length);
      break;
    }
  }
  return w.replace(/(.)\1$/, '$1');
};
const englishStems = (text) =>
  new Set(
    (
      text
        .toLowerCase()
        .normalize('NFC')
        .match(/[a-zà-ÿ][a-zà-ÿ’']{3,}/g) ?? []
    )
      .filter((word) => !common.has(word))
      .map(stem),
  );
const particle =
  /(?:으로써|에서는|이라고|라고|에게서|한테서|으로|에서|에게|한테|까지|부터|처럼|보다|마다|이나|하고|하는|하기|해서|했던|하려면|은|는|이|가|을|를|의|에|로|와|과|도|만|나)$/;
const koreanCommon = new Set(
  `그리고 하지만 그래서 이야기 까닭 이유 방법 어떻게 무엇 얼마나 함께 하루 하나 가장 정말 우리 사람 사람들 때문 이런 그런 있는 있게 않게 없는 없이 해야 하나요 되는 것처럼 후에 많이 더욱 직후 여전히 같은 때만 나서 집에서 안쪽 나올 때만`.split(
    /\s+/,
  ),
);
const koreanWords = (text) =>
  (text.match(/[가-힣]{2,}/g) ?? [])
    .map((word) => (word.length > 2 ? word.replace(particle, '') : word))
    .filter((word) => word.length >= 2 && !koreanCommon.has(word));

// --- the manifest ---------------------------------------------------------
const pages = JSON.parse(readFileSync(join(here, 'pages.json'), 'utf8'));
const byPath = new Map(pages.map((entry) => [entry.path, entry]));
if (byPath.size !== pages.length) fail('pages.json: a path is listed twice');

const own = new Map();
for (const entry of pages) {
  const reachable = entry.reload !== false || entry.source;
  const file = entry.source ? fileOf(entry.source) : fileOf(entry.path);
  if (!reachable || !existsSync(file)) {
    fail(`${entry.path}: no such file`);
    continue;
  }
  for (const key of ['title', 'lang', 'shape']) {
    if (typeof entry[key] !== 'string' || entry[key] === '') fail(`${entry.path}: no ${key}`);
  }
  if (!Array.isArray(entry.contains) || entry.contains.length === 0) {
    fail(`${entry.path}: "contains" is empty`);
  }
  const html = entry.source ? `${read(entry.source)} ${read('/app/')}` : read(entry.path);
  const everything = textOf(html);
  for (const sentence of [...entry.contains, ...(entry.optional ?? [])]) {
    if (!everything.includes(squeeze(sentence)))
      fail(`${entry.path}: not in the file: ${sentence}`);
  }
  for (const sentence of entry.excludes ?? []) {
    if (!everything.includes(squeeze(sentence)))
      fail(`${entry.path}: clutter not in the file: ${sentence}`);
    if (entry.contains.some((kept) => kept.includes(sentence))) {
      fail(`${entry.path}: both kept and excluded: ${sentence}`);
    }
  }
  const framed = (entry.frames ?? []).map((path) => textOf(read(path))).join(' ');
  for (const sentence of entry.framesContain ?? []) {
    if (!framed.includes(squeeze(sentence))) fail(`${entry.path}: not in its frames: ${sentence}`);
  }
  for (const key of ['nearDuplicateOf', 'translationOf']) {
    if (entry[key] && !byPath.has(entry[key])) fail(`${entry.path}: ${key} names no page`);
  }
  if (!entry.source) {
    const title = squeeze(decode(html.match(/<title>([\s\S]*?)<\/title>/)?.[1] ?? ''));
    if (title !== squeeze(entry.title)) fail(`${entry.path}: title differs: ${title}`);
    const lang = html.match(/<html lang="([^"]+)"/)?.[1] ?? '';
    if (lang.split('-')[0] !== entry.lang) fail(`${entry.path}: lang is ${lang}`);
  }
  own.set(entry.path, ownText(entry));
}

// --- every file is listed, nothing is asked of the network, links resolve --
const walk = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
const files = walk(site);
const listed = new Set(pages.map((entry) => fileOf(entry.path)));
for (const file of files) {
  const name = file.slice(site.length);
  const source = readFileSync(file, 'utf8');
  if (file.endsWith('.html') && !listed.has(file)) fail(`${name}: not in pages.json`);
  if (/(?:src|href|action|poster)\s*=\s*["']?(?:https?:)?\/\//i.test(drop(source, ['pre']))) {
    fail(`${name}: an address outside the site`);
  }
  if (/@import|url\(\s*["']?(?:https?:)?\/\//i.test(source)) fail(`${name}: a style from outside`);
  if (!file.endsWith('.html')) continue;
  for (const [, link] of source.matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
    if (!existsSync(fileOf(link)) && byPath.get(link)?.reload !== false) {
      fail(`${name}: broken link ${link}`);
    }
  }
}

// --- how many of what -----------------------------------------------------
const htmlFiles = files.filter((file) => file.endsWith('.html')).length;
const words = (path) => (own.get(path) ?? '').split(/\s+/).length;
const bodyWords = (path) =>
  textOf(drop(read(path).slice(read(path).search(/<body\b/i)), ['script', 'style'])).split(' ')
    .length;
const shapes = {};
for (const entry of pages) shapes[entry.shape] = (shapes[entry.shape] ?? 0) + 1;
const atLeast = (what, count, least) => {
  if (count < least) fail(`only ${count} ${what}, at least ${least} wanted`);
};
atLeast('HTML pages', htmlFiles, 52);
atLeast('Korean pages', pages.filter((entry) => entry.lang === 'ko').length, 14);
atLeast('private pages', pages.filter((entry) => entry.private).length, 3);
atLeast('hostile pages', pages.filter((entry) => entry.hostile).length, 7);
atLeast('near-identical pages', pages.filter((entry) => entry.nearDuplicateOf).length, 4);
atLeast('translations', pages.filter((entry) => entry.translationOf).length, 2);
atLeast(
  'pages of 20,000 words',
  pages.filter((e) => !e.source && words(e.path) >= 20000).length,
  1,
);
atLeast(
  'notes of at most 45 words',
  pages.filter((e) => e.shape === 'short-note' && bodyWords(e.path) <= 45).length,
  1,
);
for (const [shape, least] of Object.entries({
  article: 20,
  documentation: 4,
  forum: 2,
  issue: 1,
  product: 2,
  recipe: 2,
  'search-results': 1,
  video: 1,
  'short-note': 1,
  faq: 1,
  glossary: 1,
  'app-view': 3,
  'shadow-dom': 1,
  frames: 1,
  'frame-document': 2,
  book: 1,
  'press-release': 5,
  login: 1,
  payment: 1,
  bank: 1,
})) {
  atLeast(`pages of shape "${shape}"`, shapes[shape] ?? 0, least);
}

// --- the queries ----------------------------------------------------------
const lines = readFileSync(join(here, 'queries.jsonl'), 'utf8').trim().split('\n');
const queries = lines.map((line, index) => {
  try {
    return JSON.parse(line);
  } catch {
    fail(`queries.jsonl line ${index + 1}: not JSON`);
    return {};
  }
});
const kinds = {};
const seen = new Set();
const allowed = ['vague', 'natural', 'keyword', 'vague-ko', 'natural-ko', 'absent'];
for (const { page, kind, query, lang, accept } of queries) {
  const where = `${kind} query "${query}"`;
  if (!allowed.includes(kind)) fail(`${where}: unknown kind`);
  if (seen.has(query)) fail(`${where}: asked twice`);
  seen.add(query);
  const korean =
    kind.endsWith('-ko') ||
    byPath.get(page)?.lang === 'ko' ||
    (page === null && /[가-힣]/.test(query));
  if (lang !== (korean ? 'ko' : 'en')) fail(`${where}: lang is ${lang}`);
  const label = page !== null && byPath.get(page)?.lang === 'ko' ? `${kind} (Korean page)` : kind;
  kinds[label] = (kinds[label] ?? 0) + 1;
  if (page === null) {
    if (kind !== 'absent') fail(`${where}: no page`);
    continue;
  }
  const entry = byPath.get(page);
  if (!entry) {
    fail(`${where}: no such page ${page}`);
    continue;
  }
  if (entry.private) fail(`${where}: asks for a private page`);
  if (entry.nearDuplicateOf) fail(`${where}: asks for a copy and not for ${entry.nearDuplicateOf}`);
  for (const other of accept ?? []) if (!byPath.has(other)) fail(`${where}: accepts ${other}`);
  const text = own.get(page) ?? '';
  if (kind === 'vague' && lang === 'en') {
    const stems = englishStems(text);
    const shared = [...englishStems(query)].filter((one) => stems.has(one));
    if (shared.length > 0) fail(`${page}: ${where} shares: ${shared.join(', ')}`);
  }
  if (kind === 'vague' && lang === 'ko') {
    const shared = koreanWords(query).filter((one) => text.includes(one));
    if (shared.length > 0) fail(`${page}: ${where} shares: ${shared.join(', ')}`);
  }
  if (kind === 'keyword') {
    const low = text.toLowerCase();
    const missing = query.split(/\s+/).filter((word) => !low.includes(word.toLowerCase()));
    if (missing.length > 0)
      fail(`${page}: ${where} has words not in the page: ${missing.join(', ')}`);
  }
}
atLeast('queries', queries.length, 150);
atLeast(
  'Korean queries for English pages',
  (kinds['vague-ko'] ?? 0) + (kinds['natural-ko'] ?? 0),
  24,
);
atLeast(
  'queries for Korean pages',
  queries.filter((q) => byPath.get(q.page)?.lang === 'ko').length,
  30,
);
atLeast('absent queries', kinds.absent ?? 0, 12);
for (const kind of ['vague', 'natural', 'keyword']) {
  atLeast(`${kind} queries`, kinds[kind] ?? 0, 30);
  atLeast(`${kind} queries for Korean pages`, kinds[`${kind} (Korean page)`] ?? 0, 10);
}

if (problems.length > 0) {
  for (const problem of problems) console.error(`- ${problem}`);
  console.error(`${problems.length} problems`);
  process.exit(1);
}
console.log(`${htmlFiles} HTML files, ${pages.length} manifest entries, ${queries.length} queries`);
console.log(
  Object.entries(shapes)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
);
console.log(
  Object.entries(kinds)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
);
