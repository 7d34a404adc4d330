import { normalise } from '../src/core/model/encoder.ts';
import type { TokenIds } from '../src/core/model/types.ts';
import { backgroundOf, standardise } from '../src/core/search/calibration.ts';
import type { SearchContext } from '../src/core/search/context.ts';
import type { Fused } from '../src/core/search/fuse.ts';
import type { LexicalChannel } from '../src/core/search/lexical.ts';
import { type EncodedQuery, tokenWeights } from '../src/core/search/rescore.ts';
import { termsOfWord } from '../src/core/text/terms-words.ts';
import { type InducedVectors, wordsOfTokens } from './a-la-carte.ts';
import { orderedTokens } from './collection.ts';
import { bootstrapInterval } from './metrics.ts';

/** Weights at which a tried signal is added to the fused score; 0 is not among them. */
export const triedWeights = [0.25, 0.5, 1] as const;
/** First hits that feedback learns from. */
const feedbackHits = 3;
/** First hits by words and by meaning that are compared. */
const firstHits = 10;
/** Neighbours of a query token that stand in for it, and how near they must be. */
const neighbours = 3;
const neighbourCosine = 0.5;

/** One query: the reciprocal rank of its page now, and with each signal at each weight. */
export interface Tried {
  readonly kind: string;
  readonly page: string;
  readonly now: number;
  readonly with: Readonly<Record<string, readonly number[]>>;
}

/** What a tried signal may look at. */
export interface Asked {
  readonly words: string;
  readonly query: EncodedQuery;
  readonly lexical: LexicalChannel;
  readonly induced: InducedVectors;
}

type Signal = (context: SearchContext, asked: Asked, fused: readonly Fused[]) => number[];

/** Signals that the pipeline does without: a raw value for each candidate. */
const signals: Readonly<Record<string, Signal>> = {
  'cosine of the title': (context, { query }, fused) =>
    fused.map(({ candidate }) =>
      dot(query.embedding, context.encoder.embed(orderedTokens(candidate.tokens).title)),
    ),
  'cosine of the whole page': (context, { query }, fused) =>
    fused.map(({ candidate }) => {
      const { title, passages } = orderedTokens(candidate.tokens);
      return dot(query.embedding, context.encoder.embed(joined([title, ...passages])));
    }),
  'feedback from the first hits': (context, _asked, fused) => {
    const passages = fused.map(({ candidate: { tokens, lateBestPassage } }) => {
      const { title, passages: all } = orderedTokens(tokens);
      return context.encoder.embed(joined([title, all[lateBestPassage] ?? title]));
    });
    return passages.map((own, place) =>
      passages
        .slice(0, feedbackHits)
        // A hit says nothing of itself.
        .reduce((sum, first, hit) => sum + (hit === place ? 0.5 : dot(own, first)), 0),
    );
  },
  'nearness of the words met': (_context, { query }, fused) =>
    fused.map(({ candidate: { tokens, lateBestPassage } }) => {
      const { title, passages } = orderedTokens(tokens);
      return nearness(query.ids, passages[lateBestPassage] ?? title);
    }),
  'words near the query in the table': (context, { query }, fused) => {
    const scores = neighbourScores(context, query.ids);
    return fused.map(({ candidate }) => scores.get(candidate.page) ?? 0);
  },
  'vectors induced for words in pieces (à la carte)': (context, { query, induced }, fused) =>
    fused.map(({ candidate }) => inducedLate(context, query.ids, candidate, induced)),
  'more of the words where the channels agree': (_context, { lexical }, fused) => {
    const by = (score: (one: Fused) => number) =>
      new Set(fused.toSorted((a, b) => score(b) - score(a)).slice(0, firstHits));
    const meaning = by(({ parts }) => (parts.dense ?? 0) + (parts.late ?? 0));
    const words = by(({ candidate }) => lexical.scores.of(candidate.page));
    const agreement = [...words].filter((one) => meaning.has(one)).length / firstHits;
    return fused.map((one) => agreement * wordsOf(lexical, one));
  },
  'more of the words where the query is short': (_context, { lexical }, fused) =>
    fused.map((one) => wordsOf(lexical, one) / (1 + lexical.matches.length)),
};

/** A page's deviations by words; those of a page without any are the background's. */
function wordsOf({ scores, mean, deviation }: LexicalChannel, { candidate }: Fused): number {
  const score = scores.of(candidate.page);
  return score === 0 ? 0 : standardise(score, { mean, deviation: Math.max(deviation, 0.1) });
}

/** Unit vectors of words by their pieces, for one collection; null for a word without one. */
const unitVectors = new Map<string, Float32Array | null>();

/**
 * What late interaction with the best-met passage gains by the vectors of words in pieces: those of
 * the query meet the passage's words, and the query's tokens meet those of the passage.
 */
function inducedLate(
  context: SearchContext,
  query: TokenIds,
  { tokens, lateBestPassage, metOnPage }: Fused['candidate'],
  induced: InducedVectors,
): number {
  const vectorOf = (word: TokenIds) => {
    const key = word.join();
    let unit = unitVectors.get(key);
    if (unit === undefined) {
      const own = word.length === 1 ? context.encoder.embed(word) : induced.of(word);
      unit = own === undefined ? null : normalise(Float32Array.from(own));
      unitVectors.set(key, unit);
    }
    return unit ?? undefined;
  };
  const { title, passages } = orderedTokens(tokens);
  const here = joined([title, passages[lateBestPassage] ?? title]);
  const units = wordsOfTokens(context.model, here);
  const inPieces = units.filter(({ length }) => length > 1).flatMap((word) => vectorOf(word) ?? []);
  const weights = tokenWeights(context, query);
  let gain = 0;
  let at = 0;
  for (const word of wordsOfTokens(context.model, query)) {
    const vector = vectorOf(word);
    const weight = weights.subarray(at, at + word.length).reduce((sum, own) => sum + own, 0);
    const plain = metOnPage[at] ?? 0;
    at += word.length;
    if (vector === undefined) continue;
    const others = word.length > 1 ? units.flatMap((unit) => vectorOf(unit) ?? []) : inPieces;
    const best = others.reduce((most, other) => Math.max(most, dot(vector, other)), 0);
    gain += weight * (word.length > 1 ? best : Math.max(0, best - plain));
  }
  return gain;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function joined(parts: readonly TokenIds[]): TokenIds {
  return Uint32Array.from(parts.flatMap((ids) => [...ids]));
}

/** For each pair of neighbouring query tokens that the text has: one over their least distance. */
function nearness(query: TokenIds, text: TokenIds): number {
  let sum = 0;
  for (let q = 1; q < query.length; q++) {
    let least = Number.POSITIVE_INFINITY;
    let first = Number.NEGATIVE_INFINITY;
    text.forEach((id, place) => {
      if (id === query[q]) least = Math.min(least, place - first);
      if (id === query[q - 1]) first = place;
    });
    if (Number.isFinite(least)) sum += 1 / least;
  }
  return sum;
}

/** BM25 of the words that lie nearest the query's tokens in the table. */
function neighbourScores(context: SearchContext, ids: TokenIds): Map<number, number> {
  const { tokenizer, vocabularySize } = context.model;
  const all = Uint32Array.from({ length: vocabularySize }, (_, id) => id);
  const cosines = context.similarities.cosines(ids, all);
  const own = new Set(ids);
  const terms = new Map<string, number>();
  ids.forEach((_, q) => {
    const row = cosines.subarray(q * vocabularySize, (q + 1) * vocabularySize);
    const near = [...row.keys()]
      .filter((id) => (row[id] as number) >= neighbourCosine && !own.has(id))
      .sort((a, b) => (row[b] as number) - (row[a] as number))
      .slice(0, neighbours);
    for (const id of near) {
      const token = tokenizer.token(id) ?? '';
      if (token.startsWith('##')) continue;
      for (const term of termsOfWord(token)) {
        terms.set(term, Math.max(terms.get(term) ?? 0, row[id] as number));
      }
    }
  });
  const found = context.lexical.search([...terms].map(([term, weight]) => ({ term, weight })));
  return new Map([...found.pages].map((page, i) => [page, found.scores[i] as number]));
}

/** Orders the fused list anew with each signal at each weight. */
export function trySignals(
  context: SearchContext,
  asked: Asked,
  fused: readonly Fused[],
  isOwn: (one: Fused) => boolean,
): Pick<Tried, 'now' | 'with'> {
  const reciprocal = (added: (place: number) => number) => {
    const scores = fused.map((one, place) => one.score + added(place));
    const own = Math.max(...scores.filter((_, place) => isOwn(fused[place] as Fused)));
    return Number.isFinite(own) ? 1 / (1 + scores.filter((score) => score > own).length) : 0;
  };
  const withSignals = Object.entries(signals).map(([name, signal]) => {
    const values = signal(context, asked, fused);
    const background = backgroundOf(values) ?? { mean: 0, deviation: 1 };
    const z = values.map((value) => standardise(value, background));
    return [
      name,
      triedWeights.map((weight) => reciprocal((place) => weight * (z[place] as number))),
    ];
  });
  return { now: reciprocal(() => 0), with: Object.fromEntries(withSignals) };
}

/** What a tried signal changes in MRR, with its 95 % interval. */
export interface Gain {
  readonly signal: string;
  readonly kind: string;
  readonly gain: number;
  readonly interval: readonly [number, number];
}

/** The half of the pages that a page is in, by a hash of its key (FNV-1a). */
export function halfOf(page: string): 0 | 1 {
  let hash = 0x811c9dc5;
  for (let i = 0; i < page.length; i++) hash = Math.imul(hash ^ page.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 15)) & 1) as 0 | 1;
}

/** Gains by kind: for each half of the pages at the weight that is best on the other half. */
export function gainsOf(tried: readonly Tried[]): Gain[] {
  const names = Object.keys(tried[0]?.with ?? {});
  const sum = (of: readonly Tried[], name: string, at: number) =>
    of.reduce((total, one) => total + (one.with[name]?.[at] ?? 0), 0);
  return names.flatMap((signal) => {
    const changes = [0, 1].flatMap((half) => {
      const others = tried.filter(({ page }) => halfOf(page) !== half);
      const at = triedWeights.reduce<number>(
        (best, _, i) => (sum(others, signal, i) > sum(others, signal, best) ? i : best),
        0,
      );
      return tried
        .filter(({ page }) => halfOf(page) === half)
        .map((one) => ({ kind: one.kind, change: (one.with[signal]?.[at] ?? 0) - one.now }));
    });
    return [...new Set(tried.map(({ kind }) => kind))].map((kind) => {
      const own = changes.filter((one) => one.kind === kind).map(({ change }) => change);
      const gain = own.reduce((total, change) => total + change, 0) / own.length;
      return { signal, kind, gain, interval: bootstrapInterval(own) };
    });
  });
}
