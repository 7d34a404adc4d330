import type { PageId, Timestamp } from './ids.ts';
import type { Progress } from './page/state.ts';
import type { PageSummary } from './search/types.ts';
import { splitSentences } from './text/sentences.ts';

/** How the search did on one page that was asked for by a sentence of its own. */
export interface TestedPage {
  readonly id: PageId;
  /** Place among the results from 1; 0 when it is not among the first {@link testedPlaces}. */
  readonly rank: number;
}

/** What came of a self-test: numbers alone, and the numbers of the pages that came last. */
export interface SelfTestOutcome {
  readonly at: Timestamp;
  readonly tested: number;
  /** How many of them came among the first {@link testedPlaces}. */
  readonly found: number;
  /** Milliseconds that half of the searches, and all but one in twenty, took at most. */
  readonly halfMs: number;
  readonly mostMs: number;
  /** The pages that were not found or did not come first, worst first. */
  readonly worst: readonly TestedPage[];
}

/** The self-test as the health page shows it. */
export interface SelfTestStatus {
  /** How far a run is that is under way. */
  readonly run: Progress | null;
  /** The last one that was done; its worst pages as far as they are still stored. */
  readonly last:
    | (Omit<SelfTestOutcome, 'worst'> & {
        readonly worst: readonly { readonly page: PageSummary; readonly rank: number }[];
      })
    | null;
}

/**
 * `begin`: a new run, unless one is under way. `go-on`: the next few pages of it. `stop`: it is
 * dropped, and the last result stays.
 */
export const selfTestActions = ['begin', 'go-on', 'stop'] as const;
export type SelfTestAction = (typeof selfTestActions)[number];

/** Results that count as found. */
export const testedPlaces = 10;

/** Members evenly spread over a list, at most `most`, in its order. */
export function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)] as T);
}

/** Letters of a sentence that is worth asking with; one of Korean or Chinese says as much as two. */
const sentenceLength = { least: 30, most: 300 } as const;
const denseLetters = /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/gu;

/**
 * A sentence far from the page's beginning, as a person might remember one: the first of good
 * length in its last third, else the last of good length at all. Null when there is none. Signs
 * that a query would read as operators are taken out.
 */
export function farSentence(passages: readonly { readonly text: string }[]): string | null {
  const sentences = passages.flatMap(({ text }) =>
    splitSentences(text).map(({ start, end }) => text.slice(start, end)),
  );
  const isGood = (sentence: string) => {
    const length = sentence.length + (sentence.match(denseLetters)?.length ?? 0);
    return length >= sentenceLength.least && length <= sentenceLength.most;
  };
  const lastThird = sentences.slice(Math.floor((sentences.length * 2) / 3));
  const sentence = lastThird.find(isGood) ?? sentences.findLast(isGood);
  if (sentence === undefined) return null;
  return sentence
    .replace(/["“”:]/gu, ' ')
    .replace(/(^|\s)-+/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Sums a run up. @param times milliseconds of its searches */
export function summed(
  tested: readonly TestedPage[],
  times: readonly number[],
  at: Timestamp,
  mostWorst: number,
): SelfTestOutcome {
  const ascending = [...times].sort((a, b) => a - b);
  return {
    at,
    tested: tested.length,
    found: tested.filter(({ rank }) => rank > 0).length,
    halfMs: Math.round(quantile(ascending, 0.5)),
    mostMs: Math.round(quantile(ascending, 0.95)),
    worst: worstOf(tested, mostWorst),
  };
}

/** The share of the pages that were found, in whole per cent; rounded down, so that 100 is all. */
export function foundShare({ tested, found }: Pick<SelfTestOutcome, 'tested' | 'found'>): number {
  return Math.floor((found * 100) / Math.max(1, tested));
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
