import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Firefox } from '../lib/firefox.ts';
import { loadMadePages } from '../lib/made-pages.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { siteFolder } from '../lib/samples.ts';
import { SiteServer } from '../lib/site-server.ts';

const beeQuery = 'apiary on top of an office block in the city';

let server: SiteServer;
let profile: string;
let firefox: Firefox;

beforeEach(async () => {
  server = await SiteServer.start(siteFolder);
  profile = await mkdtemp(join(tmpdir(), 'dejalu-firefox-'));
  firefox = await Firefox.start(profile, server.port);
});

afterEach(async () => {
  await firefox.stop();
  await server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  expect(server.foreignRequests(), 'requests to another host').toEqual([]);
});

/** Addresses of the rows of the list, once it shows the answer to `query`. */
async function askPopup(query: string): Promise<readonly string[]> {
  const popup = await firefox.openTab();
  await popup.goToExtension(firefox.url('/popup.html'));
  await popup.waitFor(`document.activeElement?.getAttribute('role') === 'combobox'`);
  await popup.type(query);
  const list = `document.querySelector('[data-query][data-state]')`;
  await popup.waitFor(
    `${list}?.dataset.query === ${JSON.stringify(query)} &&
     !['starting', 'searching', 'loading'].includes(${list}.dataset.state)`,
  );
  const urls = await popup.evaluate<readonly string[]>(
    `[...document.querySelectorAll('[role=option]')].map((option) => option.dataset.pageUrl)`,
  );
  await popup.close();
  return urls;
}

test('a page that was read is found in the popup, also after a restart', async () => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  const tab = await firefox.openTab();
  const stored = await firefox.readPage(bees, tab);
  await firefox.readPage(watch, tab);
  expect((await askPopup(beeQuery))[0]).toBe(bees);

  // The next start reads the model as this one prepares it.
  const popup = await firefox.openTab();
  await popup.goToExtension(firefox.url('/popup.html'));
  const kept = `(async () => {
    const folder = await navigator.storage.getDirectory();
    for await (const name of folder.keys()) {
      if (name.startsWith('model-')) return (await (await folder.getFileHandle(name)).getFile()).size;
    }
    return 0;
  })()`;
  await expect.poll(() => popup.evaluate(kept), { timeout: 30_000 }).toBeGreaterThan(10_000_000);
  await popup.close();

  await firefox.stop();
  firefox = await Firefox.start(profile, server.port);
  expect((await firefox.searchUrls(beeQuery))[0]).toBe(bees);
  expect((await askPopup('mainspring wristwatch'))[0]).toBe(watch);

  const { hits } = await firefox.ask('page-engine:find-similar', {
    pageId: stored.id,
    limit: 5,
  });
  expect(hits.map((hit) => hit.page.url)).not.toContain(bees);
});

test('pages that were packed into files are found after a restart, as before', async () => {
  await loadMadePages((type, params) => firefox.ask(type, params), 150);
  const restart = async () => {
    await firefox.stop();
    firefox = await Firefox.start(profile, server.port);
  };
  const found = async () =>
    (await firefox.ask('page-engine:search', { query: 'telescope', limit: 20 })).hits.map(
      ({ page }) => page.url,
    );
  const files = async () => {
    const tab = await firefox.openTab();
    await tab.goToExtension(firefox.url('/popup.html'));
    const count = await tab.evaluate<number>(`(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('segments', { create: true });
      let count = 0;
      for await (const _ of folder.keys()) count++;
      return count;
    })()`);
    await tab.close();
    return count;
  };
  const before = await found();
  expect(before.length).toBeGreaterThan(5);
  // What waits to be packed is packed at a start.
  await restart();
  await expect.poll(files, { timeout: 60_000, interval: 500 }).toBe(1);
  await restart();
  expect(await found()).toEqual(before);
  expect(await firefox.ask('page-engine:status', null)).toMatchObject({
    pageCount: 150,
    repaired: { segments: 0, pages: 0 },
  });
});

test('sample pages of several shapes are read, a login page is not', async () => {
  const tab = await firefox.openTab();
  for (const path of [
    '/components/fog-nets.html',
    '/frames/frames.html',
    '/articles/swifts.html',
  ]) {
    await firefox.readPage(server.url(path), tab);
  }
  await tab.goTo(server.url('/account/login.html'));
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const pages = await firefox.ask('page-engine:recent-pages', { limit: 50 });
  expect(pages.map((page) => new URL(page.url).pathname).sort()).toEqual([
    '/articles/swifts.html',
    '/components/fog-nets.html',
    '/frames/frames.html',
  ]);
});

test('a page that changed, is gone or cannot be reached is known in the tab that it was opened in', async () => {
  const [first = '', ...others] = beeParagraphs;
  let answer: { status?: number; body: string } = {
    body: articleHtml('Nineteen jars', beeParagraphs),
  };
  const url = server.serve('/bees.html', () => answer);
  const tab = await firefox.openTab();
  const { id } = await firefox.readPage(url, tab);
  const open = () =>
    firefox.ask('page-background:open-page', {
      url,
      place: 'new-tab',
      found: { id, index: 0, text: first },
    });
  const opened = async () => (await firefox.ask('page-background:opened-page', null))?.state;
  const told = (state: string) => expect.poll(opened, { timeout: 30_000 }).toBe(state);

  const sentence = 'The owner has sold the building, and the hives must leave by spring.';
  answer = { body: articleHtml('Nineteen jars', [sentence, ...others]) };
  await open();
  await told('changed');

  answer = { status: 404, body: articleHtml('Nothing here', ['There is no such page here.']) };
  await open();
  await told('gone');
  const stored = await firefox.ask('page-engine:stored-page', { id });
  expect(stored?.passages.map(({ text }) => text).join(' ')).toContain(sentence);

  await server.close();
  await open();
  await told('not-shown');
});

test('a page in a container that is named private is not read, in another it is', async () => {
  const secret = server.serve('/secret.html', articleHtml('Nineteen jars', beeParagraphs));
  const open = server.serve('/open.html', articleHtml('Four minutes a day', watchParagraphs));
  await firefox.openInContainer('My private things', secret);
  await expect.poll(() => server.requests.some(({ url }) => url === '/secret.html')).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await firefox.openInContainer('Shopping', open);
  const stored = async () =>
    (await firefox.ask('page-engine:recent-pages', { limit: 50 })).map((page) => page.url);
  await expect.poll(stored, { timeout: 20_000 }).toEqual([open]);
});
