import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

/** A script of a page that tells the server of an event by asking for a path. */
const telling = (event: string, target: 'window' | 'document', when: string, path: string) =>
  `<script>${target}.addEventListener('${event}', (event) => { if (${when}) fetch('${path}') })</script>`;

test('a page that the browser prepared beforehand is read when it is shown, not before', async ({
  extension,
  server,
}) => {
  const seen = (path: string) => server.requests.some(({ url }) => url === path);
  const next = server.serve(
    '/next.html',
    articleHtml(
      'Four minutes a day',
      watchParagraphs,
      telling('prerenderingchange', 'document', 'true', '/activated') +
        telling('load', 'window', 'document.prerendering', '/prepared'),
    ),
  );
  const rules = JSON.stringify({ prerender: [{ urls: [next], eagerness: 'immediate' }] });
  const first = server.serve(
    '/first.html',
    articleHtml(
      'Nineteen jars',
      beeParagraphs,
      `<script type="speculationrules">${rules}</script>`,
    ).replace('</article>', `</article><a href="${next}">Next</a>`),
  );
  const tab = await extension.context.newPage();
  await tab.goto(first);
  await expect.poll(() => seen('/prepared'), 'the browser prepares the page').toBe(true);
  // Long after the page in front was read, the prepared one is not.
  await extension.waitUntilStored(first);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await extension.isStored(next)).toBe(false);
  await tab.getByRole('link', { name: 'Next' }).click();
  await expect.poll(() => seen('/activated'), 'the prepared page itself is shown').toBe(true);
  expect((await extension.waitUntilStored(next)).readCount).toBe(1);
});

test('a page that comes back as it was left is visited again, and read with what changed', async ({
  extension,
  server,
}) => {
  const seen = () => server.requests.filter(({ url }) => url === '/kept-alive').length;
  const first = server.serve(
    '/first.html',
    articleHtml(
      'Nineteen jars',
      beeParagraphs,
      telling('pageshow', 'window', 'event.persisted', '/kept-alive'),
    ),
  );
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
