import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageId, PageKey } from '../../src/core/ids.ts';
import { buildWithPermissions } from '../lib/chromium.ts';
import { findOnDisk, findTwice, packedCodes, storedNeedles, withoutKeys } from '../lib/disk.ts';
import type { Extension } from '../lib/extension.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

/** Of a page in the store, all is in the files of the extension's database. */
const parts = ['address', 'address as a key', 'text', 'tokens', 'codes', 'terms'];

/** The browser compacts when it has time, and does not say when it has. */
const patience = { timeout: 60_000, intervals: [500] };

test('a forgotten page leaves the files on the disk, and the others stay', async ({
  session,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  let extension = await session.start();
  const { id } = await extension.readPage(bees);
  await extension.readPage(watch);
  const needles = await storedNeedles(extension.desk, bees);
  // Some of what is looked for lies in a table already, the rest in the log of recent writes.
  extension = await session.restart();
  const before = await findOnDisk(session.profile, needles);
  for (const part of parts) {
    expect(before).toContainEqual(expect.stringMatching(`^${part} in .*IndexedDB`));
  }

  const receipt = await extension.ask('page-engine:forget', { by: 'ids', ids: [id] });
  expect(receipt).toMatchObject({
    pages: 1,
    visits: 1,
    left: { pages: 0, texts: 0, codes: 0, terms: 0, visits: 0 },
  });
  const content = withoutKeys(needles);
  await expect.poll(() => findTwice(session.profile, content), patience).toEqual([]);
  expect(await extension.searchUrls('repairing a wristwatch')).toEqual([watch]);
  await session.stop();
  const after = await findOnDisk(session.profile, content);
  console.log(
    `▪ receipt: ${before.length} traces of a page on the disk before it was forgotten, ${after.length} after`,
  );
  expect(after).toEqual([]);
  extension = await session.start();
  expect((await extension.recentPages()).map((page) => page.url)).toEqual([watch]);
});

test('a forgotten page leaves the segment that it was packed into with others', async ({
  session,
}) => {
  let extension = await session.start();
  const pages = Array.from({ length: 70 }, (_, i) => {
    const key = `https://packed.example/${i}` as PageKey;
    const text = `${beeParagraphs[i % beeParagraphs.length]} This is page ${i} of them.`;
    return {
      key,
      url: key,
      title: `Page ${i}`,
      lang: 'en',
      type: 'article' as const,
      firstReadAt: 1_000,
      lastReadAt: 1_000,
      readCount: 1,
      isPinned: false,
      visits: [1_000],
      passages: [{ text }],
    };
  });
  await extension.ask('page-engine:import-pages', { pages, isTrial: false });
  const [page] = await extension.ask('page-engine:recent-pages', { limit: 1 });
  const id = page?.id as PageId;
  // What waits to be packed is packed at a start.
  extension = await session.restart();
  let codes: Buffer | null = null;
  await expect
    .poll(async () => {
      codes = await packedCodes(extension.desk, id);
      return codes !== null;
    }, patience)
    .toBe(true);
  const needles = { codes: codes ?? Buffer.alloc(0) };
  extension = await session.restart();
  expect(await findOnDisk(session.profile, needles)).not.toEqual([]);
  const receipt = await extension.ask('page-engine:forget', { by: 'ids', ids: [id] });
  expect(receipt.left).toEqual({ pages: 0, texts: 0, codes: 0, terms: 0, visits: 0 });
  expect(await packedCodes(extension.desk, id)).toBeNull();
  await expect.poll(() => findTwice(session.profile, needles), patience).toEqual([]);
  extension = await session.restart();
  expect((await extension.ask('page-engine:status', null)).pageCount).toBe(69);
  expect(await findOnDisk(session.profile, needles)).toEqual([]);
});

test('after everything was erased nothing of any page is on the disk', async ({
  session,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  const extension = await session.start();
  await extension.readPage(bees);
  await extension.readPage(watch);
  // A page that waits for the person's word: its address and title are in the browser's storage.
  const held = server.serve(
    '/account/orders',
    articleHtml('Your orders', watchParagraphs, '<meta name="robots" content="noindex">'),
  );
  await (await extension.context.newPage()).goto(held);
  const heldPages = () => extension.ask('page-background:held-pages', null);
  await expect.poll(async () => (await heldPages()).map(({ url }) => url)).toEqual([held]);
  const heldNeedles = { 'held address': Buffer.from(held) };
  expect(await findOnDisk(session.profile, heldNeedles)).toContainEqual(
    expect.stringContaining('Local Extension Settings'),
  );
  const needles = await Promise.all([bees, watch].map((url) => storedNeedles(extension.desk, url)));
  for (const each of needles) {
    expect(await findOnDisk(session.profile, each)).toHaveLength(parts.length);
  }
  const receipt = await extension.ask('page-engine:forget', { by: 'everything' });
  expect(receipt).toMatchObject({ pages: 2, left: { pages: 0, texts: 0, codes: 0, terms: 0 } });
  // The browser compacts beside, and is done a moment after the deletion was acknowledged.
  for (const each of needles) {
    await expect.poll(() => findTwice(session.profile, withoutKeys(each)), patience).toEqual([]);
  }
  expect(await heldPages()).toEqual([]);
  await session.stop();
  for (const each of [...needles.map(withoutKeys), heldNeedles]) {
    expect(await findOnDisk(session.profile, each)).toEqual([]);
  }
});

/** Runs in a page of the extension that may use the browser's history. */
async function removeVisits(
  extension: Extension,
  range: 'all' | string | { startTime: number; endTime: number },
): Promise<void> {
  await extension.desk.evaluate(async (what) => {
    const { chrome } = globalThis as unknown as {
      chrome: {
        history: {
          deleteAll(): Promise<void>;
          deleteRange(of: object): Promise<void>;
          deleteUrl(of: object): Promise<void>;
        };
      };
    };
    if (what === 'all') await chrome.history.deleteAll();
    else if (typeof what === 'string') await chrome.history.deleteUrl({ url: what });
    else await chrome.history.deleteRange(what);
  }, range);
}

test('pages leave with the browser’s history, also when it was cleared in between', async ({
  session,
  server,
}) => {
  session.build = await buildWithPermissions(join(session.profile, 'build'), ['history']);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) =>
    server.serve(`/${name}.html`, articleHtml(`Page ${name}`, beeParagraphs)),
  ) as [string, string, string, string];
  let extension = await session.start();
  const tab = await extension.context.newPage();
  for (const url of [a, b, c]) await extension.readPage(url, tab);
  const stored = async () => (await extension.recentPages()).map((page) => page.url);

  await removeVisits(extension, a);
  await expect.poll(stored).toEqual([c, b]);
  await extension.stopServiceWorker();
  await removeVisits(extension, b);
  await expect.poll(stored).toEqual([c]);
  const startTime = Date.now();
  await extension.readPage(d, tab);
  await removeVisits(extension, { startTime, endTime: Date.now() + 1000 });
  await expect.poll(stored).toEqual([c]);

  // The browser's history goes while the extension does not run.
  await session.stop();
  await rm(join(session.profile, 'Default', 'History'));
  extension = await session.start();
  await expect.poll(stored).toEqual([]);

  await extension.readPage(d);
  await removeVisits(extension, 'all');
  await expect.poll(stored).toEqual([]);
});

test('everything is erased after the word that confirms and no other, and the receipt says what went', async ({
  extension,
  server,
}) => {
  await extension.readPage(server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs)));
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html'));
  const word = page.getByLabel('The word that confirms');
  const button = page.getByRole('button', { name: 'Erase everything' });
  for (const other of ['', 'eras', 'yes']) {
    await word.fill(other);
    await expect(button).toBeDisabled();
    await word.press('Enter');
  }
  expect(await extension.recentPages()).toHaveLength(1);
  await word.fill('erase');
  await word.press('Enter');
  const receipt = /^Removed 1 page, \d+ passages?, and 1 visit\. .* found 0 left\.$/;
  await expect(page.getByText(receipt)).toBeVisible();
  expect(await extension.recentPages()).toEqual([]);
});
