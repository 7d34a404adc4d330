import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '..', '..');
export const siteFolder = join(repositoryRoot, 'samples', 'site');

/** A page of the sample site, as `samples/pages.json` describes it. */
export interface SamplePage {
  readonly path: string;
  readonly title: string;
  readonly lang: string;
  readonly shape: string;
  readonly contains: readonly string[];
  readonly excludes: readonly string[];
  /** Sentences of the documents in its frames. */
  readonly framesContain?: readonly string[];
  /** Must never be stored: a login, a payment, a bank. */
  readonly private?: boolean;
  readonly hostile?: boolean;
  /** A view of the single-page app; `reload: false` when only a click leads to it. */
  readonly spa?: boolean;
  readonly reload?: boolean;
  /** The address under which it is stored, where that is not its own. */
  readonly canonical?: string;
}

/** A query with the page it must find; `page` is null where no page has the answer. */
export interface SampleQuery {
  readonly page: string | null;
  readonly kind: string;
  readonly query: string;
  readonly lang: string;
  /** Other pages that are as good an answer. */
  readonly accept?: readonly string[];
}

export function readSamplePages(): readonly SamplePage[] {
  return JSON.parse(readFileSync(join(repositoryRoot, 'samples', 'pages.json'), 'utf8'));
}

export function readSampleQueries(): readonly SampleQuery[] {
  return readFileSync(join(repositoryRoot, 'samples', 'queries.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

/** Pages a person can read by their address: not private, not only reached by a click. */
export function readablePages(): readonly SamplePage[] {
  return readSamplePages().filter((page) => page.private !== true && page.reload !== false);
}

/** Paths under which a page may be stored: its own, and the canonical one where that is honest. */
export function storedPaths({ path, canonical, hostile }: SamplePage): readonly string[] {
  return canonical === undefined || hostile === true ? [path] : [path, canonical];
}

/** Paths that answer a query: its page, those as good, and variants stored as the same page. */
export function acceptedPaths(query: SampleQuery): ReadonlySet<string> {
  const accepted = new Set(query.page === null ? [] : [query.page, ...(query.accept ?? [])]);
  for (const page of readSamplePages()) {
    const paths = storedPaths(page);
    if (paths.some((path) => accepted.has(path))) for (const path of paths) accepted.add(path);
  }
  return accepted;
}
