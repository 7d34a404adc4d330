import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { ExportWriter } from '../../src/ui/options/export-file.ts';
import { madePages } from '../lib/made-pages.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

test('an export, everything erased, the import brings it back; twice makes no doubles', async ({
  extension,
  server,
}, info) => {
  const bees = server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs));
  const watch = server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs));
  await extension.readPage(bees);
  const { id } = await extension.readPage(watch);
  await extension.ask('page-engine:set-pinned', { id, isPinned: true });
  const before = await extension.recentPages();

  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html'));
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export every page' }).click();
  const path = info.outputPath('export.jsonl');
  await (await downloading).saveAs(path);
  await expect(page.getByText(/^Exported 2 pages/)).toBeVisible();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ pages: 2 });

  const save = async (button: string, name: string) => {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    const file = info.outputPath(name);
    await (await saving).saveAs(file);
    return file;
  };
  const archive = await save('Export as an archive', 'export.jsonl.gz');
  const withoutDate = (text: string) => text.slice(text.indexOf('\n'), text.lastIndexOf('{'));
  expect(withoutDate(gunzipSync(await readFile(archive)).toString())).toBe(
    withoutDate(await readFile(path, 'utf8')),
  );
  const markdown = unzipSync(await readFile(await save('Export as Markdown', 'export.zip')));
  const folder = new URL(bees).host.replace(':', ' ');
  expect(Object.keys(markdown).sort()).toEqual([
    `${folder}/Four minutes a day.md`,
    `${folder}/Nineteen jars.md`,
  ]);

  await extension.ask('page-engine:forget', { by: 'everything' });
  const chooser = page.getByLabel('Choose a file to import');
  await chooser.setInputFiles(path);
  await expect(page.getByText('2 new pages, 0 that change')).toBeVisible();
  expect(await extension.recentPages()).toEqual([]); // nothing is written before the word is given
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('Imported: 2 new pages')).toBeVisible();
  const withoutIds = (pages: typeof before) => pages.map((summary) => ({ ...summary, id: 0 }));
  expect(withoutIds(await extension.recentPages())).toEqual(withoutIds(before));
  expect((await extension.searchUrls('insects kept above a car park'))[0]).toBe(bees);

  await chooser.setInputFiles(path);
  await expect(page.getByText('0 new pages, 0 that change, 2 that are here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toHaveCount(0);

  await chooser.setInputFiles(archive);
  await expect(page.getByText('export.jsonl.gz: 0 new pages')).toBeVisible();
  const half = info.outputPath('half.jsonl.gz');
  const bytes = await readFile(archive);
  await writeFile(half, bytes.subarray(0, Math.floor(bytes.length / 2)));
  await chooser.setInputFiles(half);
  await expect(page.getByText(/half\.jsonl\.gz/)).toBeVisible();
  const cut = info.outputPath('cut.jsonl');
  await writeFile(cut, lines.slice(0, 2).join('\n'));
  await chooser.setInputFiles(cut);
  await expect(page.getByText('The file is damaged or was cut short')).toBeVisible();
  const other = info.outputPath('other.jsonl');
  await writeFile(other, 'Title,Address\n');
  await chooser.setInputFiles(other);
  await expect(page.getByText('other.jsonl is not an export')).toBeVisible();
});

test('an import that the browser’s end cuts short goes on where it was', async ({
  session,
}, info) => {
  const pages = madePages(4_000);
  const writer = new ExportWriter();
  const file = info.outputPath('many.jsonl');
  await writeFile(
    file,
    Buffer.concat([
      writer.head(new Date()),
      ...pages.map((page) => writer.page(page)),
      writer.end(),
    ]),
  );
  const storedCount = async () => (await extension.ask('page-engine:status', null)).pageCount;
  const choose = async () => {
    const page = await extension.context.newPage();
    await page.goto(extension.url('/options.html'));
    await page.getByLabel('Choose a file to import').setInputFiles(file);
    return page;
  };

  let extension = await session.start();
  const page = await choose();
  await expect(page.getByText('many.jsonl: 4,000 new pages, 0 that change, 0 that')).toBeVisible();
  expect(await storedCount()).toBe(0);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect.poll(storedCount, { intervals: [20] }).toBeGreaterThan(200);
  extension = await session.restart();

  const kept = await storedCount();
  expect(kept).toBeGreaterThan(200);
  expect(kept).toBeLessThan(4_000);
  const again = await choose();
  const number = (count: number) => count.toLocaleString('en');
  await expect(
    again.getByText(
      `many.jsonl: ${number(4_000 - kept)} new pages, 0 that change, ${number(kept)} that are here`,
    ),
  ).toBeVisible();
  await again.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(again.getByText(/^Imported:/)).toBeVisible({ timeout: 60_000 });
  expect(await storedCount()).toBe(4_000);
});
