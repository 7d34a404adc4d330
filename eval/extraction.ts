import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import type { PageText } from '../src/core/page/types.ts';
import { type ExtractionScore, type PageScore, scoreAll, scorePage } from './extraction-score.ts';
import type { PageTiming } from './extraction-timing.ts';

/*
 * Measures what the built extension extracts from real pages in Chromium, and what it costs them.
 * The way is the product's own from the content script to the host; only the engine's worker is
 * replaced by one that records what it is handed.
 */

interface Sample {
  readonly name: string;
  readonly html: Buffer;
  readonly truth: string;
}

interface Timing {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

const extensionFolder = '.output/chrome-mv3';
const ownPages = 'eval/extraction-pages';
const storedTimeoutMs = 45_000;

async function loadBenchmark(folder: string): Promise<Sample[]> {
  const truth = JSON.parse(await readFile(join(folder, 'ground-truth.json'), 'utf8')) as Record<
    string,
    { articleBody: string }
  >;
  return Promise.all(
    Object.entries(truth).map(async ([name, { articleBody }]) => ({
      name,
      html: gunzipSync(await readFile(join(folder, 'html', `${name}.html.gz`))),
      truth: articleBody,
    })),
  );
}

async function loadOwn(): Promise<Sample[]> {
  const names = (await readdir(ownPages)).filter((name) => name.endsWith('.html'));
  return Promise.all(
    names.sort().map(async (file) => ({
      name: file.replace('.html', ''),
      html: await readFile(join(ownPages, file)),
      truth: await readFile(join(ownPages, file.replace('.html', '.txt')), 'utf8'),
    })),
  );
}

function manyElements(count: number): string {
  const items = Array.from({ length: count / 2 }, (_, n) => `<li><b>Item</b> ${n} of many.</li>`);
  return `<!doctype html><title>Many</title><main><ul>${items.join('')}</ul></main>`;
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** Serves samples without their scripts and without any other address: what is saved is what is read. */
async function serve(samples: readonly Sample[]): Promise<{ origin: string; close: () => void }> {
  const byName = new Map(samples.map((sample) => [`/${sample.name}`, sample]));
  const server = createServer((request, response) => {
    const sample = byName.get(request.url ?? '');
    const isOwn = sample?.name.startsWith('own-');
    response.writeHead(sample === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; img-src data:; style-src 'unsafe-inline'; ${
        isOwn ? "script-src 'unsafe-inline'; frame-src 'self'" : ''
      }`,
    });
    response.end(sample?.html ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function launch(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--headless=new',
      '--no-sandbox',
      `--disable-extensions-except=${folder}`,
      `--load-extension=${folder}`,
    ],
    ignoreDefaultArgs: ['--disable-extensions'],
  });
}

type Ask = (type: string, params: unknown) => Promise<unknown>;

async function openAsker(context: BrowserContext): Promise<Ask> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const page = await context.newPage();
  await page.goto(`chrome-extension://${new URL(worker.url()).host}/manifest.json`);
  return async (type, params) => {
    const reply = await page.evaluate(
      (message) =>
        (
          globalThis as unknown as {
            chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } };
          }
        ).chrome.runtime.sendMessage(message),
      { v: 1, to: 'background', type, id: '1', params },
    );
    return (reply as { result?: unknown }).result;
  };
}

async function extractAll(
  samples: readonly Sample[],
  origin: string,
  folder: string,
): Promise<Map<string, PageText>> {
  const context = await launch(folder);
  try {
    const ask = await openAsker(context);
    await ask('page-background:set-settings', {
      dwellMs: 0,
      rules: [{ pattern: '127.0.0.1', action: 'index' }],
    });
    const tab = await context.newPage();
    const texts = new Map<string, PageText>();
    for (const [index, { name }] of samples.entries()) {
      await tab.bringToFront();
      await tab.goto(`${origin}/${name}`, { waitUntil: 'commit' });
      const deadline = Date.now() + storedTimeoutMs;
      while (Date.now() < deadline && !texts.has(name)) {
        const pages = (await ask('page-engine:recent-pages', { limit: 1000 })) as PageText[];
        const page = pages.find(({ url }) => url === `${origin}/${name}`);
        if (page !== undefined) texts.set(name, page);
        else await new Promise((resume) => setTimeout(resume, 100));
      }
      if (!texts.has(name)) console.warn(`not read: ${name}`);
      if (index % 20 === 19) console.log(`  ${index + 1} of ${samples.length} pages`);
    }
    return texts;
  } finally {
    await context.close();
  }
}

async function timeAll(
  samples: readonly Sample[],
  origin: string,
  script: string,
  throttling: number,
): Promise<PageTiming[]> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page: Page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttling });
  const timings: PageTiming[] = [];
  for (const { name } of samples) {
    await page.goto(`${origin}/${name}`);
    await page.evaluate(script);
    timings.push(
      await page.evaluate(() =>
        (globalThis as unknown as { timePage(): Promise<PageTiming> }).timePage(),
      ),
    );
  }
  await browser.close();
  return timings;
}

function summarize(values: readonly number[]): Timing {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}

const round = (timing: Timing): string =>
  `median ${timing.median.toFixed(1)}  p95 ${timing.p95.toFixed(1)}  max ${timing.max.toFixed(1)} ms`;

function scoreLine(score: ExtractionScore): string {
  const { n, precision, recall, f1 } = score;
  return `n ${n}  precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}  F1 ${f1.toFixed(3)}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      json: { type: 'string' },
      worst: { type: 'string', default: '0' },
      /** Only the samples whose name begins so. */
      only: { type: 'string', default: '' },
      /** Writes what was extracted, as JSON by name. */
      texts: { type: 'string' },
    },
  });
  const isWanted = ({ name }: Sample): boolean => name.startsWith(values.only);
  const all = values.data === undefined ? [] : await loadBenchmark(values.data);
  const benchmark = all.filter(isWanted);
  const own = (await loadOwn())
    .map((sample) => ({ ...sample, name: `own-${sample.name}` }))
    .filter(isWanted);
  const samples = [...benchmark, ...own];
  if (samples.length === 0) throw new Error(`No sample's name begins with "${values.only}"`);
  const large: Sample = { name: 'elements', html: Buffer.from(manyElements(50_000)), truth: '' };
  const folder = await mkdtemp(join(tmpdir(), 'extraction-'));
  const { origin, close } = await serve([...samples, large]);
  try {
    await cp(extensionFolder, folder, { recursive: true });
    await writeFile(join(folder, 'engine.js'), await bundle('eval/extraction-recorder.ts'));
    console.log(`Reading ${samples.length} pages with the built extension`);
    const texts = await extractAll(samples, origin, folder);
    const score = ({ name, truth }: Sample): PageScore => {
      const blocks = texts.get(name)?.blocks ?? [];
      return scorePage(truth, blocks.map((block) => block.text).join('\n'));
    };
    if (values.texts !== undefined) {
      await writeFile(values.texts, JSON.stringify(Object.fromEntries(texts), null, 1));
    }
    const articles = scoreAll(benchmark.map(score));
    const others = scoreAll(own.map(score));
    console.log(`articles      ${scoreLine(articles)}`);
    console.log(`own pages     ${scoreLine(others)}`);
    for (const sample of own)
      console.log(`  ${scoreLine(scoreAll([score(sample)]))}  ${sample.name}`);
    const worst = benchmark
      .map((sample) => ({ name: sample.name, ...scoreAll([score(sample)]) }))
      .sort((a, b) => a.f1 - b.f1)
      .slice(0, Number(values.worst));
    for (const page of worst) console.log(`  ${scoreLine(page)}  ${page.name}`);

    const script = await bundle('eval/extraction-timing.ts');
    const timed = benchmark.length > 0 ? benchmark : own;
    const report: Record<string, Timing> = {};
    for (const throttling of [1, 4]) {
      const timings = await timeAll(timed, origin, script, throttling);
      const totals = summarize(timings.map(({ slicesMs }) => slicesMs.reduce((a, b) => a + b, 0)));
      const slices = summarize(timings.map(({ slicesMs }) => Math.max(...slicesMs)));
      const peers = summarize(timings.map(({ readabilityMs }) => readabilityMs));
      console.log(`main thread, ${throttling}x slower processor, ${timed.length} pages`);
      console.log(`  snapshot                ${round(totals)}`);
      console.log(`  its longest stretch     ${round(slices)}`);
      console.log(`  Readability on a clone  ${round(peers)}`);
      const long = timings.flatMap(({ longTasksMs }) => longTasksMs);
      const longestTask =
        long.length === 0 ? '' : `, the longest ${Math.max(...long).toFixed(0)} ms`;
      console.log(`  tasks over 50 ms in the performance timeline: ${long.length}${longestTask}`);
      const [many] = await timeAll([large], origin, script, throttling);
      const longest = Math.max(...(many?.slicesMs ?? [0]));
      console.log(
        `  50,000 elements: ${many?.slicesMs.length ?? 0} stretches, the longest ${longest.toFixed(1)} ms`,
      );
      report[`${throttling}x`] = totals;
    }
    if (values.json !== undefined) {
      const result = { ...(benchmark.length > 0 ? articles : others), mainThreadMs: report['1x'] };
      await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
    }
  } finally {
    close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
