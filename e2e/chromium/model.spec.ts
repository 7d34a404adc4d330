import { cp, mkdir, rename, writeFile } from 'node:fs/promises';
import { chromeBuild } from '../lib/chromium.ts';
import type { Extension } from '../lib/extension.ts';
import { loadMadePages } from '../lib/made-pages.ts';
import { expect, test } from './fixtures.ts';

const folder = 'src/model-import/fixtures/model2vec-int8';

test('another model is chosen as a folder, waits, goes on, answers, and gives way again', async ({
  extension,
}, info) => {
  await loadMadePages((type, params) => extension.ask(type, params), 300);
  const shipped = (await extension.ask('page-engine:model', null)).model;
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html#model'));
  const section = page.locator('#model');
  await expect(section).toContainText(`${shipped.name} ${shipped.version}, comes with Dejalu`);
  const field = section.getByLabel('Choose the folder of a model');

  // A folder without a model changes nothing and says what is missing.
  const empty = info.outputPath('no-model');
  await mkdir(empty, { recursive: true });
  await writeFile(`${empty}/notes.txt`, 'nothing here');
  await field.setInputFiles(empty);
  await expect(section.getByRole('alert')).toContainText('model.safetensors is missing');
  expect((await extension.ask('page-engine:model', null)).change).toBeNull();

  await field.setInputFiles(folder);
  await section.getByRole('button', { name: 'Pause the change' }).click();
  await expect(section.getByRole('button', { name: 'Go on with the change' })).toBeVisible();
  await expect(section.getByRole('alert')).toHaveCount(0);
  await page.reload();
  await expect(section).toContainText('The change waits at');
  await expect(section).toContainText(`${shipped.name} ${shipped.version}, comes with Dejalu`);
  expect((await extension.search('coffee')).hits.length).toBeGreaterThan(0);

  await section.getByRole('button', { name: 'Go on with the change' }).click();
  await expect(section).toContainText('model2vec-int8 1.0.0, brought by you', { timeout: 60_000 });
  await expect(section).toContainText('Now model2vec-int8 answers.');
  expect((await extension.search('coffee')).hits.length).toBeGreaterThan(0);

  await section.getByRole('button', { name: 'Go back to the model of Dejalu' }).click();
  await expect(section).toContainText(`${shipped.name} ${shipped.version}, comes with Dejalu`, {
    timeout: 60_000,
  });
  await expect(section.getByRole('progressbar')).toHaveCount(0);
});

test('a start reads the model as the one before left it, and makes it again when it is damaged', async ({
  session,
}, info) => {
  const build = info.outputPath('build');
  await cp(chromeBuild, build, { recursive: true });
  session.build = build;
  const kept = (extension: Extension) =>
    extension.desk.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      for await (const [name, entry] of folder.entries()) {
        if (!name.startsWith('model-') || entry.kind !== 'file') continue;
        const file = await (entry as FileSystemFileHandle).getFile();
        return { size: file.size, begins: await file.slice(0, 4).text() };
      }
      return null;
    });
  const whole = { size: expect.any(Number), begins: 'DLPM' };
  let extension = await session.start();
  await loadMadePages((type, params) => extension.ask(type, params), 20);
  const found = (await extension.search('coffee')).hits.map(({ page }) => page.url);
  expect(found.length).toBeGreaterThan(0);
  await expect.poll(() => kept(extension)).toEqual(whole);

  // Without the package's own file there is nothing else to read.
  const table = `${build}/models/dejalu-1/table.safetensors`;
  await rename(table, `${table}.away`);
  extension = await session.restart();
  expect((await extension.search('coffee')).hits.map(({ page }) => page.url)).toEqual(found);

  await rename(`${table}.away`, table);
  await extension.desk.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    for await (const [name, entry] of folder.entries()) {
      if (!name.startsWith('model-')) continue;
      const stream = await (entry as FileSystemFileHandle).createWritable();
      await stream.write('not a model');
      await stream.close();
    }
  });
  extension = await session.restart();
  expect((await extension.search('coffee')).hits.map(({ page }) => page.url)).toEqual(found);
  await expect.poll(() => kept(extension)).toEqual(whole);
});
