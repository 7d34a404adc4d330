import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('Delete forgets the row that was chosen, never one that nobody chose', async ({
  extension,
  server,
}) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  await extension.readPage(bees);
  await extension.readPage(watch);
  const popup = await extension.openPopup();
  await expect(popup.options).toHaveCount(2);

  // A box emptied with Delete, and once more for nothing: the list stays whole.
  await popup.box.fill('honey');
  await popup.box.press('ControlOrMeta+a');
  await popup.box.press('Delete');
  await expect(popup.list).toHaveAttribute('data-query', '');
  await popup.box.press('Delete');
  await expect(popup.options).toHaveCount(2);

  await popup.box.press('ArrowDown');
  await popup.box.press('Delete');
  await expect(popup.options).toHaveCount(1);
  expect((await popup.hits())[0]?.url).toBe(watch);
  await popup.page.getByRole('button', { name: 'Undo' }).click();
  await expect(popup.options).toHaveCount(2);

  // Closing the popup carries out what was not undone.
  await popup.box.focus();
  await popup.box.press('ArrowDown');
  await popup.box.press('Delete');
  await expect(popup.options).toHaveCount(1);
  await popup.close();
  await expect.poll(() => extension.isStored(bees)).toBe(false);
  expect(await extension.isStored(watch)).toBe(true);
});
