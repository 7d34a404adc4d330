import type { Embedding, PageOrdinal } from '../src/core/ids.ts';
import { CodeIndex } from '../src/core/index/code-index.ts';
import { fetchFrom, loadModelFolder } from '../src/engine/model-files.ts';
import { createKernels } from '../src/kernels/kernels.ts';

/** Hits of one query. */
const hitCount = 10;
/** What of the passages gets a second look, and how many of those an exact cosine. */
const secondLook = 300;
const exactLook = 50;

/** One way to find the nearest vectors. */
export interface VectorResult {
  /** Milliseconds to take all vectors in, and of a query in the mean. */
  readonly build: number;
  readonly query: number;
  /** Share of the exact ten nearest that are among its ten. */
  readonly recall: number;
}

type Find = (query: Embedding, place: number) => readonly number[] | Promise<readonly number[]>;

/** Takes the vectors in and gives what finds the nearest, as positions in the list. */
type Build = (vectors: readonly Float32Array[]) => Promise<Find>;

/** A package's file, as the browser itself imports it. */
const packageUrl = (path: string) => new URL(`/packages/${path}`, location.href).href;

const builds: Readonly<Record<string, Build>> = {
  async 'hnswlib-wasm'(vectors) {
    const { loadHnswlib } = await import(packageUrl('hnswlib-wasm/dist/hnswlib.js'));
    const lib = await loadHnswlib();
    const index = new lib.HierarchicalNSW('ip', vectors[0]?.length ?? 0, '');
    index.initIndex(vectors.length, 16, 100, 1);
    const labels = index.addItems(vectors, false);
    const placeOf = new Map<number, number>(labels.map((label: number, i: number) => [label, i]));
    index.setEfSearch(64);
    return (query) =>
      index
        .searchKnn(query, hitCount, undefined)
        .neighbors.map((label: number) => placeOf.get(label));
  },
  async 'voy-search'(vectors) {
    const glue = await import(packageUrl('voy-search/voy_search_bg.js'));
    const { instance } = await WebAssembly.instantiateStreaming(
      fetch(packageUrl('voy-search/voy_search_bg.wasm')),
      { './voy_search_bg.js': glue },
    );
    glue.__wbg_set_wasm(instance.exports);
    const embeddings = vectors.map((vector, i) => ({
      id: String(i),
      title: '',
      url: '',
      embeddings: [...vector],
    }));
    const index = new glue.Voy({ embeddings });
    return (query) =>
      index.search(query, hitCount).neighbors.map(({ id }: { id: string }) => Number(id));
  },
  async 'sqlite-vec'(vectors) {
    const { default: open } = await import(packageUrl('sqlite-vec-wasm-demo/sqlite3.mjs'));

    const sqlite = await open();
    const database = new sqlite.oo1.DB(':memory:');
    const dims = vectors[0]?.length ?? 0;
    database.exec(`create virtual table v using vec0(e float[${dims}] distance_metric=cosine)`);
    const insert = database.prepare('insert into v(rowid, e) values (?, ?)');
    database.exec('begin');
    vectors.forEach((vector, i) => {
      insert
        .bind(1, i + 1)
        .bind(2, vector.slice().buffer)
        .stepReset();
    });
    database.exec('commit');
    const ask = database.prepare(`select rowid from v where e match ? and k = ${hitCount}`);
    return (query) => {
      ask.bind(1, query.slice().buffer);
      const found: number[] = [];
      while (ask.step()) found.push(ask.getInt(0) - 1);
      ask.reset();
      return found;
    };
  },
};

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

/** What the benchmark of vector search asks of the page it runs in. */
export const vectorsPage = {
  /**
   * The ten nearest of some texts to each question, by our codes and by each peer. A peer that does
   * not run is a message instead.
   */
  async measure(
    texts: readonly string[],
    questions: readonly string[],
  ): Promise<Record<string, VectorResult | string>> {
    const model = await loadModelFolder(fetchFrom(new URL('/model/', location.href)));
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
    const all = { 'this project': buildOwn, 'all cosines in TypeScript': buildExact, ...builds };
    for (const [name, build] of Object.entries(all)) {
      try {
        results[name] = await measureOne(build, vectors, queries, exact);
      } catch (cause) {
        results[name] = String(cause);
      }
    }
    return results;
  },
};

(globalThis as unknown as { vectorsPage: typeof vectorsPage }).vectorsPage = vectorsPage;
