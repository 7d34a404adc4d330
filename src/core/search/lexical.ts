import type { PageOrdinal } from '../ids.ts';
import type { LexicalScores, TermMatch } from '../index/lexical-index.ts';
import type { PageMask } from '../index/scan-kernel.ts';
import { queryTerms } from '../text/terms.ts';
import type { SearchContext } from './context.ts';
import { PageScores } from './page-scores.ts';

/** The words' own channel for one query. */
export interface LexicalChannel {
  readonly scores: PageScores;
  readonly mean: number;
  readonly deviation: number;
  /** 0 to 1: how much the query's own hits say that its words are names or codes. */
  readonly trust: number;
  readonly matches: readonly TermMatch[];
}

/** The page whose score the best one's is compared with, counted from 0. */
const gapRank = 3;

/** The inverse document frequency of a word that no page has: as rare as a word can be. */
function idfOfUnknown(pageCount: number): number {
  return Math.log(1 + (pageCount + 0.5) / 0.5);
}

/**
 * For each page, how rare the rarest term of the query is that it has in no form: 0 when it has
 * all, 1 for a term that no page has.
 */
export function rarestMissing(
  pageCount: number,
  matches: readonly TermMatch[],
  pages: readonly PageOrdinal[],
): number[] {
  const unknown = idfOfUnknown(pageCount);
  const rarity = ({ idf }: TermMatch) => (idf > 0 ? Math.min(1, idf / unknown) : 1);
  const rarestFirst = matches.toSorted((a, b) => rarity(b) - rarity(a));
  return pages.map((page) => {
    const missing = rarestFirst.find((match) => !match.pages.has(page));
    return missing === undefined ? 0 : rarity(missing);
  });
}

/**
 * How much the hits say that the query's words are names or codes, 0 to 1: how far the best page
 * stands out from the fourth, and how much of the query's rarity it has. The words of a vague
 * memory are met a little by many pages, or one of them by chance by a single page.
 */
export function lexicalTrust(
  { scores, matches }: Pick<LexicalScores, 'scores' | 'matches'>,
  pageCount: number,
): number {
  const top = highest(scores, gapRank + 1);
  const best = top[0] ?? 0;
  if (best <= 0) return 0;
  const rarest = idfOfUnknown(pageCount);
  const whole = matches.reduce((sum, { idf }) => sum + (idf > 0 ? idf : rarest), 0);
  const coverage = Math.min(1, best / whole);
  return (((best - (top[gapRank] ?? 0)) / best) * coverage) ** 1.5;
}

/** The highest of some numbers, highest first. */
function highest(values: Float32Array, count: number): number[] {
  const top: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (top.length === count && value <= (top[count - 1] as number)) continue;
    const place = top.findIndex((each) => each < value);
    top.splice(place < 0 ? top.length : place, 0, value);
    top.length = Math.min(top.length, count);
  }
  return top;
}

export function lexicalScan(
  context: SearchContext,
  words: string,
  mask?: PageMask,
): LexicalChannel {
  const found = context.lexical.search(queryTerms(words), mask);
  return {
    scores: new PageScores(found.pages, found.scores),
    mean: found.mean,
    deviation: found.deviation,
    trust: lexicalTrust(found, context.lexical.pageCount),
    matches: found.matches,
  };
}
