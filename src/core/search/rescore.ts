import type { Embedding, PageOrdinal } from '../ids.ts';
import type { TokenIds } from '../model/types.ts';
import type { SearchContext } from './context.ts';
import { type PageTokens, tokenHead } from './page-tokens.ts';
import type { Ranking } from './ranking.ts';
import type { Meeting } from './similarity-kernel.ts';

interface LateScores {
  /** Late interaction with the best passage, and with the page as a whole: 0 to 1. */
  readonly latePassage: number;
  readonly latePage: number;
  /** Late interaction with the title; `null` for a page without one. */
  readonly lateTitle: number | null;
  readonly lateBestPassage: number;
  /** Each query token's best cosine with any token of the page. */
  readonly metOnPage: Float32Array;
}

/** A candidate page scored from its tokens. */
export interface Rescored extends LateScores {
  readonly page: PageOrdinal;
  readonly tokens: PageTokens;
  /** How many tokens it has. */
  readonly tokenCount: number;
  /** The page's exact cosine: a weighted mean of those of its best passages. */
  readonly cosine: number;
  /** The passages it is the mean of, the best first; their weights sum to 1. */
  readonly cosinePassages: readonly WeightedPassage[];
}

export interface WeightedPassage {
  readonly passage: number;
  readonly weight: number;
}

/** A query as the dense channels see it. */
export interface EncodedQuery {
  readonly ids: TokenIds;
  readonly embedding: Embedding;
}

/** How much each query token counts in late interaction: its vector's length, summing to 1. */
export function tokenWeights(context: SearchContext, ids: TokenIds): Float32Array {
  const weights = Float32Array.from(ids, (id) => context.model.table.norms[id] ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : weights;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Scores candidate pages from their tokens: the exact cosine of their best passages and late
 * interaction, for which each query token meets its nearest token of the passage (of the page);
 * the cosines are weighted by the query tokens' lengths.
 */
export async function rescore(
  context: SearchContext,
  query: EncodedQuery,
  candidates: readonly PageOrdinal[],
  ranking: Ranking,
): Promise<Rescored[]> {
  const found = await context.loadTokens(candidates);
  const loaded = candidates.flatMap((page, index) => {
    const tokens = found[index];
    return tokens == null ? [] : [{ page, tokens }];
  });
  const nearest = nearestPassages(
    context,
    query,
    loaded.map(({ page }) => page),
    ranking.exactPassages,
  );
  const meetings = context.similarities.meet(
    query.ids,
    query.embedding,
    loaded.map(({ tokens }) => tokens),
  );
  const weights = tokenWeights(context, query.ids);
  return loaded.map(({ page, tokens }, index) => ({
    page,
    tokens,
    tokenCount: tokenHead(tokens).tokens,
    ...exactCosine(meetings[index] as Meeting, nearest[index] ?? []),
    ...lateInteraction(meetings[index] as Meeting, weights),
  }));
}

/** For each page the passages whose codes are nearest, nearest first, at most `limit`. */
function nearestPassages(
  context: SearchContext,
  query: EncodedQuery,
  pages: readonly PageOrdinal[],
  limit: number,
): number[][] {
  const { codes, encoder } = context;
  const rows = pages.map((page) => codes.rowsOf(page));
  const all = new Int32Array(rows.reduce((sum, own) => sum + own.length, 0));
  let start = 0;
  for (const own of rows) {
    all.set(own, start);
    start += own.length;
  }
  const scores = codes.signScores(encoder.rotate(query.embedding), all);
  start = 0;
  return rows.map((own) => {
    const ofPage = scores.subarray(start, start + own.length);
    start += own.length;
    return [...own.keys()]
      .sort((a, b) => (ofPage[b] as number) - (ofPage[a] as number))
      .slice(0, limit);
  });
}

/** Passages that a page's cosine is taken from beside the best one, which counts half by itself. */
const meanPassages = 3;

/**
 * The exact cosine of a page from some of its passages: half that of the best one, half the mean of
 * the best three, because a page that is about the idea says so more than once.
 */
function exactCosine(
  { sums, lengths }: Meeting,
  chosen: readonly number[],
): { cosine: number; cosinePassages: WeightedPassage[] } {
  const exact = chosen
    .flatMap((passage) => {
      const sum = sums[passage + 1];
      const length = lengths[passage + 1] ?? 0;
      if (sum === undefined) return [];
      return [{ passage, cosine: length > 0 ? ((sums[0] as number) + sum) / length : 0 }];
    })
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, meanPassages);
  const cosinePassages = exact.map(({ passage }, place) => ({
    passage,
    weight: (place === 0 ? 0.5 : 0) + 0.5 / exact.length,
  }));
  const cosine = exact.reduce(
    (sum, one, place) => sum + one.cosine * (cosinePassages[place]?.weight ?? 0),
    0,
  );
  return { cosine: exact.length === 0 ? -1 : cosine, cosinePassages };
}

/** Late interaction of a page: of its best passage with the title, and of the whole page. */
function lateInteraction({ best, sums, sizes }: Meeting, weights: Float32Array): LateScores {
  const size = weights.length;
  const ofTitle = best.subarray(0, size);
  const lateTitle = sizes[0] === 0 ? null : dot(ofTitle, weights);
  const ofPage = ofTitle.slice();
  let latePassage = -1;
  let lateBestPassage = 0;
  for (let text = 1; text < sums.length; text++) {
    let sum = 0;
    for (let q = 0; q < size; q++) {
      const own = best[text * size + q] as number;
      if (own > (ofPage[q] as number)) ofPage[q] = own;
      sum += Math.max(own, ofTitle[q] as number) * (weights[q] as number);
    }
    if (sum > latePassage) {
      latePassage = sum;
      lateBestPassage = text - 1;
    }
  }
  const latePage = Math.max(-1, dot(ofPage, weights));
  return { latePassage, latePage, lateTitle, lateBestPassage, metOnPage: ofPage };
}
