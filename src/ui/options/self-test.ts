import type { PageSummary } from '../../core/search/types.ts';
import { splitSentences } from '../../core/text/sentences.ts';
import type { StoredPage } from '../../engine/api.ts';
import type { Ask } from '../parts/services.ts';

/** How the search did on one page that was asked for by a sentence of its own. */
export interface TestedPage {
  readonly page: PageSummary;
  /** Place among the results from 1; 0 when it is not among the first {@link testedPlaces}. */
  readonly rank: number;
}

export interface SelfTestResult {
  readonly tested: readonly TestedPage[];
  /** Milliseconds of each search as this page felt them, ascending. */
  readonly times: readonly number[];
}

/** Results that count as found. */
export const testedPlaces = 10;
const mostPages = 50;
/** The pages that are drawn from. */
const mostRecent = 1000;

/** Members evenly spread over a list, at most `most`, in its order. */
export function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)] as T);
}

/** Letters of a sentence that is worth asking with. */
const sentenceLength = { least: 30, most: 300 } as const;

/**
 * A sentence far from the page's beginning, as a person might remember one: the first of good
 * length in its last third, else the last of good length at all. Null when there is none. Signs
 * that a query would read as operators are taken out.
 */
export function farSentence(passages: StoredPage['passages']): string | null {
  const sentences = passages.flatMap(({ text }) =>
    splitSentences(text).map(({ start, end }) => text.slice(start, end)),
  );
  const isGood = (sentence: string) =>
    sentence.length >= sentenceLength.least && sentence.length <= sentenceLength.most;
  const lastThird = sentences.slice(Math.floor((sentences.length * 2) / 3));
  const sentence = lastThird.find(isGood) ?? sentences.findLast(isGood);
  if (sentence === undefined) return null;
  return sentence
    .replace(/["“”:]/gu, ' ')
    .replace(/(^|\s)-+/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Asks for up to 50 of the person's pages by a far sentence of each, as the popup would ask, and
 * looks where they come. Nothing is stored or sent. Null when it was stopped.
 */
export async function runSelfTest(
  ask: Ask,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<SelfTestResult | null> {
  const recent = await ask('page-engine:recent-pages', { limit: mostRecent });
  const pages = spread(recent, mostPages);
  const tested: TestedPage[] = [];
  const times: number[] = [];
  for (const [done, page] of pages.entries()) {
    if (signal.aborted) return null;
    onProgress(done, pages.length);
    const stored = await ask('page-engine:stored-page', { id: page.id });
    const query = stored === null ? null : farSentence(stored.passages);
    if (query === null) continue;
    const startedAt = performance.now();
    const { hits } = await ask('page-engine:search', {
      query,
      limit: testedPlaces,
      client: 'self-test',
    });
    times.push(performance.now() - startedAt);
    const place = hits.findIndex(
      (hit) => hit.page.id === page.id || hit.nearDuplicates.some(({ id }) => id === page.id),
    );
    tested.push({ page, rank: place + 1 });
  }
  return { tested, times: times.sort((a, b) => a - b) };
}

/** The share of the pages that were found, in whole per cent; rounded down, so that 100 is all. */
export function foundShare(tested: readonly TestedPage[]): number {
  const found = tested.filter(({ rank }) => rank > 0).length;
  return Math.floor((found * 100) / Math.max(1, tested.length));
}

/** The pages that were not found or came last, worst first; none that came first. */
export function worstOf(tested: readonly TestedPage[], most: number): readonly TestedPage[] {
  const badness = ({ rank }: TestedPage) => (rank === 0 ? Number.POSITIVE_INFINITY : rank);
  return tested
    .filter(({ rank }) => rank !== 1)
    .sort((a, b) => (badness(a) === badness(b) ? 0 : badness(b) - badness(a)))
    .slice(0, most);
}

/** The value below which a part of the ascending values lies; 0 without values. */
export function quantile(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? 0;
}
