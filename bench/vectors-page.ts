import { fetchFrom, loadModelFolder } from '../src/engine/model-files.ts';
import { type Build, graph, hitCount, measureVectorSearch } from './vector-search.ts';

/** A package's file, as the browser itself imports it. */
const packageUrl = (path: string) => new URL(`/packages/${path}`, location.href).href;

const builds: Readonly<Record<string, Build>> = {
  async 'hnswlib-wasm'(vectors) {
    const { loadHnswlib } = await import(packageUrl('hnswlib-wasm/dist/hnswlib.js'));
    const lib = await loadHnswlib();
    const index = new lib.HierarchicalNSW('ip', vectors[0]?.length ?? 0, '');
    index.initIndex(vectors.length, graph.links, graph.whileBuilt, 1);
    const labels = index.addItems(vectors, false);
    const placeOf = new Map<number, number>(labels.map((label: number, i: number) => [label, i]));
    index.setEfSearch(graph.whileAsked);
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
  async edgevec(vectors) {
    edgevecIndex = await indexOfEdgevec(vectors);
    return (query) => placesOf(edgevecIndex?.search(query, hitCount));
  },
  async 'edgevec, the same index by bits and a second look'() {
    return (query) => placesOf(edgevecIndex?.searchBQRescored(query, hitCount, edgevecRescored));
  },
};

/** What of an index of EdgeVec is called. */
interface EdgevecIndex {
  enableBQ(): void;
  insert(vector: Float32Array): number;
  search(query: Float32Array, count: number): EdgevecHits;
  searchBQRescored(query: Float32Array, count: number, factor: number): EdgevecHits;
}
type EdgevecHits = readonly { readonly id: number }[];

/** Vectors it rescores for each hit: what its guide gives for a recall of 98 %. */
const edgevecRescored = 10;
/** Both ways to search share one index: making it takes far longer than all else here. */
let edgevecIndex: EdgevecIndex | undefined;

async function indexOfEdgevec(vectors: readonly Float32Array[]): Promise<EdgevecIndex> {
  const { default: start, EdgeVec, EdgeVecConfig } = await import(packageUrl('edgevec/edgevec.js'));
  await start();
  const config = new EdgeVecConfig(vectors[0]?.length ?? 0);
  // Of unit vectors the order is the cosine's, by which this version finds the farthest.
  config.metric = 'l2';
  config.m = graph.links;
  config.ef_construction = graph.whileBuilt;
  config.ef_search = graph.whileAsked;
  const index: EdgevecIndex = new EdgeVec(config);
  index.enableBQ();
  for (const vector of vectors) index.insert(vector);
  return index;
}

/** It numbers vectors from 1. */
const placesOf = (hits: EdgevecHits = []) => hits.map(({ id }) => id - 1);

/** What the benchmark of vector search asks of the page it runs in. */
export const vectorsPage = {
  async measure(texts: readonly string[], questions: readonly string[]) {
    const model = await loadModelFolder(fetchFrom(new URL('/model/', location.href)));
    return measureVectorSearch(model, texts, questions, builds);
  },
};

(globalThis as unknown as { vectorsPage: typeof vectorsPage }).vectorsPage = vectorsPage;
