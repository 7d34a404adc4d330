import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { importOlder, readThree } from '../lib/view-pages.ts';
import { expect, test } from './fixtures.ts';

test('other passages of a page open under it, and examples steer the list, by keyboard', async ({
  extension,
  server,
}) => {
  const long = [...watchParagraphs, ...beeParagraphs, ...watchParagraphs].map(
    (text, place) => `Part ${place}. ${text}`,
  );
  const url = server.serve('/long.html', articleHtml('Bees and watches', long));
  await extension.readPage(url);
  await readThree(extension, server);
  const page = await extension.context.newPage();
  await page.goto(extension.url('/search.html?q=bees+and+watches'));
  const rows = page.getByRole('option');
  await expect(rows.first()).toContainText('Bees and watches');
  const before = await rows.count();
  await page.keyboard.press('Alt+m');
  await expect(page.locator('.row.folded').first()).toContainText('Bees and watches');
  const folded = await page.locator('.row.folded').count();
  expect(await rows.count()).toBe(before + folded);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { selected: true })).toHaveClass(/folded/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Alt+m');
  await expect(page.locator('.row.folded')).toHaveCount(0);

  await page.keyboard.press('Alt+=');
  const chips = page.getByRole('list', { name: 'What steers the list' });
  await expect(chips).toContainText('more like Bees and watches');
  await expect(rows.first()).not.toContainText('Bees and watches');
  await page.reload();
  await expect(chips).toContainText('more like Bees and watches');
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('Alt+-');
  await expect(chips.getByRole('listitem')).toHaveCount(2);
  await page.getByLabel('In words').fill('last march');
  await page.getByLabel('In words').press('Enter');
  await expect(chips).toContainText('From');
  await expect(chips).toContainText('Until');
});

test('the first page tries the search on three samples and forgets them', async ({ extension }) => {
  const page = await extension.context.newPage();
  await page.goto(extension.url('/welcome.html'));
  await page.getByRole('button', { name: 'Try on three sample pages' }).click();
  await page.getByLabel('What you remember of a sample page').fill('an animal that freezes solid');
  await expect(page.locator('.try-hits li').first()).toContainText('stops its heart');
  expect(await extension.recentPages()).toHaveLength(3);
  await page.goto(extension.url('/options.html'));
  await expect.poll(() => extension.recentPages()).toEqual([]);
});

test('the charts tell what their tables tell, and the store is tidied on demand', async ({
  extension,
  server,
}) => {
  await importOlder(extension, 4);
  await readThree(extension, server);
  await extension.search('honey');
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html#charts'));
  const charts = page.locator('#charts');
  await expect(charts.getByRole('img')).toHaveCount(5);
  await expect(charts.locator('.plot').nth(4)).toBeVisible();
  await expect(charts).toContainText('Today: 3 pages');
  for (const summary of await charts.locator('summary').all()) await summary.click();
  const growth = charts.locator('.chart', { hasText: 'Growth of what is stored' });
  await expect(growth.locator('tbody tr')).toHaveCount(4);
  await expect(growth.locator('tbody tr').first()).toContainText('7');
  await page.getByRole('button', { name: 'Tidy now' }).click();
  await expect(page.getByText('All tidy.')).toBeVisible({ timeout: 30_000 });

  await extension.ask('page-engine:forget', { by: 'everything' });
  expect(await extension.ask('page-background:speed', null)).toEqual({
    reading: [],
    searching: [],
    days: [],
  });
});
