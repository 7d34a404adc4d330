import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Firefox } from '../lib/firefox.ts';
import { routedHtml, routesFrom } from '../lib/routed-page.ts';
import { siteFolder } from '../lib/samples.ts';
import { SiteServer } from '../lib/site-server.ts';

let server: SiteServer;
let profile: string;
let firefox: Firefox;

beforeEach(async () => {
  server = await SiteServer.start(siteFolder);
  profile = await mkdtemp(join(tmpdir(), 'dejalu-firefox-'));
  firefox = await Firefox.start(profile, server.port);
});

afterEach(async () => {
  // Told to close, the driver waits for ever for a tab that was discarded.
  await firefox.kill();
  await server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  expect(server.foreignRequests(), 'requests to another host').toEqual([]);
});

const storedUrls = async () =>
  (await firefox.ask('page-engine:recent-pages', { limit: 50 })).map((page) => page.url);

test('each address that a page takes without a load becomes its own page', async () => {
  const url = server.serve('/routed.html', routedHtml());
  const tab = await firefox.openTab();
  await firefox.readPage(url, tab);
  for (const { how, address, text, script } of routesFrom(url)) {
    const since = Date.now();
    await tab.evaluate(script);
    const { id } = await firefox.waitUntilStored(address, since);
    const stored = await firefox.ask('page-engine:stored-page', { id });
    expect(stored?.passages.map((passage) => passage.text).join('\n'), how).toContain(text);
  }
  // The one that was gone back to is no second page.
  expect(await storedUrls()).toHaveLength(4);
});

test('a tab discarded before it was looked at is read when it is', async () => {
  const bees = server.serve('/bees.html', routedHtml());
  const id = await firefox.openBehind(bees);
  await firefox.discard(id);
  expect((await firefox.ask('page-background:current-page-state', { tabId: id })).state).toEqual({
    state: 'not-readable',
    reason: 'asleep',
    privateReasons: [],
  });
  expect(await firefox.ask('page-background:capture-now', { tabId: id })).toBe(false);
  expect(await storedUrls()).toEqual([]);
  await firefox.bringToFront(id);
  await expect.poll(storedUrls, { timeout: 30_000 }).toEqual([bees]);
});
