import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePdf, setParagraphs } from '../../src/host/pdf/make-pdf.test-tools.ts';
import { buildWithSites } from '../lib/chromium.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('texts of pages from before are fetched politely, and what failed is told with its reason', async ({
  session,
  server,
}, info) => {
  session.build = await buildWithSites(join(session.profile, 'build'));
  const cookies: (string | undefined)[] = [];
  const bees = server.serve('/old/bees.html', (request) => {
    cookies.push(request.headers.cookie);
    return articleHtml('Nineteen jars', beeParagraphs);
  });
  const watch = server.serve('/old/watch.pdf', () => ({
    headers: { 'content-type': 'application/pdf' },
    body: makePdf({ sheets: [setParagraphs(watchParagraphs.map((text) => [text]))] }),
  }));
  const drafts = server.serve('/drafts/1.html', articleHtml('Not for programs', beeParagraphs));
  const bank = server.serve('/moved.html', () => ({
    status: 302,
    headers: { location: '/account/login.html' },
    body: '',
  }));
  server.serve('/robots.txt', () => ({
    headers: { 'content-type': 'text/plain' },
    body: 'User-agent: *\nDisallow: /drafts/',
  }));
  const gone = server.url('/gone.html');
  const extension = await session.start();
  await extension.context.addCookies([{ name: 'who', value: 'me', url: server.origin }]);

  const path = info.outputPath('list.txt');
  await writeFile(path, [bees, watch, drafts, bank, gone].join('\n'));
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html'));
  await page.getByLabel(/^From a file/).setInputFiles(path);
  await page.getByRole('button', { name: 'Add them' }).click();
  await expect(page.getByText('Added 5 pages.')).toBeVisible();
  expect(server.requests.filter(({ url }) => url.startsWith('/old/'))).toEqual([]);

  await page.getByRole('button', { name: 'Fetch the text of 5 pages', exact: true }).click();
  await page.getByRole('button', { name: 'Pause fetching', exact: true }).click();
  await expect(page.getByText(/^Fetching is paused/)).toBeVisible();
  // The list is on the disk: a background that dies, and a browser that is closed, lose nothing.
  await page.close();
  const again = await session.restart();
  const options = await again.context.newPage();
  await options.goto(again.url('/options.html'));
  await expect(options.getByText(/^Fetching is paused/)).toBeVisible();
  await options.getByRole('button', { name: 'Go on fetching', exact: true }).click();
  await again.stopServiceWorker();
  // A page that was stored as the background was stopped counts as here already.
  const fetched =
    /^Fetched: (2 of 5 pages stored, 0|1 of 5 pages stored, 1) here already, 3 not fetched\.$/;
  await expect(options.getByText(fetched)).toBeVisible({ timeout: 90_000 });

  await options.getByText('3 pages were not fetched').click();
  await expect(options.getByText(`asks programs to stay away. ${drafts}`)).toBeVisible();
  await expect(options.getByText(`It looks private. ${bank}`)).toBeVisible();
  await expect(options.getByText(`not there any more. ${gone}`)).toBeVisible();
  expect((await again.searchUrls('bees on a roof'))[0]).toBe(bees);
  const [hit] = (await again.search('repairing a wristwatch')).hits;
  expect(hit).toMatchObject({ page: { url: watch, type: 'pdf', readCount: 1 } });
  expect(server.requests.filter(({ url }) => url === '/drafts/1.html')).toEqual([]);
  // The end of the browser and that of the background cost a repeated request each at most.
  expect(cookies.length).toBeLessThanOrEqual(3);
  expect(new Set(cookies)).toEqual(new Set([undefined]));
  await options.getByRole('button', { name: 'Clear this result', exact: true }).click();
  await expect(options.getByText('3 pages were not fetched')).toBeHidden();
});
