import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { buildWithSites, chromeBuild } from '../lib/chromium.ts';
import type { Extension } from '../lib/extension.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import type { SiteServer } from '../lib/site-server.ts';
import { expect, test } from './fixtures.ts';

const html = { 'content-type': 'text/html' };
const noStore = { ...html, 'cache-control': 'private, no-store' };

/**
 * Reads an ordinary page that asks not to be kept, and one whose address is a little private, which
 * asks for the same.
 */
async function readTwo(extension: Extension, server: SiteServer) {
  const serve = (path: string, body: string) =>
    server.serve(path, () => ({ headers: noStore, body }));
  const bees = serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const orders = serve('/account/orders', articleHtml('Four minutes', watchParagraphs));
  const tab = await extension.context.newPage();
  await extension.readPage(bees, tab);
  await tab.goto(orders);
  return { bees, orders, tab };
}

const heldUrls = async (extension: Extension): Promise<readonly string[]> =>
  (await extension.ask('page-background:held-pages', null)).map(({ url }) => url);

const switchOf = (page: Page) =>
  page.getByRole('checkbox', { name: 'Notice pages that ask not to be kept' });

test('a page that asks in its headers not to be kept is held if it has another sign', async ({
  session,
  server,
}) => {
  session.build = await buildWithSites(join(session.profile, 'build'), ['webRequest']);
  const extension = await session.start();
  const { bees, orders, tab } = await readTwo(extension, server);
  await expect.poll(() => heldUrls(extension)).toEqual([orders]);
  const held = await extension.ask('page-background:held-pages', null);
  expect(held.map(({ reasons }) => reasons)).toEqual([['account-address', 'not-archived']]);
  expect((await extension.recentPages()).map(({ url }) => url)).toEqual([bees]);

  // The same address without the header, in the same tab, is an ordinary page.
  const plain = server.serve('/account/orders', articleHtml('Four minutes', watchParagraphs));
  for (const { key } of held) {
    await extension.ask('page-background:decide-held', { key, decision: 'once' });
  }
  await expect.poll(() => extension.isStored(plain)).toBe(true);
  await extension.ask('page-engine:forget', { by: 'everything' });
  await extension.readPage(plain, tab);
  expect(await heldUrls(extension)).toEqual([]);
});

test('headers are not seen unless the person has them seen, and not after it is switched off', async ({
  session,
  server,
}) => {
  // What was granted once stays so when it is optional in the package that takes its place.
  session.build = await buildWithSites(join(session.profile, 'build'), ['webRequest']);
  await session.start();
  await session.stop();
  await copyFile(join(chromeBuild, 'manifest.json'), join(session.build, 'manifest.json'));
  const extension = await session.start();
  const { orders, tab } = await readTwo(extension, server);
  await expect.poll(() => heldUrls(extension)).toEqual([orders]);

  const options = await extension.context.newPage();
  await options.goto(extension.url('/options.html'));
  await expect(switchOf(options)).toBeChecked();
  await switchOf(options).click();
  await expect(switchOf(options)).not.toBeChecked();
  await extension.ask('page-engine:forget', { by: 'everything' });
  await tab.bringToFront();
  await extension.readPage(orders, tab);
  expect(await heldUrls(extension)).toEqual([]);
});
