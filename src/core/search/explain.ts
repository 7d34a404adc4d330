import type { TokenIds } from '../model/types.ts';
import type { SearchContext } from './context.ts';
import type { Fused } from './fuse.ts';
import { type EncodedQuery, tokenWeights } from './rescore.ts';

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
  /** One a token of the title, then of the passages of the cosine and of the best-met one. */
  readonly byPageToken: readonly { readonly id: number; readonly share: number }[];
  /** Late interaction with tokens elsewhere on the page. */
  readonly elsewhere: number;
}

function vectorOf(context: SearchContext, id: number): Float64Array {
  const { dims, rows, scales } = context.model.table;
  const scale = scales[id] ?? 0;
  return Float64Array.from({ length: dims }, (_, d) => (rows[id * dims + d] ?? 0) * scale);
}

function sumOf(context: SearchContext, ids: TokenIds): Float64Array {
  const sum = new Float64Array(context.encoder.dims);
  for (const id of ids) {
    vectorOf(context, id).forEach((value, d) => {
      sum[d] = (sum[d] as number) + value;
    });
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, d) => sum + value * (b[d] as number), 0);
}

/**
 * The exact shares of a fused score. The mean of token vectors is additive, so the cosine is a sum
 * over pairs of tokens; late interaction gives each query token's part to the one token it met.
 * Holds for a query that no example has moved.
 */
export function explain(context: SearchContext, query: EncodedQuery, fused: Fused): Explanation {
  const { candidate, slopes, parts, score } = fused;
  const { tokens } = candidate;
  const byQueryToken = new Float64Array(query.ids.length);
  const shares = new Map<number, number>();
  const give = (id: number, share: number) => shares.set(id, (shares.get(id) ?? 0) + share);

  const local = new Set<number>();
  const querySum = sumOf(context, query.ids);
  for (const { passage, weight } of candidate.cosinePassages) {
    const ofCosine = [...tokens.title, ...(tokens.passages[passage] ?? [])];
    const pageSum = sumOf(context, Uint32Array.from(ofCosine));
    const lengths = Math.sqrt(dot(querySum, querySum) * dot(pageSum, pageSum));
    if (lengths === 0) continue;
    const slope = (slopes.cosine * weight) / lengths;
    query.ids.forEach((id, q) => {
      byQueryToken[q] = (byQueryToken[q] as number) + slope * dot(vectorOf(context, id), pageSum);
    });
    for (const id of ofCosine) {
      give(id, slope * dot(vectorOf(context, id), querySum));
      local.add(id);
    }
  }

  const ofLate = [...tokens.title, ...(tokens.passages[candidate.lateBestPassage] ?? [])];
  const all = [...tokens.title, ...tokens.passages.flatMap((ids) => [...ids])];
  for (const id of ofLate) local.add(id);
  const weights = tokenWeights(context, query.ids);
  let elsewhere = 0;
  const meet = (ids: readonly number[], slope: number) => {
    const cosines = context.similarities.cosines(query.ids, Uint32Array.from(ids)).slice();
    query.ids.forEach((_, q) => {
      let best = 0;
      for (let t = 1; t < ids.length; t++) {
        const at = q * ids.length;
        if ((cosines[at + t] as number) > (cosines[at + best] as number)) best = t;
      }
      const id = ids[best];
      if (id === undefined) return;
      const cosine = cosines[q * ids.length + best] as number;
      const share = slope * (weights[q] as number) * cosine;
      byQueryToken[q] = (byQueryToken[q] as number) + share;
      if (local.has(id)) give(id, share);
      else elsewhere += share;
    });
  };
  meet(ofLate, slopes.latePassage);
  meet(all, slopes.latePage);
  meet([...tokens.title], slopes.lateTitle);

  const semantic = (parts.dense ?? 0) + (parts.late ?? 0);
  const words = score - semantic - parts.prior;
  return {
    score,
    background: semantic - byQueryToken.reduce((sum, share) => sum + share, 0),
    words,
    prior: parts.prior,
    byQueryToken,
    byPageToken: [...shares].map(([id, share]) => ({ id, share })),
    elsewhere,
  };
}
