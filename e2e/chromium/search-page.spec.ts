import type { PageKey } from '../../src/core/ids.ts';
import type { ExportedPage } from '../../src/core/page/exported-page.ts';
import { beeParagraphs } from '../lib/page-text.ts';
import { readThree } from '../lib/view-pages.ts';
import { expect, test } from './fixtures.ts';

/** Noon of a day in the last March that is over. */
function lastMarch(day: number): Date {
  const now = new Date();
  const year = now.getMonth() > 2 ? now.getFullYear() : now.getFullYear() - 1;
  return new Date(year, 2, day, 12);
}

/** What each page says of bees: nothing like the others, or they would be folded. */
const texts: Readonly<Record<string, string>> = {
  march: beeParagraphs[0] ?? '',
  later: beeParagraphs[1] ?? '',
  thread: beeParagraphs[2] ?? '',
  video: beeParagraphs[3] ?? '',
  again: 'A queen lives for years and a worker for weeks; the colony outlives them both.',
};

function beePage(name: string, at: Date, changes: Partial<ExportedPage>): ExportedPage {
  const url = `https://${name}.example/bees`;
  const moment = at.getTime();
  return {
    key: url as PageKey,
    url,
    title: `Bees, ${name}`,
    lang: 'en',
    type: 'article',
    firstReadAt: moment,
    lastReadAt: moment,
    readCount: 1,
    isPinned: false,
    visits: [moment],
    passages: [{ text: `Bees. ${texts[name]}` }],
    ...changes,
  };
}

test('pages are filtered by day, by words for a time, and by what they are; the address holds it', async ({
  extension,
}) => {
  const now = new Date();
  const at = lastMarch(5);
  await extension.ask('page-engine:import-pages', {
    isTrial: false,
    pages: [
      beePage('march', at, {}),
      beePage('later', lastMarch(20), { type: 'docs' }),
      beePage('thread', now, { type: 'thread', lang: 'ko' }),
      beePage('video', now, { type: 'video', isPinned: true }),
      beePage('again', now, {
        type: 'pdf',
        readCount: 2,
        firstReadAt: at.getTime(),
        visits: [at.getTime(), now.getTime()],
      }),
    ],
  });
  const page = await extension.context.newPage();
  await page.setViewportSize({ width: 1300, height: 900 });
  await page.goto(extension.url('/search.html?q=bees'));
  const rows = page.getByRole('option');
  const found = async (...names: readonly string[]) => {
    await expect(rows).toHaveCount(names.length);
    for (const name of names) await expect(page.getByText(`Bees, ${name}`).first()).toBeVisible();
  };
  await found('march', 'later', 'thread', 'video', 'again');

  // What it is: each check leaves its own, and taken off brings the others back.
  for (const [label, name] of [
    [/^Documentation/, 'later'],
    [/^Thread/, 'thread'],
    [/^PDF/, 'again'],
    [/^Pinned/, 'video'],
    [/^Read more than once/, 'again'],
    [/^Korean/, 'thread'],
    [/^march\.example/, 'march'],
  ] as const) {
    const check = page.getByRole('checkbox', { name: label });
    await check.check();
    await found(name);
    await page.reload();
    await found(name);
    await check.uncheck();
    await expect(rows).toHaveCount(5);
  }

  // The calendar: both days are a part of what is asked for.
  const day = (date: Date) =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
  await page.getByLabel('From').fill(day(at));
  await page.getByLabel('Until').fill(day(at));
  await found('march');
  await page.getByLabel('Any time').check();

  // In words, in either language, in the box too.
  for (const words of ['last March', '지난 3월']) {
    await page.getByLabel('In words').fill(words);
    await page.getByLabel('In words').press('Enter');
    await found('march', 'later');
    await page.getByLabel('Any time').check();
    await expect(rows).toHaveCount(5);
  }
  const box = page.getByRole('combobox');
  await box.fill('bees after:yesterday -site:video.example');
  await found('thread', 'again');
  await box.fill('bees 종류:pdf');
  await found('again');
});

test('what was read around then is listed beside a page, and leads on', async ({
  extension,
  server,
}) => {
  await readThree(extension, server);
  const page = await extension.context.newPage();
  await page.setViewportSize({ width: 1300, height: 900 });
  await page.goto(extension.url('/search.html?q=honey+on+the+roof'));
  await expect(page.getByRole('option').first()).toContainText('Nineteen jars');
  await page.keyboard.press('Alt+r');
  const reader = page.locator('.reader');
  const around = reader.locator('.around li');
  await expect(around).toHaveCount(2);
  await expect(around.first()).toContainText('Four minutes a day'); // in the order of reading
  await expect(around.last()).toContainText('Bench rules');
  await expect(around.first().locator('time')).toHaveText(/\d{1,2}:\d{2}/);
  await around.last().getByRole('button').click();
  await expect(reader.getByRole('heading', { level: 2 })).toHaveText('Bench rules');
  await expect(around).toHaveCount(2);
});

test('Shift+Enter opens a page in a narrow window beside', async ({ extension, server }) => {
  const [bees] = await readThree(extension, server);
  const popup = await extension.openPopup();
  await popup.search('honey on the roof');
  const opening = extension.context.waitForEvent('page');
  await popup.page.keyboard.press('Shift+Enter');
  const beside = await opening;
  await expect.poll(() => beside.url()).toContain(bees);
  const kinds = await extension.desk.evaluate(async () => {
    const { chrome } = globalThis as unknown as {
      chrome: { windows: { getAll(): Promise<readonly { type: string }[]> } };
    };
    return (await chrome.windows.getAll()).map(({ type }) => type);
  });
  expect(kinds).toContain('popup');
  expect(popup.page.isClosed()).toBe(false);
});
