import { chromium, type Page } from '@playwright/test';
import { requireBrowser } from '../bin/lib/browsers.ts';
import type { PageText } from '../src/core/page/types.ts';
import { makeHistory, type TextSource } from './history.ts';
import type { InBrowser } from './in-browser.ts';
import { makeQueries } from './queries.ts';
import { growthExponent, quantile, type Report } from './report.ts';
import { serveScript } from './server.ts';

const pagesOfOneCall = 100;
const queriesOfOneKind = 30;
const peerQueries = 5;
const turnsOfStart = 3;

declare global {
  // The page's own name for what in-browser.ts offers.
  var bench: InBrowser;
}

function* inGroups(pages: Iterable<PageText>): Generator<PageText[]> {
  let group: PageText[] = [];
  for (const page of pages) {
    group.push(page);
    if (group.length < pagesOfOneCall) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Figures of one size of history, in a fresh profile. */
interface SizeResult {
  readonly size: number;
  readonly p50: number;
  readonly start: number;
}

async function measureSize(
  page: Page,
  report: Report,
  sources: readonly TextSource[],
  size: number,
  withPeer: boolean,
): Promise<SizeResult> {
  const history = [...makeHistory(sources, size)];
  const reading: number[] = [];
  let done = 0;
  for (const group of inGroups(history)) {
    reading.push(...(await page.evaluate((pages) => bench.read(pages), group)));
    done += group.length;
    process.stderr.write(`\r  ${done} of ${size} pages read `);
  }
  process.stderr.write('\n');
  const { pageCount, passageCount, textBytes, diskBytes } = await page.evaluate(() =>
    bench.sizes(),
  );
  const starts: number[] = [];
  for (let turn = 0; turn < turnsOfStart; turn++) {
    starts.push(await page.evaluate(() => bench.restart()));
  }
  const queries = makeQueries(history, queriesOfOneKind);
  // The first queries also make the browser compile what they run through.
  await page.evaluate((list) => bench.ask(list), makeQueries(history, 3, 7));
  const first = await page.evaluate((list) => bench.ask(list), queries);
  const again = await page.evaluate((list) => bench.ask(list), queries);
  const count = size.toLocaleString('en');
  report.figures.set(`${count} pages in Chromium`, [
    { what: 'reading a page, commit included', values: quantiles(reading), unit: 'ms' },
    { what: 'engine ready', values: quantiles(starts), unit: 'ms' },
    ...[...new Set(first.map(({ kind }) => kind))].map((kind) => ({
      what: `query: ${kind}`,
      values: quantiles(first.filter((one) => one.kind === kind).map(({ ms }) => ms)),
      unit: 'ms',
    })),
    { what: 'query: all kinds', values: quantiles(first.map(({ ms }) => ms)), unit: 'ms' },
    { what: 'the same asked again', values: quantiles(again.map(({ ms }) => ms)), unit: 'ms' },
  ]);
  const stages = [...new Set(first.flatMap((one) => Object.keys(one.stages)))];
  report.figures.set(
    `Stages of a query, ${count} pages`,
    stages.map((stage) => ({
      what: stage,
      values: {
        'asked first': mean(first.map((one) => one.stages[stage] ?? 0)),
        'asked again': mean(again.map((one) => one.stages[stage] ?? 0)),
      },
      unit: 'ms, mean',
    })),
  );
  report.figures.set(`On disk, ${count} pages`, [
    { what: 'passages', values: { 'a page': passageCount / pageCount }, unit: '' },
    { what: 'text', values: { 'a page': textBytes / pageCount / 1024 }, unit: 'KB' },
    {
      what: 'all, as the browser counts',
      values: { 'a page': diskBytes / pageCount / 1024 },
      unit: 'KB',
    },
  ]);
  if (withPeer) {
    let firstId = 1;
    for (const group of inGroups(history)) {
      await page.evaluate(([pages, id]) => bench.readForPeer(pages, id), [group, firstId] as const);
      firstId += group.length;
    }
    const sentences = queries.filter(({ kind }) => kind === 'sentence').slice(0, peerQueries);
    const theirs: number[] = [];
    for (const { query } of sentences) {
      theirs.push(await page.evaluate((text) => bench.askPeer(text), query));
    }
    const ours = first.filter(({ kind }) => kind === 'sentence').map(({ ms }) => ms);
    report.ratios.push({
      name: `query/all-records-${size}`,
      what: `whole query, ${count} pages`,
      peer: 'all records out of IndexedDB and float cosines',
      ratio: quantile(theirs, 0.5) / quantile(ours, 0.5),
    });
  }
  return {
    size,
    p50: quantile(
      first.map(({ ms }) => ms),
      0.5,
    ),
    start: quantile(starts, 0.5),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function quantiles(values: readonly number[]) {
  return {
    p50: quantile(values, 0.5),
    p95: quantile(values, 0.95),
    p99: quantile(values, 0.99),
  };
}

/** Whole queries, starts and bytes in a real Chromium, over its own IndexedDB. */
export async function measureChromium(
  report: Report,
  modelDir: string,
  sources: readonly TextSource[],
  sizes: readonly number[],
): Promise<void> {
  const server = await serveScript('bench/in-browser.ts', { model: modelDir });
  const results: SizeResult[] = [];
  try {
    for (const size of sizes) {
      const browser = await chromium.launchPersistentContext('', {
        executablePath: requireBrowser('chromium'),
        headless: true,
        args: ['--no-sandbox'],
      });
      try {
        const page = await browser.newPage();
        page.on('console', (message) => process.stderr.write(`  ${message.text()}\n`));
        page.on('pageerror', (error) => process.stderr.write(`  ${error}\n`));
        await page.goto(server.url);
        results.push(await measureSize(page, report, sources, size, true));
      } finally {
        await browser.close();
      }
    }
  } finally {
    server.close();
  }
  if (results.length < 2) return;
  const exponent = (value: (result: SizeResult) => number) =>
    growthExponent(results.map((result) => ({ size: result.size, value: value(result) })));
  report.figures.set('Growth', [
    {
      what: 'time against pages, as a power',
      values: { 'a query': exponent(({ p50 }) => p50), start: exponent(({ start }) => start) },
      unit: 'exponent',
    },
  ]);
}
