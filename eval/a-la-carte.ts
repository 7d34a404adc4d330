import type { StaticModel, TokenIds } from '../src/core/model/types.ts';

/** Words on either side that are a word's context. */
const reach = 5;
/** A word met less often says little by its contexts. */
const minOccurrences = 3;
/** Known words that the map from contexts to vectors is fitted on, each met so often. */
const fittedWords = 4000;
const minFitted = 20;
/** Weight of the penalty that keeps the map small, beside the words it is fitted on. */
const ridge = 0.01;

/** Vectors for words that the table only knows in pieces: à la carte embeddings. */
export interface InducedVectors {
  /** The vector of a word by its pieces, of the length of a known word; undefined when met too seldom. */
  of(pieces: TokenIds): Float32Array | undefined;
  readonly size: number;
}

/** The words of a text as runs of tokens: a token and the pieces that go on from it. */
export function wordsOfTokens(
  { tokenizer }: Pick<StaticModel, 'tokenizer'>,
  ids: TokenIds,
): TokenIds[] {
  const words: number[][] = [];
  for (const id of ids) {
    const goesOn = tokenizer.token(id)?.startsWith('##') ?? false;
    if (goesOn && words.length > 0) words.at(-1)?.push(id);
    else words.push([id]);
  }
  return words.map((word) => Uint32Array.from(word));
}

interface Seen {
  readonly sum: Float64Array;
  count: number;
}

/**
 * Induces vectors for words in several pieces from the contexts in which the pages have them: the
 * mean of what stands around a word, through the linear map that brings the contexts of known words
 * nearest to their own vectors (Khodak et al. 2018).
 */
export function induceVectors(model: StaticModel, texts: Iterable<TokenIds>): InducedVectors {
  const { dims, rows, scales } = model.table;
  const keyOf = (word: TokenIds) => [...word].join();
  const words = [...texts].map((ids) => wordsOfTokens(model, ids));
  const counts = new Map<string, number>();
  for (const word of words.flat()) {
    const key = keyOf(word);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const known = [...counts]
    .filter(([key, count]) => !key.includes(',') && count >= minFitted)
    .sort((a, b) => b[1] - a[1])
    .slice(0, fittedWords);
  const wanted = new Set([
    ...known.map(([key]) => key),
    ...[...counts].flatMap(([key, count]) =>
      key.includes(',') && count >= minOccurrences ? [key] : [],
    ),
  ]);
  const seen = new Map<string, Seen>();
  for (const text of words) {
    text.forEach((word, at) => {
      const key = keyOf(word);
      if (!wanted.has(key)) return;
      const own = seen.get(key) ?? { sum: new Float64Array(dims), count: 0 };
      seen.set(key, own);
      for (let near = Math.max(0, at - reach); near <= at + reach; near++) {
        if (near === at) continue;
        for (const id of text[near] ?? []) {
          const scale = scales[id] ?? 0;
          for (let d = 0; d < dims; d++) {
            own.sum[d] = (own.sum[d] as number) + (rows[id * dims + d] ?? 0) * scale;
          }
          own.count++;
        }
      }
    });
  }
  const contextOf = (key: string) => {
    const own = seen.get(key);
    return own === undefined || own.count === 0 ? undefined : own.sum.map((v) => v / own.count);
  };
  const pairs = known.flatMap(([key]) => {
    const context = contextOf(key);
    const id = Number(key);
    const own = Float64Array.from(
      { length: dims },
      (_, d) => (rows[id * dims + d] ?? 0) * (scales[id] ?? 0),
    );
    return context === undefined ? [] : [{ context, own }];
  });
  const map = fitMap(pairs, dims);
  const length = pairs.reduce((sum, { own }) => sum + Math.hypot(...own), 0) / pairs.length;
  const induced = new Map<string, Float32Array>();
  for (const key of wanted) {
    if (!key.includes(',')) continue;
    const context = contextOf(key);
    if (context === undefined) continue;
    const vector = Float32Array.from({ length: dims }, (_, d) => dotAt(map, d, context));
    const factor = length / Math.max(1e-9, Math.hypot(...vector));
    induced.set(
      key,
      vector.map((v) => v * factor),
    );
  }
  return { of: (pieces) => induced.get(keyOf(pieces)), size: induced.size };
}

function dotAt(map: Float64Array, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let d = 0, at = row * vector.length; d < vector.length; d++, at++) {
    sum += (map[at] as number) * (vector[d] as number);
  }
  return sum;
}

/** The matrix that takes contexts nearest to the words' own vectors: ridge regression. */
export function fitMap(
  pairs: readonly { readonly context: Float64Array; readonly own: Float64Array }[],
  dims: number,
): Float64Array {
  // Rows of [contexts × contexts + penalty | contexts × vectors], solved by elimination.
  const width = 2 * dims;
  const system = new Float64Array(dims * width);
  for (const { context, own } of pairs) {
    for (let i = 0; i < dims; i++) {
      const value = context[i] as number;
      for (let j = 0, at = i * width; j < dims; j++, at++) {
        system[at] = (system[at] as number) + value * (context[j] as number);
        system[at + dims] = (system[at + dims] as number) + value * (own[j] as number);
      }
    }
  }
  let trace = 0;
  for (let i = 0; i < dims; i++) trace += system[i * width + i] as number;
  for (let i = 0; i < dims; i++) {
    system[i * width + i] = (system[i * width + i] as number) + (ridge * trace) / dims + 1e-12;
  }
  for (let i = 0; i < dims; i++) {
    const pivot = system[i * width + i] as number;
    for (let at = i * width; at < (i + 1) * width; at++) {
      system[at] = (system[at] as number) / pivot;
    }
    for (let other = 0; other < dims; other++) {
      const factor = system[other * width + i] as number;
      if (other === i || factor === 0) continue;
      for (let j = i; j < width; j++) {
        const at = other * width + j;
        system[at] = (system[at] as number) - factor * (system[i * width + j] as number);
      }
    }
  }
  const map = new Float64Array(dims * dims);
  for (let i = 0; i < dims; i++) {
    for (let j = 0; j < dims; j++) map[j * dims + i] = system[i * width + dims + j] as number;
  }
  return map;
}
