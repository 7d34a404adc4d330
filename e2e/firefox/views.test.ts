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

const views = [
  { name: 'popup', path: '/popup.html', shows: '[role=option]' },
  { name: 'side panel', path: '/sidepanel.html', shows: '[role=option]' },
  { name: 'search page', path: '/search.html?q=bread+with+yeast', shows: '[role=option] mark' },
  { name: 'map', path: '/map.html', shows: '[role=application]' },
  { name: 'options', path: '/options.html', shows: '#charts .plot' },
  { name: 'welcome', path: '/welcome.html', shows: '.welcome h1' },
] as const;

describe.each(views)('$name', ({ path, shows }) => {
  test('shows 3,000 pages, has no accessibility problem and needs no sideways scrolling', async () => {
    await tab.goToExtension(firefox.url(path));
    await tab.waitFor(`document.querySelector(${JSON.stringify(shows)})`, 40_000);
    expect(await accessibilityProblemsIn(tab)).toEqual([]);
    expect(await tab.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(
      true,
    );
  });
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
