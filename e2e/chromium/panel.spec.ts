import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('the side panel follows the page in front when asked to, and not before', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  const [first, second] = [await extension.context.newPage(), await extension.context.newPage()];
  const bench = server.serve('/bench.html', articleHtml('Bench rules', watchParagraphs.slice(1)));
  await extension.readPage(bench, first);
  await extension.readPage(bees, first);
  await extension.readPage(watch, second);
  const panel = await extension.context.newPage();
  await panel.goto(extension.url('/sidepanel.html'));
  await expect(panel.getByRole('option')).toHaveCount(3);
  await first.bringToFront();
  await expect(panel.locator('.similar-head')).toHaveCount(0);

  await panel.bringToFront();
  await panel.getByRole('button', { name: 'More' }).click();
  await panel.getByRole('menuitem', { name: 'Show pages like the one I read' }).click();
  await expect(panel.locator('.similar-head')).toContainText('Nineteen jars');
  await second.bringToFront();
  await expect(panel.locator('.similar-head')).toContainText('Four minutes a day');
  await expect(panel.getByRole('option').first()).toHaveAttribute('data-page-url', bench);

  await panel.bringToFront();
  await panel.getByRole('combobox').fill('dark honey');
  await first.bringToFront();
  await panel.bringToFront();
  await expect(panel.getByRole('combobox')).toHaveValue('dark honey');
});
