import { open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Extension } from '../lib/extension.ts';
import { loadMadePages } from '../lib/made-pages.ts';
import { expect, test } from './fixtures.ts';

const pageCount = 150;
const query = 'telescope';
const patience = { timeout: 60_000, intervals: [500] };

/** Names of the files that the extension's folder of segments has. */
function segmentFiles({ desk }: Extension): Promise<readonly string[]> {
  return desk.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('segments', { create: true });
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });
}

/** Files of the private file system, as they lie in the profile. */
async function filesOnDisk(profile: string): Promise<readonly string[]> {
  const root = join(profile, 'Default/File System');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^\d{8}$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function flipInMiddle(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const at = Math.floor((await file.stat()).size / 2);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte.writeUInt8(byte.readUInt8(0) ^ 1);
    await file.write(byte, 0, 1, at);
  } finally {
    await file.close();
  }
}

const damages: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['changed by one bit', flipInMiddle],
  ['cut short', (path) => truncate(path, 100)],
  ['taken away', (path) => rm(path)],
];

for (const [what, damage] of damages) {
  test(`pages whose packed index was ${what} on the disk are found as before`, async ({
    session,
  }) => {
    let extension = await session.start();
    await loadMadePages((type, params) => extension.ask(type, params), pageCount);
    // What waits to be packed is packed at a start.
    extension = await session.restart();
    await expect.poll(async () => (await segmentFiles(extension)).length, patience).toBe(1);
    extension = await session.restart();
    const found = await extension.searchUrls(query);
    expect(found.length).toBeGreaterThan(5);
    await session.stop();
    // Of the private file system the model is the other file.
    const files = await filesOnDisk(session.profile);
    const sizes = await Promise.all(
      files.map(async (path) => ({ path, size: (await stat(path)).size })),
    );
    const [segment] = sizes.filter(({ size }) => size > 10_000 && size < 5_000_000);
    await damage(segment?.path ?? '');
    extension = await session.start();
    expect(await extension.searchUrls(query)).toEqual(found);
    const status = await extension.ask('page-engine:status', null);
    expect(status.pageCount).toBe(pageCount);
    expect(status.repaired.segments).toBe(1);
    // It is packed anew, and the damaged file is not left behind.
    extension = await session.restart();
    await expect.poll(async () => (await segmentFiles(extension)).length, patience).toBe(1);
    extension = await session.restart();
    expect((await extension.ask('page-engine:status', null)).repaired).toEqual({
      segments: 0,
      pages: 0,
    });
    expect(await extension.searchUrls(query)).toEqual(found);
  });
}
