import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { readSamplePages } from '../lib/samples.ts';
import { expect, test } from './fixtures.ts';

/** Long enough for a page to be read with the dwell time of these tests, several times over. */
const wellOverDwellMs = 2_500;

const ownMessages: readonly [string, unknown][] = [
  ['page-engine:search', { query: 'bees', limit: 5 }],
  ['page-engine:recent-pages', { limit: 5 }],
  ['page-engine:stored-page', { id: 1 }],
  ['page-engine:forget', { by: 'everything' }],
  ['page-background:set-settings', { dwellMs: 0 }],
  ['page-background:get-settings', null],
];

test('a page in an incognito window is not stored', async ({ extension, server }) => {
  const secret = server.serve('/secret.html', articleHtml('A secret', beeParagraphs));
  const open = server.serve('/open.html', articleHtml('No secret', beeParagraphs));
  await extension.openIncognitoWindow(secret);
  await expect.poll(() => server.requests.some(({ url }) => url === '/secret.html')).toBe(true);
  await extension.readPage(open);
  await new Promise((resolve) => setTimeout(resolve, wellOverDwellMs));
  expect((await extension.recentPages()).map((page) => page.url)).toEqual([open]);
});

test('sample pages that are private are not stored', async ({ extension, server }) => {
  const tab = await extension.context.newPage();
  const paths = readSamplePages().flatMap((page) => (page.private === true ? [page.path] : []));
  expect(paths.length).toBeGreaterThanOrEqual(3);
  for (const path of paths) {
    await tab.goto(server.url(path));
    await tab.bringToFront();
    await new Promise((resolve) => setTimeout(resolve, wellOverDwellMs));
  }
  expect(await extension.recentPages()).toEqual([]);
});

test('a content script can offer its page and nothing else', async ({ extension, server }) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const tab = await extension.context.newPage();
  await extension.readPage(url, tab);
  for (const [type, params] of ownMessages) {
    for (const to of ['background', 'host']) {
      const reply = await extension.sendFromContentScript(tab, { v: 1, to, type, params });
      // The host does not even listen in the browsers where the background relays to it.
      if (reply === null || reply === undefined) expect(to).toBe('host');
      else expect(reply).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
    }
  }
  expect(await extension.isStored(url)).toBe(true);
});

test('a web page cannot talk to the extension at all', async ({ extension, server }) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const tab = await extension.context.newPage();
  await extension.readPage(url, tab);
  const outcome = await tab.evaluate(async (id) => {
    const { chrome } = globalThis as unknown as {
      chrome?: { runtime?: { sendMessage(id: string, message: unknown): Promise<unknown> } };
    };
    if (chrome?.runtime?.sendMessage === undefined) return 'no way to ask';
    return chrome.runtime.sendMessage(id, { v: 1, to: 'background' }).then(String, String);
  }, extension.id);
  expect(outcome).toBe('no way to ask');
});

test('messages of a wrong shape get a typed error and harm nothing', async ({
  extension,
  server,
}) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  await extension.readPage(url);
  const wrong: readonly [string, unknown][] = [
    ['page-engine:search', null],
    ['page-engine:search', { query: 7, limit: 5 }],
    ['page-engine:search', { query: 'bees', limit: -1 }],
    ['page-engine:search', { query: 'bees', limit: 1e9 }],
    ['page-engine:stored-page', { id: 'one' }],
    ['page-engine:forget', { by: 'nothing' }],
    ['page-engine:forget', {}],
    ['page-background:set-settings', { dwellMs: -5 }],
    ['page-background:set-settings', { noSuchSetting: 1 }],
  ];
  for (const [type, params] of wrong) {
    const reply = await extension.sendRaw({ v: 1, to: 'background', type, params });
    expect(reply, JSON.stringify([type, params])).toMatchObject({
      ok: false,
      error: { code: 'bad-request' },
    });
  }
  const unknown = { v: 1, to: 'background', type: 'page-engine:constructor', params: null };
  expect(await extension.sendRaw(unknown)).toMatchObject({ error: { code: 'unknown-message' } });
  expect(await extension.searchUrls('honey')).toEqual([url]);
});

test('the toolbar icon says what became of the page', async ({ extension, server }) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const login = server.serve(
    '/account/login',
    '<title>Sign in</title><form><input name="user"><input type="password"></form>',
  );
  const other = server.serve('/watch.html', articleHtml('Four minutes', watchParagraphs));
  const tab = await extension.context.newPage();
  const title = () =>
    extension.desk.evaluate(async () => {
      const { chrome } = globalThis as unknown as {
        chrome: {
          tabs: { query(of: object): Promise<{ id: number }[]> };
          action: { getTitle(of: object): Promise<string> };
        };
      };
      const [front] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
      return front === undefined ? 'no tab' : chrome.action.getTitle({ tabId: front.id });
    });
  await extension.readPage(url, tab);
  await expect.poll(title).toBe('Dejalu: this page is kept');
  // When it is opened again it says so at once, long before it would be read again.
  await extension.ask('page-background:set-settings', { dwellMs: 600_000 });
  await tab.reload();
  await expect.poll(title).toBe('Dejalu: this page is kept');
  await tab.goto(other);
  await expect.poll(title).toBe('Dejalu');
  await extension.useShortDwell();
  await tab.goto(login);
  await expect.poll(title).toMatch(/is not read|is held back/);
  await extension.ask('page-background:set-pause', { choice: 'for-good' });
  await tab.goto(url);
  await expect.poll(title).toBe('Dejalu: reading is paused');
  await extension.ask('page-background:set-pause', { choice: 'none' });
  await extension.ask('page-background:exclude-site', {
    url,
    scope: 'site',
    action: 'never',
    alsoForget: true,
  });
  await tab.reload();
  await expect.poll(title).toMatch(/is not read/);
});

test('of a page that a rule wants by title only, the title is found and no text is stored', async ({
  extension,
  server,
}) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  await extension.ask('page-background:exclude-site', {
    url,
    scope: 'path',
    action: 'title-only',
    alsoForget: false,
  });
  const { id } = await extension.readPage(url);
  expect(await extension.storedText(id)).toBe('Nineteen jars');
  expect(await extension.searchUrls('nineteen jars')).toEqual([url]);
});
