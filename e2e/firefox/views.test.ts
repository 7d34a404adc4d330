import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblemsIn } from '../lib/accessibility.ts';
import type { BidiTab } from '../lib/bidi.ts';
import { Firefox } from '../lib/firefox.ts';
import { loadMadePages } from '../lib/made-pages.ts';
import { siteFolder } from '../lib/samples.ts';
import { SiteServer } from '../lib/site-server.ts';

/** Keys by their WebDriver codes. */
const keys = { enter: '\uE007', down: '\uE015', escape: '\uE00C' };

let server: SiteServer;
let profile: string;
let firefox: Firefox;
let tab: BidiTab;

beforeAll(async () => {
  server = await SiteServer.start(siteFolder);
  profile = await mkdtemp(join(tmpdir(), 'dejalu-firefox-'));
  firefox = await Firefox.start(profile, server.port);
  await loadMadePages((type, params) => firefox.ask(type, params), 3_000);
  tab = await firefox.openTab();
}, 120_000);

afterAll(async () => {
  await firefox.stop();
  await server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  expect(server.foreignRequests(), 'requests to another host').toEqual([]);
});

interface View {
  readonly name: string;
  readonly path: string;
  /** What is there once the view is. */
  readonly shows: string;
  /** Brings it into a state; waits until it is. */
  readonly prepare?: () => Promise<unknown>;
}

const there = (selector: string, timeoutMs?: number) =>
  tab.waitFor(`document.querySelector(${JSON.stringify(selector)})`, timeoutMs);
const click = (selector: string) =>
  tab.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);

const views: readonly View[] = [
  { name: 'popup', path: '/popup.html', shows: '[role=option]' },
  {
    name: 'popup, results with a menu and a problem',
    path: '/popup.html',
    shows: '[role=option]',
    async prepare() {
      await tab.type('bread that rises before:soon');
      await there('.problems');
      await there('[role=option] mark');
      await tab.type(keys.down); // what words of near meaning met is told
      await click('.menu:last-child .icon-button');
      await there('[role=menu]');
    },
  },
  {
    name: 'popup, keys',
    path: '/popup.html',
    shows: '[role=option]',
    async prepare() {
      await tab.type('?');
      await there('dialog[open]');
    },
  },
  {
    name: 'popup, nothing found',
    path: '/popup.html',
    shows: '[role=option]',
    async prepare() {
      await tab.type('"no such words anywhere"');
      await there('.notice.page');
    },
  },
  { name: 'side panel', path: '/sidepanel.html', shows: '[role=option]' },
  {
    name: 'search page, the stored text and what steers',
    path: '/search.html?q=bread+with+yeast',
    shows: '[role=option] mark',
    async prepare() {
      await tab.evaluate(`document.querySelector('[role=listbox]').focus()`);
      await tab.type('+');
      await there('.chips');
      await there('[role=option] mark');
      await tab.type('r');
      await there('.passage');
    },
  },
  {
    name: 'map, its topics',
    path: '/map.html',
    shows: '[role=application]',
    prepare: () => click('.topics summary'),
  },
  {
    name: 'options, everything unfolded',
    path: '/options.html',
    shows: '#charts .plot',
    prepare: () =>
      tab.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`),
  },
  { name: 'welcome', path: '/welcome.html', shows: '.welcome h1' },
];

describe.each(views)('$name', ({ path, shows, prepare }) => {
  test.each(['light', 'dark'])(
    'shows 3,000 pages in %s, has no accessibility problem and needs no sideways scrolling',
    async (theme) => {
      // A page of the extension that runs nothing; from the same address nothing would be loaded anew.
      await tab.goToExtension(firefox.url('/manifest.json'));
      await tab.evaluate(
        `localStorage.setItem('appearance', ${JSON.stringify(JSON.stringify({ theme, lang: 'en' }))})`,
      );
      await tab.goToExtension(firefox.url(path));
      await there(shows, 40_000);
      await prepare?.();
      expect(await tab.evaluate('document.documentElement.dataset.theme')).toBe(theme);
      // Colours on their way from one state to the next are not colours of the view.
      await tab.waitFor(
        `document.getAnimations().every(({ playState }) => playState !== 'running')`,
      );
      expect(await accessibilityProblemsIn(tab)).toEqual([]);
      expect(await tab.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(
        true,
      );
    },
  );
});

test('the popup is driven by keyboard alone', async () => {
  await tab.goToExtension(firefox.url('/popup.html'));
  await tab.waitFor(`document.querySelectorAll('[role=option]').length > 2`);
  const chosen = `document.querySelector('[role=option][aria-selected=true]')?.dataset.rank`;
  await tab.type(keys.down);
  await tab.waitFor(`${chosen} === '2'`);
  await tab.type('bees and the queen');
  await tab.waitFor(
    `document.querySelector('[data-query="bees and the queen"][data-state=ready]')`,
  );
  await tab.waitFor(`${chosen} === '1'`);
  await tab.type(keys.escape);
  await tab.waitFor(`document.querySelector('#search-input').value === ''`);
  await tab.type('?');
  await tab.waitFor(`document.querySelector('dialog[open]')`);
  await tab.type(keys.escape);
  await tab.waitFor(`document.querySelector('dialog[open]') === null`);
});

test('the search page opens more passages and steers by keyboard; its address holds the list', async () => {
  await tab.goToExtension(firefox.url('/search.html?q=bread+with+yeast'));
  await tab.waitFor(`document.querySelector('[role=option]')`);
  await tab.evaluate(`document.querySelector('[role=listbox]').focus()`);
  await tab.type('+');
  await tab.waitFor(`document.querySelector('.chips')`);
  await tab.waitFor(`new URLSearchParams(location.search).has('like')`);
  await tab.evaluate(`document.querySelector('.chips button').focus()`);
  await tab.type(keys.enter);
  await tab.waitFor(`!new URLSearchParams(location.search).has('like')`);
});
