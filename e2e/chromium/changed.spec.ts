import { join } from 'node:path';
import { buildWithSites } from '../lib/chromium.ts';
import { articleHtml, beeParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('what changed on a page since it was read is shown at its passage, and that it is gone', async ({
  session,
  server,
}) => {
  session.build = await buildWithSites(join(session.profile, 'build'));
  const [first = '', ...others] = beeParagraphs;
  let answer: { status?: number; body: string } = {
    body: articleHtml('Nineteen jars', beeParagraphs),
  };
  const url = server.serve('/bees.html', () => answer);
  const extension = await session.start();
  const { id } = await extension.readPage(url);

  const page = await extension.context.newPage();
  await page.setViewportSize({ width: 1300, height: 800 });
  await page.goto(extension.url('/search.html?q=bees+on+a+roof'));
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Alt+r');
  const reader = page.locator('.reader');
  const compare = reader.getByRole('button', { name: 'Compare with the page now' });
  await compare.click();
  await expect(reader).toContainText('Nothing of it has changed.');
  await expect(reader.locator('del')).toHaveCount(0);

  const sentence = 'The owner of the building has sold it and the hives must leave by spring.';
  answer = { body: articleHtml('Nineteen jars', [sentence, ...others]) };
  await compare.click();
  await expect(reader).toContainText('It has changed');
  const lost = (await reader.locator('del').allTextContents()).join('');
  expect(lost).toContain(first.slice(0, 40));
  await reader.getByText('1 sentence is new').click();
  await expect(reader.locator('ins')).toHaveText(sentence);

  answer = { status: 404, body: 'no' };
  await compare.click();
  await expect(reader).toContainText('The page is gone from its site.');
  await expect(reader.locator('.passage').first()).toContainText(first.slice(0, 40));
  // Looking stores nothing: what was read stays as it was read.
  expect(await extension.storedText(id)).toContain(first.slice(0, 40));
});

test('a page that is opened and has not what was found offers the text as it was read', async ({
  extension,
  server,
}) => {
  const [first = '', ...others] = beeParagraphs;
  let answer: { status?: number; body: string } = {
    body: articleHtml('Nineteen jars', beeParagraphs),
  };
  const url = server.serve('/bees.html', () => answer);
  const reading = await extension.context.newPage();
  const { id } = await extension.readPage(url, reading);
  await reading.close();

  /** Opens the page from the popup; what the popup then says of it, and the text it leads to. */
  const openFound = async (state: 'changed' | 'gone' | 'not-shown') => {
    const popup = await extension.openPopup();
    await popup.search('insects on a roof between two chimneys');
    const opening = extension.context.waitForEvent('page');
    await popup.page.keyboard.press('Control+Enter');
    const tab = await opening;
    await popup.close();
    const opened = () => extension.ask('page-background:opened-page', null);
    await expect.poll(async () => (await opened())?.state).toBe(state);
    const again = await extension.openPopup();
    const notice = again.page.locator('.notice.quiet');
    await expect(notice).toBeVisible();
    const said = await notice.locator('p').textContent();
    const following = extension.context.waitForEvent('page');
    await notice.getByRole('button', { name: 'See what you read' }).click();
    const search = await following;
    const reader = search.locator('.reader');
    await expect(reader.locator('.passage.found')).toContainText(first.slice(0, 40));
    return { tab, said, search, reader };
  };

  const sentence = 'The owner of the building has sold it and the hives must leave by spring.';
  answer = { body: articleHtml('Nineteen jars', [sentence, ...others]) };
  const changed = await openFound('changed');
  expect(changed.said).toBe('The passage you opened is not on this page any more.');
  await expect(changed.reader).toContainText('It has changed');
  expect((await changed.reader.locator('del').allTextContents()).join('')).toContain(first);
  await changed.reader.getByText('1 sentence is new').click();
  await expect(changed.reader.locator('ins')).toHaveText(sentence);
  // The address holds it: a reload shows it again, and closing it takes it out.
  await changed.search.reload();
  await expect(changed.reader).toContainText('It has changed');
  await changed.reader.getByRole('button', { name: 'Close' }).click();
  await expect(changed.reader).toHaveCount(0);
  expect(new URL(changed.search.url()).search).toBe('');
  await changed.search.close();
  await changed.tab.close();

  // As it was first: an error page after that takes nothing away.
  answer = { body: articleHtml('Nineteen jars', beeParagraphs) };
  const rereading = await extension.context.newPage();
  await extension.readPage(url, rereading);
  await rereading.close();
  answer = { status: 404, body: articleHtml('Nothing here', [sentence]) };
  const gone = await openFound('gone');
  expect(gone.said).toBe('This page is gone from its site.');
  await expect(gone.reader).toContainText('The page is gone from its site.');
  await expect(gone.reader.locator('del')).toHaveCount(0);
  expect(await extension.storedText(id)).toContain(first.slice(0, 40));
  await gone.search.close();
  await gone.tab.close();

  // The site cannot be reached: the tab shows an error of the browser's own.
  await server.close();
  const notShown = await openFound('not-shown');
  expect(notShown.said).toBe('The site did not show this page.');

  // Forgotten, it is kept nowhere.
  await extension.ask('page-engine:forget', { by: 'ids', ids: [id] });
  await expect.poll(() => extension.ask('page-background:opened-page', null)).toBeNull();
});
