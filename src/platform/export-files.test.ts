import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createExportFile, eraseExports, removeLeftExports } from './export-files.ts';

/** What a private file system does here: folders of one file, which is busy while it is written. */
function fakeFolder() {
  const folders = new Map<string, { blob: Blob; isBusy: boolean }>();
  const handle = {
    keys: async function* () {
      yield* [...folders.keys()];
    },
    async removeEntry(name: string) {
      if (!folders.has(name)) throw new DOMException('', 'NotFoundError');
      if (folders.get(name)?.isBusy) throw new DOMException('', 'NoModificationAllowedError');
      folders.delete(name);
    },
    async getDirectoryHandle(name: string) {
      const folder = { blob: new Blob(), isBusy: false };
      folders.set(name, folder);
      const parts: Blob[] = [];
      return {
        getFileHandle: async () => ({
          async createWritable() {
            folder.isBusy = true;
            return new WritableStream({
              write: (bytes: Uint8Array<ArrayBuffer>) => void parts.push(new Blob([bytes])),
              close() {
                folder.isBusy = false;
                folder.blob = new Blob(parts);
              },
              abort() {
                folder.isBusy = false;
              },
            });
          },
          getFile: async () => folder.blob,
        }),
      };
    },
  };
  return { folders, handle };
}

let place = fakeFolder();
let isRefused = false;

beforeEach(() => {
  place = fakeFolder();
  isRefused = false;
  vi.stubGlobal('navigator', {
    locks: navigator.locks,
    storage: {
      async getDirectory() {
        if (isRefused) throw new DOMException('', 'SecurityError');
        return place.handle;
      },
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const bytes = new TextEncoder().encode('{"format":"dejalu-export"}\n');

async function made() {
  const file = await createExportFile();
  const writer = file.bytes.getWriter();
  await writer.write(bytes);
  await writer.close();
  return file;
}

test('an export is a file of its own with what was written, until it is removed', async () => {
  const file = await made();
  expect([...place.folders.keys()]).toEqual([expect.stringMatching(/^export-/)]);
  const whole = await file.whole('application/jsonl');
  expect(await whole.text()).toBe('{"format":"dejalu-export"}\n');
  expect(whole.type).toBe('application/jsonl');
  await file.remove();
  expect(place.folders.size).toBe(0);
  await file.remove(); // a second time is nothing
});

test('where the browser keeps no private files it is in memory', async () => {
  isRefused = true;
  const file = await made();
  expect(await (await file.whole('application/zip')).text()).toBe('{"format":"dejalu-export"}\n');
  expect(place.folders.size).toBe(0);
  await removeLeftExports();
  await eraseExports();
});

test('what was left behind is removed, and what is in use or not ours stays', async () => {
  place.folders.set('export-of-a-former-run', { blob: new Blob(), isBusy: false });
  place.folders.set('model-dejalu-1', { blob: new Blob(), isBusy: false });
  const file = await made();
  await removeLeftExports();
  expect([...place.folders.keys()]).toEqual([
    'model-dejalu-1',
    expect.stringMatching(/^export-[0-9a-f-]{36}$/),
  ]);
  await file.remove();
});

test('erasing takes every export, and stops one that is being made', async () => {
  const done = await made();
  const file = await createExportFile();
  // What makes it lets go when it is told.
  file.taken.addEventListener('abort', () => void file.bytes.abort());
  await eraseExports();
  expect(file.taken.aborted).toBe(true);
  expect(done.taken.aborted).toBe(true);
  expect(place.folders.size).toBe(0);
});

test('erasing says so when an export cannot be removed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  place.folders.set('export-busy', { blob: new Blob(), isBusy: true });
  const erased = expect(eraseExports()).rejects.toMatchObject({ code: 'storage-unavailable' });
  for (let times = 0; times < 60; times++) await vi.advanceTimersByTimeAsync(100);
  await erased;
  vi.useRealTimers();
});
