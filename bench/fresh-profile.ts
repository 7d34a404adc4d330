import type { BrowserName } from '../bin/lib/browsers.ts';
import { allHits, firstHits } from '../src/ui/popup/limits.ts';
import { type Page, withPage } from './browser-page.ts';
import {
  askedOf,
  pagesOfOneCall,
  queriesOfOneKind,
  queryRows,
  serveHistory,
  wholeRow,
} from './chromium.ts';
import type { TextSource } from './history.ts';
import { makeQueries } from './queries.ts';
import { quantile, type Report } from './report.ts';

/** Of the queries in Firefox, and of the idle work in Chromium. */
const firefoxPages = 1_000;
/** The most that are merged at once, in segments as packing makes them. */
const idlePages = 2_048;
const packedRows = [256];
/** Pages that wait for idle work to pack them. */
const unpackedPages = 200;
const idleRuns = 5;

/** Loads a history into a browser of its own, whose storage goes with it. */
async function withHistory<T>(
  browserName: BrowserName,
  modelDir: string,
  sources: readonly TextSource[],
  { size, segmentRows }: { readonly size: number; readonly segmentRows?: readonly number[] },
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const server = await serveHistory(modelDir, sources);
  try {
    return await withPage(browserName, server.url, async (page) => {
      await page.evaluate((count) => bench.begin(count), size + unpackedPages);
      for (let from = 0; from < size; from += pagesOfOneCall) {
        const count = Math.min(pagesOfOneCall, size - from);
        await page.evaluate(([next, rows]) => bench.load(next, rows), [
          count,
          segmentRows,
        ] as const);
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
  return withHistory('firefox', modelDir, sources, { size: firefoxPages }, async (page) => {
    const start = await page.evaluate(() => bench.open());
    const asked = askedOf(sources, firefoxPages);
    const ask = (queries: ReturnType<typeof makeQueries>, limit = firstHits) =>
      page.evaluate(([list, most]) => bench.ask(list, most), [queries, limit] as const);
    const cold = await ask(makeQueries(asked, 6, 7));
    await page.evaluate(() => bench.maintain());
    const warm = await ask(makeQueries(asked, queriesOfOneKind));
    const whole = await ask(makeQueries(asked, queriesOfOneKind, 3), allHits);
    report.figures.set(`${firefoxPages.toLocaleString('en')} pages in Firefox`, [
      { what: 'engine ready', values: { p50: start }, unit: 'ms' },
      ...queryRows(cold, 'right after a start'),
      ...queryRows(warm, 'warm'),
      wholeRow(whole),
    ]);
  });
}

/**
 * The longest that a query waits for merging and packing, in a real Chromium: the median of some runs,
 * because the longest of one is as often a wait for a processor.
 */
export async function measureIdle(
  report: Report,
  modelDir: string,
  sources: readonly TextSource[],
): Promise<void> {
  const history = { size: idlePages, segmentRows: packedRows };
  const all: number[] = [];
  const longest: number[] = [];
  for (let run = 0; run < idleRuns; run++) {
    await withHistory('chromium', modelDir, sources, history, async (page) => {
      await page.evaluate(() => bench.open());
      await page.evaluate((some) => bench.read(some), unpackedPages);
      await page.evaluate(() => bench.end());
      for (const worker of page.workers()) await worker.client.send('HeapProfiler.collectGarbage');
      const times = await page.evaluate(() => bench.tidy());
      all.push(times.all);
      longest.push(times.longest);
    });
  }
  report.figures.set('Idle work in Chromium', [
    {
      what: `${unpackedPages} pages packed, ${idlePages.toLocaleString('en')} merged into one segment`,
      values: {
        'all of it': quantile(all, 0.5),
        'longest without a turn for a query': quantile(longest, 0.5),
        'the same, worst run': Math.max(...longest),
      },
      unit: 'ms',
    },
  ]);
}
