import { withPage } from './browser-page.ts';
import type { readsPage } from './reads-page.ts';
import type { Report } from './report.ts';
import { serveScript } from './server.ts';

const rowCount = 10_000;

/** How long a query waits for the rows of its two hundred candidates, by where they could lie. */
export async function measureReads(report: Report): Promise<void> {
  const server = await serveScript('bench/reads-page.ts', {});
  try {
    const of = (browser: 'chromium' | 'firefox') =>
      withPage(browser, server.url, (page) =>
        page.evaluate((count) => {
          const { readsPage: own } = globalThis as unknown as {
            readonly readsPage: typeof readsPage;
          };
          return own.measure(count);
        }, rowCount),
      );
    const [chromium, firefox] = [await of('chromium'), await of('firefox')];
    const row = (what: string, way: keyof typeof chromium) => ({
      what,
      values: { Chromium: chromium[way], Firefox: firefox[way] },
      unit: 'ms',
    });
    report.figures.set('200 rows of 10,000, each of a page', [
      row('IndexedDB, a value a page', 'rows'),
      row('IndexedDB, a value of 16 pages', 'blocks'),
      row('a file of the private file system', 'file'),
    ]);
    report.ratios.push({
      name: 'reads/file',
      what: '200 rows out of IndexedDB',
      peer: 'out of a file of the private file system',
      ratio: chromium.file / chromium.rows,
    });
  } finally {
    server.close();
  }
}
