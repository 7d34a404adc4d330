import { loadMadePages } from '../lib/made-pages.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('the health page tests the search on the person’s own pages and reports without them', async ({
  extension,
  server,
}) => {
  const pages = [
    ['Nineteen jars', beeParagraphs],
    ['Four minutes a day', watchParagraphs],
  ] as const;
  for (const [index, [title, paragraphs]] of pages.entries()) {
    await extension.readPage(server.serve(`/own-${index}.html`, articleHtml(title, paragraphs)));
  }
  await extension.ask('page-background:set-settings', {
    rules: [{ pattern: 'secret.example', action: 'never' }],
  });
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html#health'));
  const health = page.getByRole('region', { name: 'Health' });
  await expect(health).toContainText('Everything runs.');
  await expect(health).toContainText('2 pages in');
  await expect(health).toContainText('None since the browser was started.');
  await health.getByRole('button', { name: 'Run the test' }).click();
  await expect(health).toContainText('Found in the top ten: 100 % of 2 pages.');
  await expect(health).toContainText(/Tested .*\d{4}/);

  await health.getByText('A report to copy').click();
  const report = (await health.locator('.report').textContent()) ?? '';
  expect(report).toContain('engine: ready');
  expect(report).toContain('self-test: 100 % of 2');
  expect(report).toContain('rules: 1');
  expect(report).toContain('repaired: 0 segments, 0 pages');
  for (const secret of ['own-0', '127.0.0.1', 'jars', 'hive', 'secret.example']) {
    expect(report).not.toContain(secret);
  }
});

test('the test runs by itself at idle, in slices, and its result waits on the health page', async ({
  extension,
}) => {
  await loadMadePages((type, params) => extension.ask(type, params), 120);
  const status = () => extension.ask('page-background:self-test', null);
  expect(await status()).toEqual({ run: null, last: null });
  // The browser wakes the background every few minutes; here it is told to.
  const wake = () => extension.dispatch('alarms.onAlarm', { name: 'wake' });
  await wake();
  await expect.poll(async () => (await status()).run?.total).toBe(50);
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html#health'));
  const health = page.getByRole('region', { name: 'Health' });
  await expect(health).toContainText('of 50 pages; it goes on while nothing else is to be done.');

  // A person who does not want to wait goes on with it by hand.
  await health.getByRole('button', { name: 'Run the test' }).click();
  await expect(health).toContainText(/Found in the top ten: \d+ % of 50 pages/);
  const { last } = await status();
  expect(last).toMatchObject({ tested: 50 });
  await page.reload();
  await expect(health).toContainText(/Found in the top ten: \d+ % of 50 pages/);
  expect(await health.getByRole('row').count()).toBe(
    last!.worst.length > 0 ? last!.worst.length + 1 : 0,
  );

  await extension.ask('page-engine:forget', { by: 'everything' });
  expect(await status()).toEqual({ run: null, last: null });
});
