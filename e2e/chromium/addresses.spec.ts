import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWithPermissions } from '../lib/chromium.ts';
import { articleHtml, beeParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('bookmarks of a file are found by their titles at once, and read at the next visit', async ({
  extension,
  server,
}, info) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const path = info.outputPath('bookmarks.html');
  await writeFile(
    path,
    `<!DOCTYPE NETSCAPE-Bookmark-file-1><DL>
    <DT><A HREF="${bees}" ADD_DATE="1700000000">Honey from the roof</A>
    <DT><A HREF="https://mail.google.com/mail/u/0/">Inbox</A>
    <DT><A HREF="javascript:void(0)">A bookmarklet</A></DL>`,
  );
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html'));
  const chooser = page.getByLabel(/^From a file/);
  await chooser.setInputFiles(path);
  await expect(page.getByText('bookmarks.html: 1 new, 0 here')).toBeVisible();
  await expect(page.getByText('1 by your rules')).toBeVisible();
  expect(await extension.recentPages()).toEqual([]); // nothing is written before the word is given
  await page.getByRole('button', { name: 'Add them' }).click();
  await expect(page.getByText('Added one page.')).toBeVisible();
  expect(await extension.searchUrls('honey roof')).toEqual([bees]);
  const [listed] = await extension.recentPages();
  expect(listed).toMatchObject({ title: 'Honey from the roof', lastReadAt: 1_700_000_000_000 });
  expect(server.requests.filter(({ url }) => url === '/bees.html')).toEqual([]); // nothing was fetched

  const read = await extension.readPage(bees);
  expect(read).toMatchObject({ id: listed?.id, title: 'Nineteen jars' });
  expect(await extension.storedText(read.id)).toContain('between two chimneys');
  await page.bringToFront();
  await chooser.setInputFiles(path);
  await expect(page.getByText('0 new, 1 here')).toBeVisible();
});

test('the browser’s history and bookmarks can be added, once they are granted', async ({
  session,
  server,
}) => {
  session.build = await buildWithPermissions(join(session.profile, 'build'), [
    'history',
    'bookmarks',
  ]);
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const extension = await session.start();
  await extension.desk.evaluate(async (url) => {
    const { chrome } = globalThis as unknown as {
      chrome: Record<
        'history' | 'bookmarks',
        { addUrl(of: object): Promise<void>; create(of: object): Promise<void> }
      >;
    };
    await chrome.history.addUrl({ url });
    await chrome.bookmarks.create({ title: 'Tide tables', url: `${url}?page=2` });
  }, bees);
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html'));
  for (const name of ['From the browser’s history', 'From the bookmarks']) {
    await page.getByRole('button', { name }).click();
    await expect(page.getByText(`${name}: 1 new`)).toBeVisible();
    await page.getByRole('button', { name: 'Add them' }).click();
    await expect(page.getByText('Added one page.')).toBeVisible();
  }
  expect((await extension.searchUrls('tide tables'))[0]).toBe(`${bees}?page=2`);
  expect(await extension.recentPages()).toHaveLength(2);
});
