import type { BrowserName } from '../bin/lib/browsers.ts';
import { type Page, withPage } from './browser-page.ts';
import { askedOf, pagesOfOneCall, queriesOfOneKind, queryRows, serveHistory } from './chromium.ts';
import type { TextSource } from './history.ts';
import { makeQueries } from './queries.ts';
import type { Report } from './report.ts';

/** Of the queries in Firefox, and of the idle work in Chromium. */
const firefoxPages = 1_000;
const idlePages = 10_000;
/** Pages that wait for idle work to pack them. */
const unpackedPages = 200;

/** Loads a history into a browser of its own, whose storage goes with it. */
async function withHistory<T>(
  browserName: BrowserName,
  modelDir: string,
  sources: readonly TextSource[],
  size: number,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const server = await serveHistory(modelDir, sources);
  try {
    return await withPage(browserName, server.url, async (page) => {
      await page.evaluate((count) => bench.begin(count), size + unpackedPages);
      for (let from = 0; from < size; from += pagesOfOneCall) {
        await page.evaluate((next) => bench.load(next), Math.min(pagesOfOneCall, size - from));
      }
      await page.evaluate(() => bench.finishLoad());
      return use(page);
    });
  } finally {
    server.close();
  }
}

/** Whole queries in a real Firefox, over its own IndexedDB. */
export function measureFirefox(
  report: Report,
  modelDir: string,
  sources: readonly TextSource[],
): Promise<void> {
  return withHistory('firefox', modelDir, sources, firefoxPages, async (page) => {
    const start = await page.evaluate(() => bench.open());
    const asked = askedOf(sources, firefoxPages);
    const ask = (queries: ReturnType<typeof makeQueries>) =>
      page.evaluate((list) => bench.ask(list), queries);
    const cold = await ask(makeQueries(asked, 6, 7));
    await page.evaluate(() => bench.maintain());
    const warm = await ask(makeQueries(asked, queriesOfOneKind));
    report.figures.set(`${firefoxPages.toLocaleString('en')} pages in Firefox`, [
      { what: 'engine ready', values: { p50: start }, unit: 'ms' },
      ...queryRows(cold, 'right after a start'),
      ...queryRows(warm, 'warm'),
    ]);
  });
}

/** The longest that a query waits for merging and packing, in a real Chromium. */
export function measureIdle(
  report: Report,
  modelDir: string,
  sources: readonly TextSource[],
): Promise<void> {
  return withHistory('chromium', modelDir, sources, idlePages, async (page) => {
    await page.evaluate(() => bench.open());
    await page.evaluate((some) => bench.read(some), unpackedPages);
    const { all, longest } = await page.evaluate(() => bench.mergeAll());
    report.figures.set('Idle work in Chromium', [
      {
        what: `${idlePages.toLocaleString('en')} pages merged into one segment`,
        values: { 'all of it': all, 'longest without a turn for a query': longest },
        unit: 'ms',
      },
    ]);
  });
}
