import { withPage } from './browser-page.ts';
import type { Peers } from './peers.ts';
import { type Figure, firstLine, type Report } from './report.ts';
import { serveScript } from './server.ts';
import type { vectorsPage } from './vectors-page.ts';

/** Finding the ten nearest of some passages in Chromium, against vector indexes of others. */
export async function measureVectors(
  report: Report,
  modelDir: string,
  peers: Peers,
  texts: readonly string[],
  questions: readonly string[],
): Promise<void> {
  const folders = { model: modelDir, packages: peers.packages };
  const server = await serveScript('bench/vectors-page.ts', folders);
  try {
    const results = await withPage('chromium', server.url, (page) =>
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
    const rows: Figure[] = [];
    const own = results['this project'];
    for (const [name, result] of Object.entries(results)) {
      if (typeof result === 'string') {
        report.notes.push(
          `${name} did not run with ${texts.length} passages: ${firstLine(result)}`,
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
      report.ratios.push({
        name: `vectors/${name.replaceAll(' ', '-')}`,
        what: `ten nearest of ${texts.length.toLocaleString('en')} passages`,
        peer: name,
        ratio: query / own.query,
      });
    }
    report.figures.set('Ten nearest vectors, Chromium', rows);
  } finally {
    server.close();
  }
}
