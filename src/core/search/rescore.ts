import type { Embedding, PageOrdinal } from '../ids.ts';
import type { TokenIds } from '../model/types.ts';
import { passageInput } from '../text/passages.ts';
import type { LoadedText, PageTokens, SearchContext } from './context.ts';
import type { Ranking } from './ranking.ts';

/** A candidate page scored from its text. */
export interface Rescored {
  readonly page: PageOrdinal;
  readonly text: LoadedText;
  readonly tokens: PageTokens;
  /** The page's exact cosine: a weighted mean of those of its best passages. */
  readonly cosine: number;
  /** The passages it is the mean of, the best first; their weights sum to 1. */
  readonly cosinePassages: readonly WeightedPassage[];
  /** Late interaction with the best passage, and with the page as a whole: 0 to 1. */
  readonly latePassage: number;
  readonly latePage: number;
  /** Late interaction with the title alone; `null` for a page without one. */
  readonly lateTitle: number | null;
  readonly lateBestPassage: number;
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

/** The tokens of a page, those of the title once. */
export function tokensOf(context: SearchContext, text: LoadedText): PageTokens {
  if (text.tokens !== undefined) return text.tokens;
  const { tokenizer } = context.model;
  const head = passageInput(text.title, { text: '' });
  return {
    title: tokenizer.encode(head === '' ? '' : `${head}.`),
    passages: text.passages.map((passage) => tokenizer.encode(passage.text)),
  };
}

/** How much each query token counts in late interaction: its vector's length, summing to 1. */
export function tokenWeights(context: SearchContext, ids: TokenIds): Float32Array {
  const weights = Float32Array.from(ids, (id) => context.model.table.norms[id] ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : weights;
}

function joined(a: TokenIds, b: TokenIds): TokenIds {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Scores candidate pages from their text: the exact cosine of their best passages and late
 * interaction, for which each query token meets its nearest token of the passage (of the page);
 * the cosines are weighted by the query tokens' lengths. Each distinct token is compared once.
 */
export async function rescore(
  context: SearchContext,
  query: EncodedQuery,
  candidates: readonly PageOrdinal[],
  ranking: Ranking,
): Promise<Rescored[]> {
  const texts = await context.loadTexts(candidates);
  const loaded = candidates.flatMap((page, index) => {
    const text = texts[index];
    return text == null ? [] : [{ page, text, tokens: tokensOf(context, text) }];
  });
  const distinct = new Set<number>();
  for (const { tokens } of loaded) {
    for (const id of tokens.title) distinct.add(id);
    for (const passage of tokens.passages) for (const id of passage) distinct.add(id);
  }
  const vocabulary = Uint32Array.from(distinct);
  const columnOf = new Int32Array(context.model.vocabularySize);
  vocabulary.forEach((id, column) => {
    columnOf[id] = column;
  });
  const cosines = context.similarities.cosines(query.ids, vocabulary);
  const weights = tokenWeights(context, query.ids);
  const late = new LateInteraction(cosines, columnOf, weights, vocabulary.length);
  const nearest = nearestPassages(
    context,
    query,
    loaded.map(({ page }) => page),
    ranking.exactPassages,
  );
  return loaded.map(({ page, text, tokens }, index) => ({
    page,
    text,
    tokens,
    ...exactCosine(context, query, tokens, nearest[index] ?? []),
    ...late.score(tokens),
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
  const all = Int32Array.from(rows.flatMap((own) => [...own]));
  const scores = codes.signScores(encoder.rotate(query.embedding), all);
  let start = 0;
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
  context: SearchContext,
  query: EncodedQuery,
  { title, passages }: PageTokens,
  chosen: readonly number[],
): { cosine: number; cosinePassages: WeightedPassage[] } {
  const exact = chosen
    .flatMap((passage) => {
      const ids = passages[passage];
      if (ids === undefined) return [];
      return [{ passage, cosine: dot(context.encoder.embed(joined(title, ids)), query.embedding) }];
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

/** Late interaction over a table of cosines, query tokens × distinct tokens of the candidates. */
class LateInteraction {
  readonly #cosines: Float32Array;
  readonly #columnOf: Int32Array;
  readonly #weights: Float32Array;
  readonly #columns: number;

  constructor(cosines: Float32Array, columnOf: Int32Array, weights: Float32Array, columns: number) {
    this.#cosines = cosines;
    this.#columnOf = columnOf;
    this.#weights = weights;
    this.#columns = columns;
  }

  score({ title, passages }: PageTokens): {
    latePassage: number;
    latePage: number;
    lateTitle: number | null;
    lateBestPassage: number;
  } {
    const ofTitle = this.#maxima(title);
    const lateTitle = title.length === 0 ? null : dot(ofTitle, this.#weights);
    const ofPage = ofTitle.slice();
    let latePassage = -1;
    let lateBestPassage = 0;
    passages.forEach((ids, passage) => {
      const best = this.#maxima(ids);
      let sum = 0;
      for (let q = 0; q < best.length; q++) {
        const own = best[q] as number;
        if (own > (ofPage[q] as number)) ofPage[q] = own;
        sum += Math.max(own, ofTitle[q] as number) * (this.#weights[q] as number);
      }
      if (sum > latePassage) {
        latePassage = sum;
        lateBestPassage = passage;
      }
    });
    const latePage = Math.max(-1, dot(ofPage, this.#weights));
    return { latePassage, latePage, lateTitle, lateBestPassage };
  }

  /** Each query token's best cosine among some tokens. */
  #maxima(ids: TokenIds): Float32Array {
    const maxima = new Float32Array(this.#weights.length).fill(-1);
    for (let q = 0; q < maxima.length; q++) {
      const row = q * this.#columns;
      let best = -1;
      for (let i = 0; i < ids.length; i++) {
        const column = this.#columnOf[ids[i] as number] as number;
        const cosine = this.#cosines[row + column] as number;
        if (cosine > best) best = cosine;
      }
      maxima[q] = best;
    }
    return maxima;
  }
}
