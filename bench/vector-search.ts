import type { Embedding, PageOrdinal } from '../src/core/ids.ts';
import { CodeIndex } from '../src/core/index/code-index.ts';
import type { StaticModel } from '../src/core/model/types.ts';
import { createKernels } from '../src/kernels/kernels.ts';

/** Hits of one query. */
export const hitCount = 10;
/** What of the passages gets a second look, and how many of those an exact cosine. */
const secondLook = 300;
const exactLook = 50;

/** Of indexes that are graphs: the same for all of them. Links of a node, and nodes looked at. */
export const graph = { links: 16, whileBuilt: 100, whileAsked: 64 } as const;

/** One way to find the nearest vectors. */
export interface VectorResult {
  /** Milliseconds to take all vectors in, and of a query in the mean. */
  readonly build: number;
  readonly query: number;
  /** Share of the exact ten nearest that are among its ten. */
  readonly recall: number;
}

export type Find = (
  query: Embedding,
  place: number,
) => readonly number[] | Promise<readonly number[]>;

/** Takes the vectors in and gives what finds the nearest, as positions in the list. */
export type Build = (vectors: readonly Float32Array[]) => Promise<Find>;

const dot = (a: Float32Array, b: Float32Array) => {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] as number) * (b[d] as number);
  return sum;
};

const nearestOf = (scores: readonly (readonly [number, number])[]) =>
  [...scores]
    .sort((a, b) => b[1] - a[1])
    .slice(0, hitCount)
    .map(([place]) => place);

async function measureOne(
  build: Build,
  vectors: readonly Float32Array[],
  queries: readonly Embedding[],
  exact: readonly (readonly number[])[],
): Promise<VectorResult> {
  let start = performance.now();
  const find = await build(vectors);
  const built = performance.now() - start;
  await find(queries[0] as Embedding, 0);
  let query = Number.POSITIVE_INFINITY;
  let found: (readonly number[])[] = [];
  for (let turn = 0; turn < 3; turn++) {
    found = [];
    start = performance.now();
    for (const [place, one] of queries.entries()) found.push(await find(one, place));
    query = Math.min(query, (performance.now() - start) / queries.length);
  }
  const shares = found.map((own, q) => {
    const best = exact[q] as readonly number[];
    return best.filter((place) => own.includes(place)).length / best.length;
  });
  const recall = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return { build: built, query, recall };
}

/**
 * The ten nearest of some texts to each question: by our codes, by all cosines, and by each peer. A
 * peer that does not run is a message instead.
 */
export async function measureVectorSearch(
  model: StaticModel,
  texts: readonly string[],
  questions: readonly string[],
  peers: Readonly<Record<string, Build>>,
): Promise<Record<string, VectorResult | string>> {
  const { tokenizer, encoder, scan } = createKernels(model, (message) => console.warn(message));
  const ids = texts.map((text) => tokenizer.encode(text));
  const vectors = ids.map((own) => encoder.embed(own));
  const queries = questions.map((text) => encoder.embed(tokenizer.encode(text)));
  const scoresOf = (query: Embedding) =>
    vectors.map((vector, place) => [place, dot(query, vector)] as const);
  const exact = queries.map((query) => nearestOf(scoresOf(query)));
  const buildOwn: Build = async () => {
    const codes = new CodeIndex(scan);
    for (const [place, own] of ids.entries()) {
      codes.addPage(place as PageOrdinal, encoder.code(encoder.embed(own)));
    }
    return (query) => {
      const { rows } = codes.scan(encoder.code(query), secondLook);
      const scores = codes.signScores(encoder.rotate(query), rows);
      const best = [...rows.keys()]
        .sort((a, b) => (scores[b] as number) - (scores[a] as number))
        .slice(0, exactLook)
        .map((place) => rows[place] as number);
      return nearestOf(
        best.map((row) => [row, encoder.cosine(query, [ids[row] as Uint32Array])] as const),
      );
    };
  };
  const buildExact: Build = async () => (query) => nearestOf(scoresOf(query));
  const results: Record<string, VectorResult | string> = {};
  const all = { 'this project': buildOwn, 'all cosines in TypeScript': buildExact, ...peers };
  for (const [name, build] of Object.entries(all)) {
    try {
      results[name] = await measureOne(build, vectors, queries, exact);
    } catch (cause) {
      results[name] = String(cause);
    }
  }
  return results;
}
