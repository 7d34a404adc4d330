import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { requireBrowser } from '../bin/lib/browsers.ts';
import type { PageText } from '../src/core/page/types.ts';
import { splitPassages } from '../src/core/text/passages.ts';
import { countWords } from '../src/engine/page-content.ts';
import { allHits, firstHits } from '../src/ui/popup/limits.ts';
import { makeHistory, type TextSource } from './history.ts';
import type { InBrowser, QueryTiming } from './in-browser.ts';
import { makeQueries } from './queries.ts';
import { type Figure, quantile, type Report } from './report.ts';
import { type BenchServer, serveScript } from './server.ts';

/** Pages of one call to the browser. */
export const pagesOfOneCall = 1_000;
/** Pages that are read one by one through the engine, after the others were loaded. */
const readOneByOne = 200;
export const queriesOfOneKind = 30;
const peerQueries = 5;
/** The peer reads all its records for each query: with more than these it has no memory. */
const mostPeerPages = 10_000;
const turnsOfStart = 3;
/** Pages whose words the queries are made of. */
const askedPages = 1_000;
/** Storage belongs to an address, so loaded histories are found again only at the same port. */
const port = 47_615;
const folder = join(import.meta.dirname, '../.cache/bench');

declare global {
  // The page's own name for what in-browser.ts offers.
  var bench: InBrowser;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** Figures of one size of history. */
interface SizeResult {
  readonly size: number;
  readonly query: number;
  readonly start: number;
  readonly memory: number;
  /** Of all hits at once, and the queries. */
  readonly whole: readonly QueryTiming[];
  readonly queries: ReturnType<typeof makeQueries>;
}

export const quantiles = (values: readonly number[]) => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
});

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Opens a page of the benchmark in a browser of its own, over the storage of a folder. */
async function inProfile<T>(
  profile: string,
  url: string,
  use: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: requireBrowser('chromium'),
    headless: true,
    args: ['--no-sandbox'],
  });
  try {
    const page = await context.newPage();
    page.on('console', (message) => process.stderr.write(`  ${message.text()}\n`));
    page.on('pageerror', (error) => process.stderr.write(`  ${error}\n`));
    await page.goto(url);
    return await use(page, context);
  } finally {
    await context.close();
  }
}

/** Loads the history into the profile, unless an earlier run did. */
async function loaded(profile: string, url: string, size: number): Promise<void> {
  const done = join(profile, 'history-is-loaded');
  if (existsSync(done)) return;
  rmSync(profile, { recursive: true, force: true });
  await inProfile(profile, url, async (page) => {
    await page.evaluate((count) => bench.begin(count), size);
    for (let from = 0; from < size; from += pagesOfOneCall) {
      const count = Math.min(pagesOfOneCall, size - from);
      await page.evaluate((next) => bench.load(next), count);
      process.stderr.write(`\r  ${from + count} of ${size} pages loaded `);
    }
    await page.evaluate(() => bench.finishLoad());
    process.stderr.write('\n');
  });
  writeFileSync(done, '');
}

/** Bytes that the engine's worker holds, WebAssembly's left out, once what nobody needs is collected. */
async function memoryOf(page: Page, context: BrowserContext): Promise<number> {
  const session = await context.newCDPSession(page);
  const worker = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId }) => resolve(sessionId));
  });
  const answers = new Map<number, (result: HeapUsage) => void>();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false });
  const sessionId = await worker;
  const send = (method: string, id: number) =>
    new Promise<HeapUsage>((resolve) => {
      answers.set(id, resolve);
      void session.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method }),
      });
    });
  await send('HeapProfiler.collectGarbage', 1);
  const { usedSize, backingStorageSize = 0 } = await send('Runtime.getHeapUsage', 2);
  await session.detach();
  return usedSize + backingStorageSize;
}

/** A page of the history in so many, and those read last. */
export function askedOf(sources: readonly TextSource[], size: number): PageText[] {
  const step = Math.ceil(size / askedPages);
  const some: PageText[] = [];
  let number = 0;
  for (const page of makeHistory(sources, size)) if (number++ % step === 0) some.push(page);
  return some;
}

export function queryRows(timings: readonly QueryTiming[], suffix: string): Figure[] {
  const kinds = [...new Set(timings.map(({ kind }) => kind))];
  const of = (list: readonly QueryTiming[]) => quantiles(list.map(({ ms }) => ms));
  return [
    ...kinds.map((kind) => ({
      what: `${kind}, ${suffix}`,
      values: of(timings.filter((one) => one.kind === kind)),
      unit: 'ms',
    })),
    { what: `all kinds, ${suffix}`, values: of(timings), unit: 'ms' },
  ];
}

/** Beside the rows of warm queries, which have the popup's first hits. */
export function wholeRow(timings: readonly QueryTiming[]): Figure {
  const values = quantiles(timings.map(({ ms }) => ms));
  return { what: 'all kinds, warm, twenty hits', values, unit: 'ms' };
}

async function measureSize(
  report: Report,
  url: string,
  sources: readonly TextSource[],
  size: number,
): Promise<SizeResult> {
  const profile = join(folder, `profiles/${size}`);
  await loaded(profile, url, size);
  const starts: number[] = [];
  for (let turn = 0; turn < turnsOfStart; turn++) {
    starts.push(await inProfile(profile, url, (page) => page.evaluate(() => bench.open())));
  }
  const asked = askedOf(sources, size);
  return inProfile(profile, url, async (page, context) => {
    await page.evaluate(() => bench.open());
    const ask = (queries: ReturnType<typeof makeQueries>, limit = firstHits) =>
      page.evaluate(([list, most]) => bench.ask(list, most), [queries, limit] as const);
    const cold = await ask(makeQueries(asked, 6, 7));
    await page.evaluate(() => bench.maintain());
    const queries = makeQueries(asked, queriesOfOneKind);
    const warm = await ask(queries);
    const again = await ask(queries);
    // Others of the same kinds: of those asked already, texts and tokens are kept.
    const others = makeQueries(asked, queriesOfOneKind, 3);
    const whole = await ask(others, allHits);
    const heap = await memoryOf(page, context);
    const sizes = await page.evaluate(() => bench.sizes());
    const { pageCount, passageCount, diskBytes, sizeBytes } = sizes;
    const memory = heap + sizes.wasmBytes;
    const count = size.toLocaleString('en');
    const rows: Figure[] = [
      { what: 'engine ready, cold', values: quantiles(starts), unit: 'ms' },
      ...queryRows(cold, 'right after a start'),
      ...queryRows(warm, 'warm'),
      wholeRow(whole),
      {
        what: 'all kinds, the same asked again',
        values: quantiles(again.map(({ ms }) => ms)),
        unit: 'ms',
      },
    ];
    report.figures.set(`${count} pages in Chromium`, rows);
    const stages = [...new Set(warm.flatMap((one) => Object.keys(one.stages)))];
    const stageOf = (list: readonly QueryTiming[], stage: string) =>
      mean(list.map((one) => one.stages[stage] ?? 0));
    report.figures.set(
      `Stages of a query, ${count} pages`,
      stages.map((stage) => ({
        what: stage,
        values: {
          'right after a start': stageOf(cold, stage),
          warm: stageOf(warm, stage),
          'warm, twenty hits': stageOf(whole, stage),
          'asked again': stageOf(again, stage),
        },
        unit: 'ms, mean',
      })),
    );
    const kilobytes = (bytes: number) => ({ 'a page': bytes / pageCount / 1024 });
    const words = mean(asked.map(({ blocks }) => countWords(splitPassages(blocks))));
    report.figures.set(`Bytes, ${count} pages`, [
      { what: 'passages', values: { 'a page': passageCount / pageCount }, unit: '' },
      { what: 'words', values: { 'a page': words }, unit: '' },
      ...Object.entries(sizeBytes).map(([kind, bytes]) => ({
        what: kind,
        values: kilobytes(bytes),
        unit: 'KB',
      })),
      { what: 'all on disk, as the browser counts', values: kilobytes(diskBytes), unit: 'KB' },
      {
        what: 'the same, of a page of 1,000 words',
        values: kilobytes((diskBytes * 1000) / words),
        unit: 'KB',
      },
      { what: 'memory of the engine', values: { all: memory / 2 ** 20 }, unit: 'MB' },
    ]);
    await page.evaluate((all) => bench.begin(all), size + readOneByOne);
    await page.evaluate((skipped) => bench.skip(skipped), size);
    const reading = await page.evaluate((some) => bench.read(some), readOneByOne);
    rows.push({ what: 'reading a page, commit included', values: quantiles(reading), unit: 'ms' });
    return {
      size,
      query: quantile(
        warm.map(({ ms }) => ms),
        0.5,
      ),
      start: quantile(starts, 0.5),
      memory,
      whole,
      queries: others,
    };
  });
}

/** The nearest peer's design on the same pages: every record out of IndexedDB, float cosines. */
async function measurePeer(
  report: Report,
  page: Page,
  size: number,
  { whole, queries }: Pick<SizeResult, 'whole' | 'queries'>,
): Promise<void> {
  await page.evaluate((all) => bench.begin(all), size);
  for (let from = 0; from < size; from += pagesOfOneCall) {
    const count = Math.min(pagesOfOneCall, size - from);
    await page.evaluate(([n, id]) => bench.readForPeer(n, id), [count, from + 1] as const);
    process.stderr.write(`\r  ${from + count} of ${size} pages read by the peer `);
  }
  process.stderr.write('\n');
  const theirs: number[] = [];
  const sentences = queries.filter(({ kind }) => kind === 'sentence').slice(0, peerQueries);
  for (const { query } of sentences) {
    theirs.push(await page.evaluate((text) => bench.askPeer(text), query));
  }
  const ours = whole.filter(({ kind }) => kind === 'sentence').map(({ ms }) => ms);
  report.ratios.push({
    name: `query/all-records-${size}`,
    what: `whole query, ${size.toLocaleString('en')} pages`,
    peer: 'all records out of IndexedDB and float cosines',
    ratio: quantile(theirs, 0.5) / quantile(ours, 0.5),
  });
}

/** Serves in-browser.ts with the model and the texts that histories are made of. */
export function serveHistory(
  modelDir: string,
  sources: readonly TextSource[],
  atPort?: number,
): Promise<BenchServer> {
  mkdirSync(join(folder, 'sources'), { recursive: true });
  writeFileSync(join(folder, 'sources/sources.json'), JSON.stringify(sources));
  const folders = { model: modelDir, sources: join(folder, 'sources') };
  return serveScript('bench/in-browser.ts', folders, undefined, atPort);
}

/** Whole queries, starts, memory and bytes in a real Chromium, over its own IndexedDB. */
export async function measureChromium(
  report: Report,
  modelDir: string,
  sources: readonly TextSource[],
  sizes: readonly number[],
): Promise<void> {
  const server = await serveHistory(modelDir, sources, port);
  const results: SizeResult[] = [];
  try {
    for (const size of sizes) {
      const result = await measureSize(report, server.url, sources, size);
      results.push(result);
      if (size > mostPeerPages) continue;
      // Apart: what the peer stores would count among our bytes.
      const profile = join(folder, 'profiles/peer');
      rmSync(profile, { recursive: true, force: true });
      await inProfile(profile, server.url, (page) => measurePeer(report, page, size, result));
    }
  } finally {
    server.close();
  }
  if (results.length < 2) return;
  const grows = (what: string, unit: string, value: (result: SizeResult) => number) => {
    const points = results.map((result) => ({ size: result.size, value: value(result) }));
    report.growth.push({ what, unit, points });
  };
  grows('A warm query, median', 'ms', ({ query }) => query);
  grows('Engine ready after a cold start', 'ms', ({ start }) => start);
  grows('Memory of the engine', 'MB', ({ memory }) => memory / 2 ** 20);
}
