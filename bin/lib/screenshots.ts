/**
 * Takes a picture of every view, light and dark, in English and Korean, at popup, panel and full
 * size, with the sample pages read: `npm run screenshots`. They are left in `.output/screenshots`;
 * `--docs` also renews those of docs/, `--only popup,options` takes those views alone.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { launchChromium } from '../../e2e/lib/chromium.ts';
import { Extension } from '../../e2e/lib/extension.ts';
import { articleHtml, beeParagraphs } from '../../e2e/lib/page-text.ts';
import { siteFolder } from '../../e2e/lib/samples.ts';
import { SiteServer } from '../../e2e/lib/site-server.ts';

const folder = join('.output', 'screenshots');
const docsFolder = join('docs', 'screenshots');

interface View {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** What the browser has to do before, once for all looks; may give the path of the view. */
  readonly before?: (extension: Extension) => Promise<string | undefined>;
  /** The whole page, however long. */
  readonly isWhole?: boolean;
  /** Only this part of the page. */
  readonly part?: string;
}

const hit = (page: Page) => page.getByRole('option').first().waitFor();
const ask = (query: string) => async (page: Page) => {
  await page.getByRole('combobox').fill(query);
  await page.locator(`[data-query="${query}"][data-state=ready]`).waitFor();
};
const idea = 'slow overnight rail journey into the land of midnight sun';

const views: readonly View[] = [
  { name: 'popup-recent', path: '/popup.html', width: 400, height: 600, prepare: hit },
  { name: 'popup', path: '/popup.html', width: 400, height: 600, prepare: ask(idea) },
  {
    name: 'popup-korean-query',
    path: '/popup.html',
    width: 400,
    height: 600,
    prepare: ask('겨울 동안 꽁꽁 얼었다가 봄에 다시 살아나는 동물 이야기'),
  },
  {
    name: 'popup-problem',
    path: '/popup.html',
    width: 400,
    height: 600,
    prepare: ask('frog type:poem'),
  },
  {
    name: 'popup-completion',
    path: '/popup.html',
    width: 400,
    height: 600,
    async prepare(page) {
      await page.getByRole('combobox').fill('frog type:');
      await page.locator('.completions').waitFor();
    },
  },
  {
    name: 'popup-met',
    path: '/popup.html',
    width: 400,
    height: 600,
    async prepare(page) {
      await ask(idea)(page);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await page.locator('.row-met').waitFor();
    },
  },
  { name: 'panel', path: '/sidepanel.html', width: 320, height: 800, prepare: ask(idea) },
  {
    name: 'search',
    path: `/search.html?q=${encodeURIComponent(idea)}`,
    width: 1440,
    height: 900,
    prepare: hit,
  },
  {
    name: 'search-reader',
    path: `/search.html?q=${encodeURIComponent(idea)}`,
    width: 1440,
    height: 900,
    async prepare(page) {
      await hit(page);
      await page.keyboard.press('Alt+r');
      await page.locator('.passage').first().waitFor();
    },
  },
  {
    name: 'search-passages',
    path: '/search.html?q=frog',
    width: 1440,
    height: 900,
    async prepare(page) {
      await hit(page);
      await page.keyboard.press('Alt+m');
      await page.locator('.row.folded').first().waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  {
    name: 'search-steered',
    path: '/search.html?q=frog',
    width: 1000,
    height: 900,
    async prepare(page) {
      await hit(page);
      await page.keyboard.press('Alt+=');
      await page.locator('.chips').waitFor();
      await page.mouse.move(500, 300);
      await page.mouse.move(505, 305);
    },
  },
  {
    name: 'map',
    path: '/map.html',
    width: 1280,
    height: 800,
    prepare: (page) => page.getByRole('application').waitFor({ timeout: 30_000 }),
  },
  {
    name: 'popup-keys',
    path: '/popup.html',
    width: 400,
    height: 600,
    async prepare(page) {
      await hit(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'search-narrow', path: '/search.html?q=frog', width: 400, height: 800, prepare: hit },
  {
    name: 'options',
    path: '/options.html',
    width: 1100,
    height: 900,
    isWhole: true,
    async prepare(page) {
      await page.locator('#charts .plot >> nth=2').waitFor();
      await page.locator('#health .button').first().click();
      await page.locator('#health strong').waitFor();
      await page.evaluate(() => scrollTo(0, 0)); // the sections' list stays at the top
    },
  },
  { name: 'options-narrow', path: '/options.html', width: 400, height: 800, isWhole: true },
  { name: 'tray', path: '/options.html', width: 900, height: 900, part: '#private' },
  { name: 'rules', path: '/options.html', width: 900, height: 900, part: '#rules' },
  { name: 'keys', path: '/options.html', width: 900, height: 900, part: '#shortcuts' },
  { name: 'sync', path: '/options.html', width: 900, height: 900, part: '#sync' },
  {
    name: 'health',
    path: '/options.html',
    width: 900,
    height: 900,
    part: '#health',
    async prepare(page) {
      await page.locator('#health .button').first().click();
      await page.locator('#health strong').waitFor();
    },
  },
  {
    name: 'popup-held',
    path: '/popup.html',
    width: 400,
    height: 600,
    async prepare(page) {
      await hit(page);
      await page.locator('.menu button[aria-haspopup]').first().click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'welcome-trying',
    path: '/welcome.html',
    width: 900,
    height: 900,
    isWhole: true,
    async prepare(page) {
      await page.locator('.try button').first().click();
      await page.locator('.try-ideas button').first().click();
      await page.locator('.try-hits li').first().waitFor();
    },
  },
  { name: 'welcome', path: '/welcome.html', width: 900, height: 900, isWhole: true },
  {
    name: 'popup-changed',
    path: '/popup.html',
    width: 400,
    height: 600,
    async before(extension) {
      await openChanged(extension);
      return undefined;
    },
    prepare: (page) => page.locator('.notice.quiet').waitFor(),
  },
  {
    name: 'search-changed',
    path: '/search.html',
    width: 1440,
    height: 900,
    before: async (extension) => `/search.html?opened=${await openChanged(extension)}`,
    prepare: (page) => page.locator('.passage.found').waitFor(),
  },
];

/** Pictures that the README shows, by the name they have there. */
const shown: Readonly<Record<string, string>> = {
  'popup-en-light': 'popup-light',
  'popup-en-dark': 'popup-dark',
  'popup-korean-query-ko-light': 'popup-korean',
  'search-reader-en-light': 'search-light',
  'search-reader-en-dark': 'search-dark',
  'options-en-light': 'options-light',
  'welcome-en-light': 'welcome-light',
  'tray-en-light': 'tray-light',
  'tray-en-dark': 'tray-dark',
  'rules-en-light': 'rules-light',
  'rules-en-dark': 'rules-dark',
};

/** A page for the tray, and rules of the person's own. */
async function holdAndRule(extension: Extension): Promise<void> {
  const rules = [
    { pattern: 'diary.example', action: 'never' },
    { pattern: 'wiki.example/drafts', action: 'title-only' },
    { pattern: 'bank.example/magazine', action: 'index' },
  ] as const;
  await extension.ask('page-background:set-settings', { rules });
  const held = server.serve(
    '/home',
    '<title>Your account</title><main><p>Everyday account 4,210.55. Holiday savings 1,300.00. Yesterday: card purchase bakery 6.20, salary 2,480.00 arrived, gas bill 71.30 paid. Send money, see all activity.</main>',
  );
  const tab = await context.newPage();
  await tab.goto(held);
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await extension.ask('page-background:held-pages', null)).length > 0) return;
    await tab.waitForTimeout(100);
  }
  throw new Error('The page for the tray was not held back');
}

/** Opens a page where something was found in it that was changed since; the tab. */
async function openChanged(extension: Extension): Promise<number> {
  const [first = '', ...others] = beeParagraphs;
  let shown: readonly string[] = beeParagraphs;
  const url = server.serve('/bees.html', () => articleHtml('Nineteen jars', shown));
  const { id } = await extension.readPage(url);
  shown = ['The owner has sold the building, and the hives must leave by spring.', ...others];
  const found = { id, index: 0, text: first };
  await extension.ask('page-background:open-page', { url, place: 'new-tab', found });
  for (let tries = 0; tries < 100; tries += 1) {
    const opened = await extension.ask('page-background:opened-page', null);
    if (opened !== null) return opened.tabId;
    await extension.desk.waitForTimeout(100);
  }
  throw new Error('Nobody noticed that the page has changed');
}

const { values } = parseArgs({
  options: { docs: { type: 'boolean' }, only: { type: 'string', default: '' } },
});
const profile = mkdtempSync(join(tmpdir(), 'dejalu-screenshots-'));
const server = await SiteServer.start(siteFolder);
const context = await launchChromium({ profile, proxyPort: server.port });
mkdirSync(folder, { recursive: true });
try {
  const extension = await Extension.attach(context);
  await extension.useShortDwell();
  for (const problem of await extension.readSamples(server, () => {})) console.error(problem);
  await holdAndRule(extension);
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const only = values.only.split(',').filter(Boolean);
  for (const view of views.filter(({ name }) => only.length === 0 || only.includes(name))) {
    await page.setViewportSize({ width: view.width, height: view.height });
    const path = (await view.before?.(extension)) ?? view.path;
    await page.bringToFront();
    for (const lang of ['en', 'ko'] as const) {
      await page.goto(extension.url('/welcome.html'));
      await page.evaluate((chosen) => {
        localStorage.setItem('appearance', JSON.stringify({ theme: 'system', lang: chosen }));
      }, lang);
      await page.goto(extension.url(path));
      await view.prepare?.(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(150);
        const name = `${view.name}-${lang}-${colorScheme}`;
        const picture = join(folder, `${name}.png`);
        if (view.part !== undefined) await page.locator(view.part).screenshot({ path: picture });
        else await page.screenshot({ path: picture, fullPage: view.isWhole === true });
        const wanted = shown[name];
        if (values.docs === true && wanted !== undefined) {
          copyFileSync(picture, join(docsFolder, `${wanted}.png`));
        }
      }
    }
  }
  console.log(`pictures: ${folder}/`);
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}
