import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

/** An idea of the bee page that shares no telling word with it. */
const beeQuery = 'apiary on top of an office block in the city';
const watchQuery = 'fixing an old timepiece that runs slow';

test('a page that was read is found in the popup by a vague memory', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  await extension.readPage(bees);
  await extension.readPage(watch);

  const popup = await extension.openPopup();
  await expect(popup.box).toBeFocused();
  // Before anything is typed: the pages read last, the newest first.
  await expect(popup.options).toHaveCount(2);
  expect((await popup.hits()).map((hit) => hit.url)).toEqual([watch, bees]);

  const { hits } = await popup.search(beeQuery);
  expect(hits[0]).toMatchObject({ url: bees, rank: 1 });
  await expect(popup.options.first()).toContainText('Nineteen jars');

  // With Control or Command, Enter opens the first hit in a new tab; such a tab begins empty.
  const opened = extension.context.waitForEvent('page');
  await popup.box.press('ControlOrMeta+Enter');
  const tab = await opened;
  await expect.poll(() => tab.url().replace(/#.*$/, '')).toBe(bees);
});

test('every letter asks again and the last query wins', async ({ extension, server }) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  await extension.readPage(bees);
  await extension.readPage(watch);
  const popup = await extension.openPopup();
  await popup.box.pressSequentially('mainspring of a wristwatch', { delay: 8 });
  await expect(popup.list).toHaveAttribute('data-query', 'mainspring of a wristwatch');
  await expect(popup.options.first()).toHaveAttribute('data-page-url', watch);
});

test('what was read is still found after the browser restarts', async ({ session, server }) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const before = await session.start();
  const stored = await before.readPage(bees);
  const after = await session.restart();
  expect(await after.searchUrls(beeQuery)).toContain(bees);
  expect((await after.recentPages()).map((page) => page.id)).toEqual([stored.id]);
});

test('the extension answers after its service worker was stopped', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  await extension.readPage(bees);
  await extension.stopServiceWorker();
  expect((await extension.searchUrls(beeQuery))[0]).toBe(bees);
  await extension.stopServiceWorker();
  await extension.readPage(watch);
  expect((await extension.searchUrls(watchQuery))[0]).toBe(watch);
});

test('the extension answers after its offscreen document was closed', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  await extension.readPage(bees);
  await extension.closeOffscreenDocument();
  expect((await extension.searchUrls(beeQuery))[0]).toBe(bees);
  await extension.closeOffscreenDocument();
  await extension.stopServiceWorker();
  await extension.readPage(watch);
  expect((await extension.searchUrls(watchQuery))[0]).toBe(watch);
});

test('a query in flight when the offscreen document closes ends, with a result or a code', async ({
  extension,
  server,
}) => {
  await extension.readPage(server.serve('/bees.html', articleHtml('Jars', beeParagraphs)));
  const replies = Array.from({ length: 5 }, () =>
    extension.reply('page-engine:search', { query: beeQuery, limit: 5 }),
  );
  await extension.closeOffscreenDocument();
  for (const reply of await Promise.all(replies)) {
    if (!reply.ok) expect(['host-gone', 'engine-gone', 'superseded']).toContain(reply.error.code);
  }
  expect(await extension.searchUrls(beeQuery)).toHaveLength(1);
});

test('two windows read and search at once', async ({ extension, server }) => {
  const paths = Array.from({ length: 12 }, (_, index) => `/note-${index}.html`);
  for (const [index, path] of paths.entries()) {
    server.serve(
      path,
      articleHtml(`Note ${index}`, [
        `Marker word number${index}x in its own note.`,
        ...beeParagraphs,
      ]),
    );
  }
  const first = await extension.openWindow();
  const second = await extension.openWindow();
  const read = async (tab: typeof first, own: readonly string[]) => {
    for (const path of own) await extension.readPage(server.url(path), tab);
  };
  await Promise.all([read(first, paths.slice(0, 6)), read(second, paths.slice(6))]);

  const popups = await Promise.all([extension.openPopup(), extension.openPopup()]);
  const answers = await Promise.all(
    popups.map((popup, index) => popup.search(`number${index * 7}x`)),
  );
  expect(answers.map(({ hits }) => hits[0]?.url)).toEqual([
    server.url('/note-0.html'),
    server.url('/note-7.html'),
  ]);
  const urls = (await extension.recentPages()).map((page) => page.url);
  expect(new Set(urls)).toEqual(new Set(paths.map((path) => server.url(path))));
  expect(urls).toHaveLength(paths.length);
});

test('an edited page that is read again keeps nothing of what was taken out', async ({
  extension,
  server,
}) => {
  let paragraphs: readonly string[] = [
    'The password of the clubhouse is zanzibarquux and must be changed in spring.',
    ...beeParagraphs,
  ];
  const url = server.serve('/edited.html', () => articleHtml('Minutes of the club', paragraphs));
  const first = await extension.readPage(url);
  expect((await extension.search('zanzibarquux')).hits[0]?.snippet.text).toContain('zanzibarquux');

  paragraphs = ['The roof of the clubhouse was repaired by volunteers in May.', ...beeParagraphs];
  const second = await extension.readPage(url);
  expect(second.id).toBe(first.id);
  const stored = await extension.ask('page-engine:stored-page', { id: second.id });
  const text = stored?.passages.map((passage) => passage.text).join('\n') ?? '';
  expect(text).toContain('repaired by volunteers');
  expect(text).not.toContain('zanzibarquux');
  const { hits } = await extension.search('zanzibarquux');
  for (const hit of hits) expect(hit.snippet.text).not.toContain('zanzibarquux');
  expect(await extension.recentPages()).toHaveLength(1);
});

test('find similar pages is in the menu and leaves the page itself out', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const garden = server.serve(
    '/garden.html',
    articleHtml('Beekeeping above the shops', [
      'Three hives of bees stand on the flat roof above the shops, each with a paving stone and a strap on its lid against the wind.',
      'The bees fly to the lime trees of the avenue, and the honey harvest in August is dark and fills twenty jars.',
      'Neighbours asked about stings; in two summers nobody on the floors below was stung by a bee from the roof.',
    ]),
  );
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  for (const url of [watch, garden]) await extension.readPage(url);
  const page = await extension.readPage(bees);

  const { hits } = await extension.ask('page-engine:find-similar', { pageId: page.id, limit: 5 });
  expect(hits.map((hit) => hit.page.url)).not.toContain(bees);
  expect(hits[0]?.page.url).toBe(garden);

  expect(await extension.hasMenuEntry()).toBe(true);
  const opened = extension.context.waitForEvent('page');
  await extension.dispatch(
    'contextMenus.onClicked',
    { menuItemId: 'find-similar', pageUrl: bees },
    undefined,
  );
  const results = await opened;
  const first = results.getByRole('option').first();
  await expect(first).toHaveAttribute('data-page-url', garden);
  await expect(results.locator(`[data-page-url="${bees}"]`)).toHaveCount(0);
});
