import type { PageOrdinal } from '../ids.ts';
import type { PageMask } from '../index/code-index.ts';
import type { LexicalScores } from '../index/lexical-index.ts';
import { queryTerms } from '../text/terms.ts';
import type { SearchContext } from './context.ts';

/** The words' own channel for one query. */
export interface LexicalChannel {
  readonly scores: ReadonlyMap<PageOrdinal, number>;
  readonly mean: number;
  readonly deviation: number;
  /** 0 to 1: how much the query's own hits say that its words are names or codes. */
  readonly trust: number;
}

/** The page whose score the best one's is compared with, counted from 0. */
const gapRank = 3;

/**
 * How much the hits say that the query's words are names or codes, 0 to 1: how far the best page
 * stands out from the fourth, and how much of the query's rarity it has. The words of a vague
 * memory are met a little by many pages, or one of them by chance by a single page.
 */
export function lexicalTrust(
  { scores, matches }: Pick<LexicalScores, 'scores' | 'matches'>,
  pageCount: number,
): number {
  const top = scores.slice().sort().reverse();
  const best = top[0] ?? 0;
  if (best <= 0) return 0;
  // A word that no page has is as rare as a word can be.
  const rarest = Math.log(1 + (pageCount + 0.5) / 0.5);
  const whole = matches.reduce((sum, { idf }) => sum + (idf > 0 ? idf : rarest), 0);
  const coverage = Math.min(1, best / whole);
  return (((best - (top[gapRank] ?? 0)) / best) * coverage) ** 1.5;
}

export function lexicalScan(
  context: SearchContext,
  words: string,
  mask?: PageMask,
): LexicalChannel {
  const found = context.lexical.search(queryTerms(words), mask);
  const scores = new Map<PageOrdinal, number>();
  found.pages.forEach((page, index) => {
    scores.set(page as PageOrdinal, found.scores[index] as number);
  });
  return {
    scores,
    mean: found.mean,
    deviation: found.deviation,
    trust: lexicalTrust(found, context.lexical.pageCount),
  };
}
