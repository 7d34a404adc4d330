import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

/** Tells the server when the browser shows the page again as it was left. */
const telling =
  "<script>addEventListener('pageshow', (event) => { if (event.persisted) fetch('/kept-alive') })</script>";

test('a page that comes back as it was left is visited again, and read with what changed', async ({
  extension,
  server,
}) => {
  const seen = () => server.requests.filter(({ url }) => url === '/kept-alive').length;
  const first = server.serve('/first.html', articleHtml('Nineteen jars', beeParagraphs, telling));
  const second = server.serve('/second.html', articleHtml('Four minutes', watchParagraphs));
  const tab = await extension.context.newPage();
  const { id } = await extension.readPage(first, tab);
  await extension.readPage(second, tab);
  const since = Date.now();
  await tab.evaluate(() => setTimeout(() => history.back()));
  await expect.poll(seen, 'the browser kept the page').toBe(1);
  expect(await extension.waitUntilStored(first, since)).toMatchObject({ id, readCount: 2 });
  expect(await extension.recentPages()).toHaveLength(2);
});
