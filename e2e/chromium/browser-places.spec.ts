import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('menus on a selection, a link and a page, and the address bar, lead where they say', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  const tab = await extension.context.newPage();
  await extension.readPage(bees, tab);
  await extension.readPage(watch, tab);

  /** What a click or a line opens, with the first page that it shows. */
  const opened = async (event: string, ...parameters: readonly unknown[]) => {
    const opening = extension.context.waitForEvent('page');
    await extension.dispatch(event, ...parameters);
    return opening;
  };
  const click = (info: object) =>
    opened('contextMenus.onClicked', { pageUrl: watch, ...info }, undefined);

  const like = await click({
    menuItemId: 'similar-text',
    selectionText: 'hives on the roof, honey of lime trees',
  });
  await expect(like.getByRole('option').first()).toHaveAttribute('data-page-url', bees);
  const link = await click({ menuItemId: 'have-read', linkUrl: bees });
  await expect(link.getByRole('option')).toHaveCount(1);
  await expect(link.getByRole('option')).toHaveAttribute('data-page-url', bees);

  const words = await opened('omnibox.onInputEntered', 'honey & roof', 'newForegroundTab');
  await expect.poll(() => new URL(words.url()).searchParams.get('q')).toBe('honey & roof');
  await expect(words.getByRole('option').first()).toHaveAttribute('data-page-url', bees);
  const page = await opened('omnibox.onInputEntered', bees, 'newForegroundTab');
  await expect.poll(() => page.url()).toBe(bees);

  for (const [choice, kind] of [
    ['15-minutes', 'until'],
    ['until-restart', 'restart'],
    ['for-good', 'for-good'],
    ['none', 'none'],
  ] as const) {
    await extension.dispatch('contextMenus.onClicked', { menuItemId: `pause:${choice}` });
    await expect
      .poll(() => extension.ask('page-background:get-pause', null))
      .toMatchObject({ kind });
  }

  await extension.dispatch('contextMenus.onClicked', { menuItemId: 'forget-page', pageUrl: bees });
  // It waits some seconds in which it can be taken back, and is then carried out.
  await expect.poll(() => extension.isStored(bees), { timeout: 20_000 }).toBe(false);
  expect(await extension.isStored(watch)).toBe(true);
  await extension.dispatch('contextMenus.onClicked', { menuItemId: 'never-here', pageUrl: watch });
  await expect.poll(() => extension.isStored(watch)).toBe(false);
  const { rules } = await extension.ask('page-background:get-settings', null);
  expect(rules).toMatchObject([{ action: 'never' }]);
});

test('the keys of the browser pause and resume, open the search page and find similar pages', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const press = (command: string) => extension.dispatch('commands.onCommand', command);
  const pause = () => extension.ask('page-background:get-pause', null);
  await press('toggle-pause');
  await expect.poll(async () => (await pause()).kind).toBe('until');
  await press('toggle-pause');
  await expect.poll(async () => (await pause()).kind).toBe('none');

  const tab = await extension.context.newPage();
  await extension.readPage(bees, tab);
  const opened = async (command: string) => {
    const opening = extension.context.waitForEvent('page');
    await press(command);
    const page = await opening;
    await page.waitForLoadState();
    return page;
  };
  expect((await opened('open-search')).url()).toBe(extension.url('/search.html'));
  await tab.bringToFront();
  const similar = await opened('find-similar');
  await expect(similar.locator('.similar-head')).toContainText('Nineteen jars');

  // All of them are in the options, with their keys or that there are none.
  const options = await extension.context.newPage();
  await options.goto(extension.url('/options.html'));
  for (const name of ['Open the popup', 'Pause or resume reading', 'Find similar pages']) {
    await expect(options.locator('#shortcuts')).toContainText(name);
  }
});
