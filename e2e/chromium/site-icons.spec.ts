import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { buildWithPermissions, chromeBuild } from '../lib/chromium.ts';
import type { Extension } from '../lib/extension.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import type { SiteServer } from '../lib/site-server.ts';
import { expect, test } from './fixtures.ts';

const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" fill="#f00"/></svg>';

/** Reads a page of a site with a red icon, and one of a site with none. */
async function readTwo(extension: Extension, server: SiteServer) {
  server.serve('/red.svg', () => ({ headers: { 'content-type': 'image/svg+xml' }, body: drawing }));
  const red = '<link rel="icon" type="image/svg+xml" href="/red.svg">';
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs, red));
  const none = '<link rel="icon" href="data:,">';
  const watch = server.serve('/watch.html', articleHtml('Four minutes', watchParagraphs, none));
  const tab = await extension.context.newPage();
  await extension.readPage(bees, tab);
  await extension.readPage(watch, tab);
  await tab.close();
  return { bees, watch };
}

const tileOf = (page: Page, url: string): Locator =>
  page.locator(`[role="option"][data-page-url="${url}"] .site-icon`);

/** The colour in the middle of a picture, as it was decoded. */
function middleOf(picture: Locator): Promise<readonly number[]> {
  return picture.evaluate((image) => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas?.drawImage(image as HTMLImageElement, 0, 0, 32, 32);
    return [...(canvas?.getImageData(16, 16, 1, 1).data ?? [])];
  });
}

const switchOf = (page: Page): Locator =>
  page.getByRole('checkbox', { name: 'Show the icons of sites' });

test('lists show the icons that the browser has kept, and ask no site for them', async ({
  session,
  server,
}) => {
  session.build = await buildWithPermissions(join(session.profile, 'build'), ['favicon']);
  const extension = await session.start();
  const { bees, watch } = await readTwo(extension, server);
  const page = await extension.context.newPage();
  await page.goto(extension.url('/popup.html'));
  // The browser writes an icon down some time after it has shown it.
  await expect(async () => {
    await page.reload();
    await expect(tileOf(page, bees).locator('img')).toBeVisible({ timeout: 2000 });
  }).toPass();
  expect(server.requests.map(({ url }) => url)).toContain('/red.svg');

  const before = server.requests.length;
  for (const view of ['popup', 'search', 'sidepanel']) {
    await page.goto(extension.url(`/${view}.html`));
    const picture = tileOf(page, bees).locator('img');
    await expect(picture).toBeVisible();
    expect(await middleOf(picture), view).toEqual([255, 0, 0, 255]);
    await expect(tileOf(page, bees)).toHaveText('');
    await expect(tileOf(page, watch)).toHaveText('1');
    await expect(tileOf(page, watch).locator('img')).toHaveCount(0);
    for (const url of [bees, watch]) {
      expect(await tileOf(page, url).boundingBox()).toMatchObject({ width: 18, height: 18 });
    }
  }
  expect(server.requests.slice(before)).toEqual([]);
  await page.goto(extension.url('/options.html'));
  await expect(switchOf(page)).toBeChecked();
});

test('without the permission each site has the tile with its letter', async ({
  extension,
  server,
}) => {
  const { bees, watch } = await readTwo(extension, server);
  const page = await extension.context.newPage();
  for (const view of ['popup', 'search', 'sidepanel']) {
    await page.goto(extension.url(`/${view}.html`));
    for (const url of [bees, watch]) await expect(tileOf(page, url)).toHaveText('1');
    await expect(page.locator('.site-icon img')).toHaveCount(0);
  }
  await page.goto(extension.url('/options.html'));
  await expect(switchOf(page)).not.toBeChecked();
});

test('switched off, the permission is given back and the letters are there at once', async ({
  session,
  server,
}) => {
  // What was granted once stays so when it is optional in the package that takes its place.
  session.build = await buildWithPermissions(join(session.profile, 'build'), ['favicon']);
  await session.start();
  await session.stop();
  await copyFile(join(chromeBuild, 'manifest.json'), join(session.build, 'manifest.json'));
  const extension = await session.start();
  const { bees } = await readTwo(extension, server);
  const list = await extension.context.newPage();
  await expect(async () => {
    await list.goto(extension.url('/search.html'));
    await expect(tileOf(list, bees).locator('img')).toBeVisible({ timeout: 2000 });
  }).toPass();

  const options = await extension.context.newPage();
  await options.goto(extension.url('/options.html'));
  await expect(switchOf(options)).toBeChecked();
  await switchOf(options).click();
  await expect(switchOf(options)).not.toBeChecked();
  await expect(tileOf(list, bees)).toHaveText('1');
  await expect(list.locator('.site-icon img')).toHaveCount(0);
  await list.reload();
  await expect(tileOf(list, bees)).toHaveText('1');
});
