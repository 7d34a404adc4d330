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
