import type { TokenIds, TokenTable } from '../model/types.ts';
import type { SearchContext } from './context.ts';
import type { Fused } from './fuse.ts';
import { readBags, type TokenBag } from './page-tokens.ts';
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
  /** The distinct tokens of the title, the passages of the cosine and the best-met one. */
  readonly pageTokens: Uint32Array;
  /** One each of them. */
  readonly byPageToken: Float64Array;
  /** Late interaction of the page with tokens that are in neither its title nor its best-met passage. */
  readonly elsewhere: number;
}

/** Cosines nearer than this are one: two kernels round a little differently. */
const sameCosine = 1e-4;

/** Lengths of tokens' vectors in the whole numbers that the kept lengths of texts are in. */
function wholeNorms({ norms, scales, weights }: TokenTable, ids: TokenIds): Float64Array {
  const whole = new Float64Array(ids.length);
  for (let t = 0; t < ids.length; t++) {
    const id = ids[t] as number;
    const weight = weights[id] ?? 0;
    if (weight !== 0) whole[t] = ((norms[id] as number) * weight) / (scales[id] as number);
  }
  return whole;
}

/** Where the largest of `count` values from `start` on is, counted from there; −1 of none. */
function largest(values: Float32Array, start: number, count: number): number {
  let best = -1;
  for (let i = 0; i < count; i++) {
    if (best < 0 || (values[start + i] as number) > (values[start + best] as number)) best = i;
  }
  return best;
}

/** What a query's explanations have in common. */
interface Asked {
  readonly ids: TokenIds;
  /** The shares in late interaction. */
  readonly weights: Float32Array;
  /** Length of each token's vector, and of their sum. */
  readonly norms: Float64Array;
  readonly length: number;
}

function askedOf(context: SearchContext, ids: TokenIds): Asked {
  const norms = wholeNorms(context.model.table, ids);
  const cosines = context.similarities.cosines(ids, ids);
  let square = 0;
  for (let a = 0; a < ids.length; a++) {
    for (let b = 0; b < ids.length; b++) {
      square +=
        (cosines[a * ids.length + b] as number) * (norms[a] as number) * (norms[b] as number);
    }
  }
  const length = Math.sqrt(Math.max(0, square));
  return { ids, weights: tokenWeights(context, ids), norms, length };
}

/**
 * The exact shares of the fused scores of a query's hits. The mean of token vectors is additive, so
 * the cosine is a sum over pairs of tokens; late interaction gives each query token's part to the
 * one token it met. Holds for a query that no example has moved.
 */
export function explainer(
  context: SearchContext,
  query: Pick<EncodedQuery, 'ids'>,
): (fused: Fused) => Explanation {
  const asked = askedOf(context, query.ids);
  return (fused) => explain(context, asked, fused);
}

function explain(
  context: SearchContext,
  asked: Asked,
  { candidate, slopes, parts, score }: Fused,
): Explanation {
  const best = candidate.lateBestPassage + 1;
  const read = [0, best, ...candidate.cosinePassages.map(({ passage }) => passage + 1)];
  const { distinct, texts } = readBags(candidate.tokens, new Set(read));
  const [title] = texts;
  // Each token once: those of the title, then those of the best-met passage, then the others.
  const columns = new Int32Array(distinct.length).fill(-1);
  const tokens = new Uint32Array(distinct.length);
  let size = 0;
  const add = (bag: TokenBag | undefined): number => {
    for (const place of bag?.places ?? []) {
      if ((columns[place] as number) >= 0) continue;
      tokens[size] = distinct[place] as number;
      columns[place] = size++;
    }
    return size;
  };
  const inTitle = add(title);
  const local = add(texts[best]);
  for (const { passage } of candidate.cosinePassages) add(texts[passage + 1]);

  const pageTokens = tokens.subarray(0, size);
  const norms = wholeNorms(context.model.table, pageTokens);
  const cosines = context.similarities.cosines(asked.ids, pageTokens);
  const byQueryToken = new Float64Array(asked.ids.length);
  const byPageToken = new Float64Array(size);

  const addCosine = ({ places, counts }: TokenBag, slope: number) => {
    for (let i = 0; i < places.length; i++) {
      const column = columns[places[i] as number] as number;
      const factor = slope * (counts[i] as number) * (norms[column] as number);
      let sum = 0;
      for (let q = 0; q < byQueryToken.length; q++) {
        const cosine = cosines[q * size + column] as number;
        const share = factor * cosine * (asked.norms[q] as number);
        byQueryToken[q] = (byQueryToken[q] as number) + share;
        sum += share;
      }
      byPageToken[column] = (byPageToken[column] as number) + sum;
    }
  };
  for (const { passage, weight } of candidate.cosinePassages) {
    const text = texts[passage + 1];
    if (title === undefined || text === undefined) continue;
    if (text.length === 0 || asked.length === 0) continue;
    const slope = (slopes.cosine * weight) / (asked.length * text.length);
    addCosine(title, slope);
    addCosine(text, slope);
  }

  let elsewhere = 0;
  for (let q = 0; q < byQueryToken.length; q++) {
    const row = q * size;
    const share = (slope: number, cosine: number) => {
      const own = slope * (asked.weights[q] as number) * cosine;
      byQueryToken[q] = (byQueryToken[q] as number) + own;
      return own;
    };
    const give = (column: number, own: number) => {
      byPageToken[column] = (byPageToken[column] as number) + own;
    };
    const inTitleMet = largest(cosines, row, inTitle);
    if (inTitleMet >= 0) {
      give(inTitleMet, share(slopes.lateTitle, cosines[row + inTitleMet] as number));
    }
    const met = largest(cosines, row, local);
    if (met >= 0) give(met, share(slopes.latePassage, cosines[row + met] as number));
    const onPage = candidate.metOnPage[q] as number;
    const isHere = met >= 0 && (cosines[row + met] as number) >= onPage - sameCosine;
    const own = share(slopes.latePage, onPage);
    if (isHere) give(met, own);
    else elsewhere += own;
  }

  const semantic = (parts.dense ?? 0) + (parts.late ?? 0);
  return {
    score,
    background: semantic - byQueryToken.reduce((sum, share) => sum + share, 0),
    words: score - semantic - parts.prior,
    prior: parts.prior,
    byQueryToken,
    pageTokens,
    byPageToken,
    elsewhere,
  };
}

/** How much of what the meaning of a page's tokens adds to its score each distinct token carries. */
export function sharesOf({ byQueryToken, pageTokens, byPageToken }: Explanation): TokenShares {
  const whole = byQueryToken.reduce((sum, share) => sum + Math.max(0, share), 0);
  const shares = new Map<number, number>();
  pageTokens.forEach((id, column) => {
    shares.set(id, (byPageToken[column] as number) / Math.max(whole, 1e-9));
  });
  return shares;
}
