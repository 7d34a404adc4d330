import { readFile, stat } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { findOnDisk } from '../lib/disk.ts';
import type { Extension } from '../lib/extension.ts';
import { loadMadePages } from '../lib/made-pages.ts';
import { expect, test } from './fixtures.ts';

/** Exports that lie in the extension's private files. */
const kept = (extension: Extension) =>
  extension.desk.evaluate(async () => {
    const names: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) {
      if (name.startsWith('export-')) names.push(name);
    }
    return names.length;
  });

async function openOptions(extension: Extension): Promise<Page> {
  const page = await extension.context.newPage();
  await page.goto(extension.url('/options.html#transfer'));
  return page;
}

async function exported(page: Page, path: string): Promise<string> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export every page' }).click();
  await (await downloading).saveAs(path);
  return readFile(path, 'utf8');
}

/** What an export holds as it is, and the store only compressed. */
const exportLine = { 'an export': Buffer.from('{"format":"dejalu-export"') };

test('the file of an export leaves the private files: later, at the next opening, and when all is erased', async ({
  session,
}, info) => {
  const extension = await session.start();
  await loadMadePages((type, params) => extension.ask(type, params), 300);

  let page = await openOptions(extension);
  await page.clock.install();
  expect(await exported(page, info.outputPath('first.jsonl'))).toContain('{"pages":300,');
  expect(await kept(extension)).toBe(1);
  await page.clock.fastForward('04:00');
  expect(await kept(extension)).toBe(1);
  await page.clock.fastForward('02:00');
  await expect.poll(() => kept(extension)).toBe(0);
  await page.close();

  page = await openOptions(extension);
  await exported(page, info.outputPath('second.jsonl'));
  expect(await kept(extension)).toBe(1);
  expect(await findOnDisk(session.profile, exportLine)).not.toEqual([]);
  await page.reload();
  await expect.poll(() => kept(extension)).toBe(0);

  await exported(page, info.outputPath('third.jsonl'));
  expect(await kept(extension)).toBe(1);
  await extension.ask('page-engine:forget', { by: 'everything' });
  expect(await kept(extension)).toBe(0);
  expect(await findOnDisk(session.profile, exportLine)).toEqual([]);
});

test('an export under way is stopped when everything is erased, and nothing of it is left', async ({
  session,
}) => {
  const extension = await session.start();
  await loadMadePages((type, params) => extension.ask(type, params), 3_000);
  const page = await openOptions(extension);
  let downloads = 0;
  page.on('download', () => {
    downloads += 1;
  });
  await page.getByRole('button', { name: 'Export every page' }).click();
  await expect(page.getByText(/^Exporting: [1-9]/)).toBeVisible();
  expect(await kept(extension)).toBe(1);
  await extension.ask('page-engine:forget', { by: 'everything' });
  expect(await kept(extension)).toBe(0);
  await expect(page.getByText(/^Exporting/)).toHaveCount(0);
  expect(downloads).toBe(0);
  expect(await findOnDisk(session.profile, exportLine)).toEqual([]);
});

test('an export that the browser’s end cut short is gone after the next start', async ({
  session,
}) => {
  let extension = await session.start();
  await loadMadePages((type, params) => extension.ask(type, params), 3_000);
  const page = await openOptions(extension);
  await page.getByRole('button', { name: 'Export every page' }).click();
  await expect(page.getByText(/^Exporting: [1-9]/)).toBeVisible();
  expect(await kept(extension)).toBe(1);
  extension = await session.restart();
  await expect.poll(() => kept(extension)).toBe(0);
  expect(await findOnDisk(session.profile, exportLine)).toEqual([]);
});

test('a full disk ends an export with a word about it, and leaves nothing', async ({
  extension,
}, info) => {
  await loadMadePages((type, params) => extension.ask(type, params), 300);
  const page = await extension.context.newPage();
  await page.addInitScript(() => {
    let room = 100_000;
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = async function (options) {
      const real = await createWritable.call(this, options);
      const writer = real.getWriter();
      return new WritableStream({
        async write(bytes: Uint8Array<ArrayBuffer>) {
          room -= bytes.length;
          if (room < 0) throw new DOMException('no space', 'QuotaExceededError');
          await writer.write(bytes);
        },
        close: () => writer.close(),
      }) as FileSystemWritableFileStream;
    };
  });
  await page.goto(extension.url('/options.html#transfer'));
  await page.getByRole('button', { name: 'Export every page' }).click();
  await expect(page.getByText('The disk is full, so the export was not finished')).toBeVisible();

  // Where the browser keeps no private files, an export is made in memory.
  await page.addInitScript(() => {
    navigator.storage.getDirectory = () => Promise.reject(new DOMException('', 'SecurityError'));
  });
  await page.reload();
  const file = info.outputPath('memory.jsonl');
  expect(await exported(page, file)).toContain('{"pages":300,');
  expect((await stat(file)).size).toBeGreaterThan(100_000);
});
