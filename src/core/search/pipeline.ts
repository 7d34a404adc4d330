import type { PageOrdinal, Timestamp } from '../ids.ts';
import type { PageMask } from '../index/scan-kernel.ts';
import { standardise } from './calibration.ts';
import type { SearchContext } from './context.ts';
import { coarseScan, type DenseScores, withoutScript } from './dense.ts';
import { type Fused, fuse } from './fuse.ts';
import { type LexicalChannel, lexicalScan } from './lexical.ts';
import { visitPrior } from './prior.ts';
import type { Ranking } from './ranking.ts';
import { type EncodedQuery, rescore } from './rescore.ts';
import { scriptGroupOfText } from './script-group.ts';

/** Measures the stages of a search one after the other. */
export class StageClock {
  readonly timings: Record<string, number> = {};
  readonly #clock: () => number;
  #last: number;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#last = clock();
  }

  /** Ends a stage; a name that comes again adds up. */
  end(stage: string): void {
    const now = this.#clock();
    this.timings[stage] = (this.timings[stage] ?? 0) + now - this.#last;
    this.#last = now;
  }
}

/** Weight of the dense channel when candidates are chosen, beside the lexical one's. */
const candidateDense = 2;

/**
 * The pages worth reading: by the sum of the calibrated coarse scores, so that a page which only
 * one channel knows can come in on that one alone.
 */
export function chooseCandidates(
  context: SearchContext,
  dense: DenseScores,
  lexical: LexicalChannel,
  limit: number,
): PageOrdinal[] {
  const { pages } = context;
  const scores = new Float64Array(pages.length);
  const isScored = new Uint8Array(pages.length);
  const meant: PageOrdinal[] = [];
  const meanings = new Float64Array(pages.length);
  for (const [page, estimate] of dense.estimates) {
    const meaning = withoutScript(context, dense, page, estimate);
    meant.push(page);
    meanings[page] = meaning;
    scores[page] = candidateDense * standardise(meaning, dense.background);
    isScored[page] = 1;
  }
  const scored = meant.slice();
  lexical.scores.pages.forEach((page, place) => {
    if (isScored[page] === 0) scored.push(page as PageOrdinal);
    const words = standardise(lexical.scores.scores[place] as number, lexical);
    scores[page] = (scores[page] as number) + words;
  });
  // Half of the places are safe from the words: a vague memory shares them with the wrong pages.
  const chosen = new Set(best(meant, meanings, Math.ceil(limit / 2)));
  for (const page of best(scored, scores, limit)) {
    if (chosen.size >= limit) break;
    chosen.add(page);
  }
  return [...chosen].filter((page) => pages.has(page));
}

/** The pages of the highest scores, highest first; of equal ones the first page first. */
export function best(
  pages: readonly PageOrdinal[],
  scores: Float64Array,
  count: number,
): readonly PageOrdinal[] {
  const least = leastOfBest(pages, scores, count);
  return pages
    .filter((page) => (scores[page] as number) >= least)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, count);
}

/**
 * The least of the `count` highest scores; −∞ where there are fewer. A heap of those seen so far, the
 * least at its top: nearly all of many thousand pages are no more than compared with it.
 */
function leastOfBest(pages: readonly PageOrdinal[], scores: Float64Array, count: number): number {
  const heap = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (const page of pages) {
    const score = scores[page] as number;
    if (score <= (heap[0] as number)) continue;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= count) break;
      const right = left + 1;
      const isRight = right < count && (heap[right] as number) < (heap[left] as number);
      const child = isRight ? right : left;
      if ((heap[child] as number) >= score) break;
      heap[place] = heap[child] as number;
      place = child;
    }
    heap[place] = score;
  }
  return heap[0] ?? Number.NEGATIVE_INFINITY;
}

export interface RankRequest {
  readonly words: string;
  readonly query: EncodedQuery;
  readonly mask?: PageMask;
  readonly hasPrior: boolean;
  readonly now: Timestamp;
}

/** The ranking from an encoded query to fused candidates, best first. */
export async function rankPages(
  context: SearchContext,
  { words, query, mask, hasPrior, now }: RankRequest,
  ranking: Ranking,
  stages: StageClock,
): Promise<Fused[]> {
  const group = scriptGroupOfText(words);
  const dense = coarseScan(context, query.embedding, group, ranking, mask);
  stages.end('scan');
  const lexical = lexicalScan(context, words, mask);
  stages.end('lexical');
  await context.checkpoint();
  const candidates = chooseCandidates(context, dense, lexical, ranking.candidates);
  stages.end('candidates');
  const rescored = await rescore(context, query, candidates, ranking);
  stages.end('rescore');
  await context.checkpoint();
  const alive = rescored.filter(({ page }) => context.pages.has(page));
  const fused = fuse(
    context,
    group,
    dense,
    lexical,
    alive,
    ranking,
    hasPrior ? ({ page }) => ranking.prior * visitPrior(context.pages.row(page), now) : () => 0,
  );
  stages.end('fuse');
  return fused;
}
