import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadModel } from '../eval/model.ts';
import { withPage } from './browser-page.ts';
import type { Peers } from './peers.ts';
import { type Figure, firstLine, type Report } from './report.ts';
import { serveScript } from './server.ts';
import {
  type Build,
  graph,
  hitCount,
  measureVectorSearch,
  type VectorResult,
} from './vector-search.ts';
import type { vectorsPage } from './vectors-page.ts';

type Results = Readonly<Record<string, VectorResult | string>>;

/** Finding the ten nearest of some passages, against vector indexes of others where they run. */
export async function measureVectors(
  report: Report,
  modelDir: string,
  peers: Peers,
  texts: readonly string[],
  questions: readonly string[],
): Promise<void> {
  const found = await inChromium(modelDir, peers, texts, questions);
  addResults(report, 'Chromium', texts.length, found);
  const model = await loadModel(modelDir);
  const native = await measureVectorSearch(model, texts, questions, {
    usearch: (vectors) => indexOfUsearch(peers.packages, vectors),
  });
  addResults(report, 'Node', texts.length, native);
}

async function inChromium(
  modelDir: string,
  peers: Peers,
  texts: readonly string[],
  questions: readonly string[],
): Promise<Results> {
  const folders = { model: modelDir, packages: peers.packages };
  const server = await serveScript('bench/vectors-page.ts', folders);
  try {
    return await withPage('chromium', server.url, (page) =>
      page.evaluate(
        (list, asked) => {
          const { vectorsPage: own } = globalThis as unknown as {
            readonly vectorsPage: typeof vectorsPage;
          };
          return own.measure(list, asked);
        },
        texts,
        questions,
      ),
    );
  } finally {
    server.close();
  }
}

/** USearch is a native program with a prebuilt for Node; its npm package has none for browsers. */
async function indexOfUsearch(
  packages: string,
  vectors: readonly Float32Array[],
): ReturnType<Build> {
  const file = join(packages, 'usearch/javascript/dist/esm/usearch.js');
  const { Index } = await import(pathToFileURL(file).href);
  const index = new Index({
    metric: 'ip',
    quantization: 'f32',
    dimensions: vectors[0]?.length ?? 0,
    connectivity: graph.links,
    expansion_add: graph.whileBuilt,
    expansion_search: graph.whileAsked,
  });
  for (const [place, vector] of vectors.entries()) index.add(BigInt(place), vector, 1);
  return (query) => Array.from(index.search(query, hitCount, 1).keys as BigUint64Array, Number);
}

function addResults(report: Report, where: string, count: number, results: Results): void {
  const rows: Figure[] = [];
  const own = results['this project'];
  for (const [name, result] of Object.entries(results)) {
    if (typeof result === 'string') {
      report.notes.push(
        `${name} did not run with ${count} passages in ${where}: ${firstLine(result)}`,
      );
      continue;
    }
    const { build, query, recall } = result;
    rows.push({
      what: name,
      values: { 'all in, ms': build, 'a query, ms': query, 'of the exact ten': recall },
      unit: '',
    });
    if (result === own || typeof own !== 'object') continue;
    // All cosines are a row of both, which says how far the two can be compared.
    report.ratios.push({
      name: `vectors/${where.toLowerCase()}/${name.replaceAll(/\W+/g, '-')}`,
      what: `ten nearest of ${count.toLocaleString('en')} passages, ${where}`,
      peer: name,
      ratio: query / own.query,
    });
  }
  report.figures.set(`Ten nearest vectors, ${where}`, rows);
}
