import { rowOf } from '../model/token-table.ts';
import type { TokenIds, TokenTable } from '../model/types.ts';
import type { SearchContext } from './context.ts';
import type { Fused } from './fuse.ts';
import { idsOfTexts, joined } from './page-tokens.ts';
import { type EncodedQuery, tokenWeights } from './rescore.ts';
import type { TokenShares } from './snippet.ts';

/**
 * A score taken apart. `background`, `words`, `prior` and the shares of all query tokens sum to it;
 * so do they with the shares of the page's tokens instead.
 */
export interface Explanation {
  readonly score: number;
  /** What an ordinary page of its length would have: the channels' means, taken away. */
  readonly background: number;
  /** The words' own channel, or what stands in for it. */
  readonly words: number;
  readonly prior: number;
  /** One a query token. */
  readonly byQueryToken: Float64Array;
  /** One a distinct token of the title, the passages of the cosine and the best-met one. */
  readonly byPageToken: ReadonlyMap<number, number>;
  /** Late interaction of the page with tokens that are in neither its title nor its best-met passage. */
  readonly elsewhere: number;
}

/** Cosines nearer than this are one: two kernels round a little differently. */
const sameCosine = 1e-4;

/** Sum of tokens' vectors, in the whole numbers that embeddings are sums of. */
function sumOf(table: TokenTable, ids: TokenIds): Float64Array {
  const { dims, weights } = table;
  const sum = new Float64Array(dims);
  const unpacked = new Int8Array(dims);
  for (const id of ids) {
    const weight = weights[id] ?? 0;
    const row = rowOf(table, id, unpacked);
    for (let d = 0; d < dims; d++) sum[d] = (sum[d] as number) + (row[d] as number) * weight;
  }
  return sum;
}

/** Dot product of a token's vector, in the same numbers, with another. */
function along(table: TokenTable, id: number, vector: Float64Array): number {
  let sum = 0;
  const row = rowOf(table, id, new Int8Array(table.dims));
  for (let d = 0; d < table.dims; d++) sum += (row[d] as number) * (vector[d] as number);
  return sum * (table.weights[id] ?? 0);
}

/** The index of the largest of the first `count` values; −1 of none. */
function largest(values: Float32Array, count: number): number {
  let best = -1;
  for (let i = 0; i < count; i++) {
    if (best < 0 || (values[i] as number) > (values[best] as number)) best = i;
  }
  return best;
}

/**
 * The exact shares of the fused scores of a query's hits. The mean of token vectors is additive, so
 * the cosine is a sum over pairs of tokens; late interaction gives each query token's part to the
 * one token it met. Holds for a query that no example has moved.
 */
export function explainer(
  context: SearchContext,
  query: EncodedQuery,
): (fused: Fused) => Explanation {
  const { table } = context.model;
  const querySum = sumOf(table, query.ids);
  const queryLength = Math.sqrt(querySum.reduce((sum, value) => sum + value * value, 0));
  // Most hits have the common words in common.
  const known = new Map<number, number>();
  const alongQuery = (id: number) => {
    const own = known.get(id) ?? along(table, id, querySum) / queryLength;
    known.set(id, own);
    return own;
  };
  return (fused) => explain(context, query, fused, queryLength, alongQuery);
}

function explain(
  context: SearchContext,
  query: EncodedQuery,
  { candidate, slopes, parts, score }: Fused,
  queryLength: number,
  alongQuery: (id: number) => number,
): Explanation {
  const { table } = context.model;
  const { title, passages } = idsOfTexts(candidate.tokens);
  const byQueryToken = new Float64Array(query.ids.length);
  const shares = new Map<number, number>();
  const give = (id: number, share: number) => shares.set(id, (shares.get(id) ?? 0) + share);
  const noTokens = new Uint32Array(0);
  const texts = candidate.cosinePassages.map(({ passage }) => passages[passage] ?? noTokens);

  candidate.cosinePassages.forEach(({ weight }, index) => {
    const ids = joined(title, texts[index] ?? noTokens);
    const unit = context.encoder.embed(ids);
    const length = context.encoder.length([ids]);
    if (length === 0 || queryLength === 0) return;
    const slope = slopes.cosine * weight;
    const direction = Float64Array.from(unit);
    query.ids.forEach((id, q) => {
      byQueryToken[q] =
        (byQueryToken[q] as number) + (slope * along(table, id, direction)) / queryLength;
    });
    for (const id of ids) give(id, (slope * alongQuery(id)) / length);
  });

  // Each token once: those of the title, then those of the best-met passage.
  const local = new Set(title);
  const inTitle = local.size;
  for (const id of passages[candidate.lateBestPassage] ?? []) local.add(id);
  const tokens = Uint32Array.from(local);
  const cosines = context.similarities.cosines(query.ids, tokens);
  const weights = tokenWeights(context, query.ids);
  let elsewhere = 0;
  query.ids.forEach((_, q) => {
    const row = cosines.subarray(q * tokens.length, (q + 1) * tokens.length);
    const share = (slope: number, cosine: number) => {
      const own = slope * (weights[q] as number) * cosine;
      byQueryToken[q] = (byQueryToken[q] as number) + own;
      return own;
    };
    for (const [count, slope] of [
      [inTitle, slopes.lateTitle],
      [local.size, slopes.latePassage],
    ] as const) {
      const met = largest(row, count);
      if (met >= 0) give(tokens[met] as number, share(slope, row[met] as number));
    }
    const onPage = candidate.metOnPage[q] as number;
    const met = largest(row, tokens.length);
    const isHere = met >= 0 && (row[met] as number) >= onPage - sameCosine;
    const own = share(slopes.latePage, onPage);
    if (isHere) give(tokens[met] as number, own);
    else elsewhere += own;
  });

  const semantic = (parts.dense ?? 0) + (parts.late ?? 0);
  return {
    score,
    background: semantic - byQueryToken.reduce((sum, share) => sum + share, 0),
    words: score - semantic - parts.prior,
    prior: parts.prior,
    byQueryToken,
    byPageToken: shares,
    elsewhere,
  };
}

/** How much of what the meaning of a page's tokens adds to its score each distinct token carries. */
export function sharesOf({ byQueryToken, byPageToken }: Explanation): TokenShares {
  const whole = byQueryToken.reduce((sum, share) => sum + Math.max(0, share), 0);
  return new Map([...byPageToken].map(([id, share]) => [id, share / Math.max(whole, 1e-9)]));
}
