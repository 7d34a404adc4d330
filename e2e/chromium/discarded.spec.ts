import { testDwellMs } from '../lib/extension.ts';
import { articleHtml, beeParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

const asleep = { state: 'not-readable', reason: 'asleep', privateReasons: [] };

test('a tab discarded before its page was read is read when it is looked at again', async ({
  extension,
  server,
}) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  // Nobody stays that long: the page is on its way to be read, and no more.
  await extension.ask('page-background:set-settings', { dwellMs: 60_000 });
  const [opened] = await extension.openBehind([url]);
  await extension.bringToFront(opened!);
  const stateOf = async (tabId: number) =>
    (await extension.ask('page-background:current-page-state', { tabId })).state;
  await expect.poll(() => stateOf(opened!)).toEqual({ state: 'reading' });

  const popup = await extension.openPopup();
  const tabId = await extension.discard(opened!);
  await extension.ask('page-background:set-settings', { dwellMs: testDwellMs });
  expect(await stateOf(tabId)).toEqual(asleep);
  expect(await extension.ask('page-background:capture-now', { tabId })).toBe(false);
  await popup.page.reload();
  await popup.page.getByRole('button', { name: 'This page: not readable' }).click();
  await expect(popup.page.getByText('The browser put this tab to sleep.')).toBeVisible();
  expect(await extension.recentPages()).toEqual([]);

  await extension.bringToFront(tabId);
  expect(await extension.waitUntilStored(url)).toMatchObject({ url, readCount: 1 });
});

test('a page that was read loses nothing with its tab, and is no second one when it is back', async ({
  extension,
  server,
}) => {
  const url = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const [opened] = await extension.openBehind([url]);
  await extension.bringToFront(opened!);
  const read = await extension.waitUntilStored(url);
  const text = await extension.storedText(read.id);
  await extension.desk.bringToFront();
  const tabId = await extension.discard(opened!);
  expect(await extension.recentPages()).toEqual([read]);
  expect(await extension.searchUrls('bees on a roof')).toEqual([url]);

  const since = Date.now();
  await extension.bringToFront(tabId);
  expect(await extension.waitUntilStored(url, since)).toMatchObject({ id: read.id, readCount: 2 });
  expect(await extension.recentPages()).toHaveLength(1);
  expect(await extension.storedText(read.id)).toBe(text);
});
