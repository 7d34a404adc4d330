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
