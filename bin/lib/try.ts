import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../e2e/lib/chromium.ts';
import { Extension } from '../../e2e/lib/extension.ts';
import type { Popup } from '../../e2e/lib/popup.ts';
import {
  acceptedPaths,
  readablePages,
  readSampleQueries,
  repositoryRoot,
  type SampleQuery,
  siteFolder,
} from '../../e2e/lib/samples.ts';
import { SiteServer } from '../../e2e/lib/site-server.ts';
import { defaultSettings } from '../../src/core/page/settings.ts';
import {
  type Answer,
  formatDocs,
  formatSummary,
  formatTable,
  isFoundEarly,
  neededShare,
} from './answers.ts';

const screenshotFolder = join('.output', 'try');
const say = (line: string) => console.log(`\x1b[2m[try]\x1b[0m ${line}`);

/** How long each page stays in sight before the next one is opened, at least. */
const dwellMs = 300;

function fail(message: string): never {
  console.error(`[try] error: ${message}`);
  process.exit(1);
}

function build(): void {
  say('building the extension for Chrome');
  const { status } = spawnSync('wxt', ['build', '-b', 'chrome'], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) fail('the build failed; "npm run build" shows all it says');
}

async function askQueries(
  popup: Popup,
  server: SiteServer,
  queries: readonly SampleQuery[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const sample of queries) {
    const { hits, tookMs } = await popup.search(sample.query);
    const paths = hits.map((hit) => hit.url.replace(server.origin, '').replace(/#.*$/, ''));
    const accepted = acceptedPaths(sample);
    const rank = paths.findIndex((path) => accepted.has(path)) + 1;
    const { query, kind, page } = sample;
    answers.push({ query, kind, page, found: paths[0] ?? '', rank, tookMs });
    if (answers.length % 50 === 0) say(`asked ${answers.length} of ${queries.length} queries`);
  }
  return answers;
}

/** What the pictures show being asked: a page by an idea, in its own language and in another. */
const pictured = {
  vague: 'zesty citrus sponge from grieving widower',
  korean: '겨울 동안 꽁꽁 얼었다가 봄에 다시 살아나는 동물 이야기',
};

async function takeScreenshots(popup: Popup): Promise<void> {
  const { page } = popup;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [name, query] of [
      ['recent', ''],
      ['vague', pictured.vague],
      ['korean', pictured.korean],
    ] as const) {
      if (query === '') await popup.box.fill('');
      else await popup.search(query);
      await page.waitForTimeout(250); // motion settles
      await page.screenshot({ path: join(screenshotFolder, `popup-${name}-${colorScheme}.png`) });
    }
  }
}

/** What the README shows: the whole table, and the popup in English and in Korean. */
function writeDocs(answers: readonly Answer[]): void {
  writeFileSync(join('docs', 'sample-queries.md'), formatDocs(answers));
  for (const [from, to] of [
    ['popup-vague-light', 'try-english'],
    ['popup-korean-dark', 'try-korean'],
  ]) {
    copyFileSync(join(screenshotFolder, `${from}.png`), join('docs', 'screenshots', `${to}.png`));
  }
  say('wrote docs/sample-queries.md and its two screenshots');
}

/** Starts the same profile again as a person's browser: its window's size, and the whole web. */
async function leaveOpen(profile: string, server: SiteServer): Promise<void> {
  const viewport = null;
  const context = await launchChromium({ profile, proxyPort: null, isHeaded: true, viewport });
  const extension = await Extension.attach(context);
  await extension.ask('page-background:set-settings', { dwellMs: defaultSettings.dwellMs });
  const [first = await context.newPage(), ...others] = context.pages();
  await first.goto(server.url('/'));
  const welcome = await context.newPage();
  await welcome.goto(extension.url('/welcome.html'));
  await Promise.all(others.map((page) => page.close()));
  say('the browser stays open with the pages read: ask the popup (Ctrl or Command+Shift+Y, or');
  say('the puzzle piece in the toolbar), or read on; close it, or press Ctrl+C here, to end');
  await new Promise((resolve) => context.once('close', resolve));
}

async function run(isHeaded: boolean, writesDocs: boolean): Promise<number> {
  rmSync(screenshotFolder, { recursive: true, force: true });
  mkdirSync(screenshotFolder, { recursive: true });
  const profile = mkdtempSync(join(tmpdir(), 'dejalu-try-'));
  const server = await SiteServer.start(siteFolder);
  say(`the sample site is at ${server.origin}`);
  const context = await launchChromium({ profile, proxyPort: server.port, isHeaded });
  try {
    say('waiting for the extension and its engine');
    const extension = await Extension.attach(context);
    await extension.ask('page-background:set-settings', { dwellMs });
    say(`reading ${readablePages().length + 1} sample pages`);
    const problems = await extension.readSamples(server, (count) => {
      if (count % 10 === 0) say(`read ${count} pages`);
    });
    for (const problem of problems) console.error(`[try] ${problem}`);
    const popup = await extension.openPopup();
    const queries = readSampleQueries();
    say(`asking ${queries.length} queries in the popup`);
    const answers = await askQueries(popup, server, queries);
    await takeScreenshots(popup);
    writeFileSync(join(screenshotFolder, 'answers.json'), `${JSON.stringify(answers, null, 1)}\n`);
    console.log(`\n${formatTable(answers)}\n\n${formatSummary(answers)}`);
    const foreign = server.foreignRequests();
    console.log(`\nrequests to other hosts: ${foreign.length}`);
    for (const request of foreign.slice(0, 10)) console.log(`  ${request}`);
    console.log(`screenshots: ${screenshotFolder}/`);
    if (writesDocs) writeDocs(answers);
    if (isHeaded) {
      await context.close();
      await leaveOpen(profile, server);
    }
    const asked = answers.filter((answer) => answer.page !== null);
    const share = asked.filter(isFoundEarly).length / asked.length;
    return share >= neededShare && problems.length + foreign.length === 0 ? 0 : 1;
  } finally {
    await context.close().catch(() => {}); // the person may have closed it
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

const { values } = parseArgs({
  options: {
    headed: { type: 'boolean' },
    'skip-build': { type: 'boolean' },
    'write-docs': { type: 'boolean' },
  },
});
const isHeaded = values.headed === true;
const hasScreen =
  process.platform === 'darwin' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
if (isHeaded && !hasScreen) {
  fail('--headed needs a screen, and neither DISPLAY nor WAYLAND_DISPLAY is set; try without it');
}
if (values['skip-build'] !== true) build();
try {
  process.exitCode = await run(isHeaded, values['write-docs'] === true);
} catch (thrown) {
  fail(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
}
