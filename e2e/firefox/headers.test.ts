import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Firefox, firefoxBuild } from '../lib/firefox.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { siteFolder } from '../lib/samples.ts';
import { SiteServer } from '../lib/site-server.ts';

let server: SiteServer;
let work: string;
let firefox: Firefox;

/** The build with `webRequest` granted: the browser's own question cannot be answered by a test. */
async function buildThatSeesHeaders(folder: string): Promise<string> {
  await cp(firefoxBuild, folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  manifest.permissions.push('webRequest');
  manifest.optional_permissions = ['history', 'bookmarks'];
  await writeFile(file, JSON.stringify(manifest));
  return folder;
}

beforeEach(async () => {
  server = await SiteServer.start(siteFolder);
  work = await mkdtemp(join(tmpdir(), 'dejalu-firefox-'));
  const build = await buildThatSeesHeaders(join(work, 'build'));
  firefox = await Firefox.start(await mkdtemp(join(work, 'profile-')), server.port, build);
});

afterEach(async () => {
  await firefox.stop();
  await server.close();
  await rm(work, { recursive: true, force: true, maxRetries: 3 });
  expect(server.foreignRequests(), 'requests to another host').toEqual([]);
});

test('a page that asks in its headers not to be kept is held if it has another sign', async () => {
  const headers = { 'content-type': 'text/html', 'cache-control': 'private, no-store' };
  const serve = (path: string, body: string) => server.serve(path, () => ({ headers, body }));
  const bees = serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const orders = serve('/account/orders', articleHtml('Four minutes', watchParagraphs));
  const tab = await firefox.openTab();
  await firefox.readPage(bees, tab);
  await tab.goTo(orders);
  const held = async () =>
    (await firefox.ask('page-background:held-pages', null)).map(({ url, reasons }) => ({
      url,
      reasons,
    }));
  await expect
    .poll(held, { timeout: 30_000 })
    .toEqual([{ url: orders, reasons: ['account-address', 'not-archived'] }]);
  expect(await firefox.searchUrls('four minutes')).toEqual([bees]);
});
