/**
 * Traces the popup of the production build in Chromium: when it first paints, and how long a
 * keystroke takes until its results are painted, with 3,000 pages in the store, beside a popup of
 * an extension that has nothing but a box; and what of a keystroke is the popup's own:
 * `npm run bench:popup`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CDPSession, chromium, type Page } from '@playwright/test';
import { requireBrowser } from '../bin/lib/browsers.ts';
import { chromeBuild } from '../e2e/lib/chromium.ts';
import { Extension, type ExtensionApi } from '../e2e/lib/extension.ts';
import { loadMadePages } from '../e2e/lib/made-pages.ts';
import { quantile } from './report.ts';

declare global {
  /** Milliseconds of the keystroke under way, in the page. */
  var took: Promise<number>;
  /** Milliseconds from each question to its answer, in the page. */
  var waits: number[];
}

/** Times of a page as the browser counts them. */
const spentOn = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'] as const;
type SpentOn = (typeof spentOn)[number];

const pageCount = 3_000;
const opens = 15;
const queries = [
  'bees on the roof',
  'rye bread crust',
  'night train border',
  'typescript generics',
];

const work = mkdtempSync(join(tmpdir(), 'dejalu-popup-'));
const empty = join(work, 'empty');
mkdirSync(empty);
writeFileSync(
  join(empty, 'manifest.json'),
  JSON.stringify({
    manifest_version: 3,
    name: 'Empty',
    version: '1',
    background: { service_worker: 'background.js' },
  }),
);
writeFileSync(join(empty, 'background.js'), '');
writeFileSync(
  join(empty, 'popup.html'),
  '<!doctype html><title>Empty</title><input autofocus placeholder="box"><div data-query="">empty</div>',
);

/** Milliseconds from the start of the navigation to the first paint with something in it. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const paint = list.getEntriesByName('first-contentful-paint')[0];
          if (paint) resolve(paint.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

/** Milliseconds from a letter's input event to the frame after its own results are in the list. */
async function keystroke(page: Page, letter: string, hasList: boolean): Promise<number> {
  // In place before the letter is typed: the two reach the page by different ways.
  await page.evaluate((waitsForList) => {
    globalThis.took = new Promise<number>((resolve) => {
      addEventListener(
        'input',
        (event) => {
          const box = event.target as HTMLInputElement;
          const isThere = () => {
            const list = document.querySelector('[data-query][data-state]');
            // What is seen of the answer is there; the rows below may follow a frame later.
            return list?.getAttribute('data-query') === box.value;
          };
          // The task after a frame's callbacks runs once the frame is on its way to the screen.
          const whenPainted = () => setTimeout(() => resolve(performance.now() - event.timeStamp));
          const look = () =>
            waitsForList && !isThere() ? void requestAnimationFrame(look) : whenPainted();
          requestAnimationFrame(look);
        },
        { capture: true, once: true },
      );
    });
  }, hasList);
  await page.keyboard.type(letter);
  return page.evaluate(() => globalThis.took);
}

/** Times each search that the page asks for, until its answer is there. */
function timeAnswers(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: ExtensionApi };
    const send = chrome.runtime.sendMessage.bind(chrome.runtime);
    globalThis.waits = [];
    chrome.runtime.sendMessage = async (message) => {
      const startedAt = performance.now();
      const answer = await send(message);
      if ((message as { type: unknown }).type === 'page-engine:search') {
        globalThis.waits.push(performance.now() - startedAt);
      }
      return answer;
    };
  });
}

/** Milliseconds that the page has spent on scripts, styles and layout since the session began. */
async function spent(session: CDPSession): Promise<Readonly<Record<string, number>>> {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1_000]));
}

async function measure(page: Page, url: string, hasList: boolean) {
  const paints: number[] = [];
  const keys: number[] = [];
  const waits: number[] = [];
  const own: Record<SpentOn, number> = {
    ScriptDuration: 0,
    RecalcStyleDuration: 0,
    LayoutDuration: 0,
  };
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (let turn = 0; turn < opens; turn++) {
    await page.goto(url);
    paints.push(await firstPaint(page));
    await page.locator('input').focus();
    if (hasList) await page.locator('[data-state=idle]').waitFor();
    if (turn >= queries.length) continue;
    if (hasList) await timeAnswers(page);
    const before = await spent(session);
    for (const letter of queries[turn] as string) keys.push(await keystroke(page, letter, hasList));
    const after = await spent(session);
    for (const kind of spentOn) own[kind] += (after[kind] ?? 0) - (before[kind] ?? 0);
    if (hasList) waits.push(...(await page.evaluate(() => globalThis.waits)));
  }
  await session.detach();
  return { paints, keys, waits, own };
}

const context = await chromium.launchPersistentContext(join(work, 'profile'), {
  executablePath: requireBrowser('chromium'),
  headless: true,
  viewport: { width: 400, height: 600 },
  ignoreDefaultArgs: ['--disable-extensions'],
  args: [
    `--disable-extensions-except=${chromeBuild},${empty}`,
    `--load-extension=${chromeBuild},${empty}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
});
try {
  while (context.serviceWorkers().length < 2) {
    await context.waitForEvent('serviceworker', { timeout: 15_000 });
  }
  const hosts = context.serviceWorkers().map((each) => new URL(each.url()).host);
  const [first = ''] = hosts;
  const probe = await context.newPage();
  const isOursFirst = await probe.goto(`chrome-extension://${first}/options.html`).then(
    () => true,
    () => false,
  );
  await probe.close();
  const [own, other] = isOursFirst ? hosts : hosts.toReversed();
  const extension = await Extension.attach(context, own);
  await loadMadePages((type, params) => extension.ask(type, params), pageCount);
  await extension.search('warm');
  const page = await context.newPage();
  const nothing = await measure(page, `chrome-extension://${other}/popup.html`, false);
  const ours = await measure(page, extension.url('/popup.html'), true);
  const line = (name: string, mine: readonly number[], theirs: readonly number[]) => {
    const [half, most, base] = [quantile(mine, 0.5), quantile(mine, 0.95), quantile(theirs, 0.5)];
    const cells = [half, most, base].map((ms) => ms.toFixed(1).padStart(9));
    console.log(`${name.padEnd(30)}${cells.join('')}${(half / base).toFixed(2).padStart(8)}`);
  };
  console.log(
    `${pageCount} pages, load average ${loadavg()[0]?.toFixed(1)} at the end; milliseconds\n`,
  );
  console.log(
    `${''.padEnd(30)}${['p50', 'p95', 'empty'].map((name) => name.padStart(9)).join('')}   ratio`,
  );
  line('first paint', ours.paints, nothing.paints);
  line('keystroke to results painted', ours.keys, nothing.keys);
  const cells = (...values: readonly number[]) =>
    values.map((ms) => ms.toFixed(1).padStart(9)).join('');
  const waited = cells(quantile(ours.waits, 0.5), quantile(ours.waits, 0.95));
  console.log(`${'of that, for the answer'.padEnd(30)}${waited}`);
  console.log('\nin the popup itself, a keystroke in the mean');
  for (const kind of spentOn) {
    const each = (of: typeof ours) => of.own[kind] / of.keys.length;
    console.log(`${kind.padEnd(30)}${cells(each(ours))}${''.padEnd(9)}${cells(each(nothing))}`);
  }
} finally {
  await context.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
}
