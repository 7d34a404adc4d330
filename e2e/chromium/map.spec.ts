import { loadMadePages } from '../lib/made-pages.ts';
import { expect, test } from './fixtures.ts';

test('the map shows what was read, narrows the list by topic and by area, and follows the time', async ({
  extension,
}) => {
  await loadMadePages((type, params) => extension.ask(type, params), 600);
  const page = await extension.context.newPage();
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.goto(extension.url('/map.html'));
  const surface = page.getByRole('application');
  await expect(surface).toHaveAttribute('data-pages', '600', { timeout: 60_000 });

  // In words: each topic lists its own pages.
  await page.locator('summary').click();
  const bees = page.getByRole('button', { name: /^List the pages about .*[Bb]ees/ }).first();
  await bees.click();
  const chip = page.locator('.chip');
  await expect(chip).toContainText('Part of the map');
  await expect(page.getByRole('option').first()).toContainText('hivenotes.example');
  await expect.poll(() => new URL(page.url()).searchParams.get('topic')).toMatch(/bees/i);
  await page.reload();
  await expect(chip).toContainText('Part of the map');
  await chip.getByRole('button').click();
  await expect(chip).toHaveCount(0);
  await expect.poll(() => new URL(page.url()).search).toBe('');

  // By keyboard: zoomed in to the middle, only what is in view is listed.
  await surface.focus();
  await page.keyboard.press('+');
  await page.getByRole('button', { name: 'List what is in view' }).press('Enter');
  await expect(chip).toContainText('Part of the map');
  const count = Number((await chip.textContent())?.match(/\d+/)?.[0]);
  expect(count).toBeLessThan(600);
  await chip.getByRole('button').click();

  // Drawn around with the pointer: everything.
  await surface.focus();
  await page.keyboard.press('0');
  await page.getByRole('button', { name: 'Draw around' }).click();
  const { x, y, width, height } = (await surface.boundingBox())!;
  await page.mouse.move(x + 2, y + 2);
  await page.mouse.down();
  await page.mouse.move(x + width - 2, y + 2);
  await page.mouse.move(x + width - 2, y + height - 2);
  await page.mouse.move(x + 2, y + height - 2);
  await page.mouse.up();
  await expect(chip).toContainText('600 pages');
  await chip.getByRole('button').click();

  // The earlier half of the time only.
  const until = page.getByRole('slider', { name: 'Read until' });
  await until.focus();
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('PageDown');
  await expect(chip).toContainText('Until');
  await page.getByRole('combobox').fill('sourdough bread');
  await expect(page.getByRole('option').first()).toContainText('kitchen.example');
});
