import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { deleteDB } from 'idb';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import type { StaticModel } from '../core/model/types.ts';
import { DeflateCompressor } from '../engine/deflate.ts';
import { Engine } from '../engine/engine.ts';
import { digest, loadModelFolder } from '../engine/model-files.ts';
import { createKernels } from '../kernels/kernels.ts';
import { IdbPageStore } from './idb-page-store.ts';
import { MemoryFolder } from './memory-folder.test-tools.ts';

const name = 'dejalu-repair';
const modelFolder = new URL('../../models/dejalu-1/', import.meta.url);
const subjects = ['bees on a roof', 'a watch that stopped', 'glaciers and tides', 'old bread'];
let model: StaticModel;
let folder = new MemoryFolder();
let engine: Engine;
let now = 0;
const told: string[] = [];

function openEngine(): Engine {
  return new Engine({
    store: new IdbPageStore({ name, openFiles: async () => folder }),
    compressor: new DeflateCompressor(),
    loadModel: async () => model,
    kernels: createKernels,
    digest,
    now: () => 1_000_000,
    clock: () => now,
    packLimits: { minChanged: 2, maxChanged: 8, tiers: [] },
    smallIndexBytes: 0,
    report: (message) => told.push(message),
  });
}

async function tidyUp(): Promise<void> {
  while (!(await engine.maintain({ by: 'forever' })).isDone);
}

async function titlesFor(query: string): Promise<readonly string[]> {
  const { hits } = await engine.search({ query, limit: 20 });
  return hits.map(({ page }) => page.title);
}

beforeAll(async () => {
  model = await loadModelFolder(
    async (file) => new Uint8Array(await readFile(new URL(file, modelFolder))),
  );
});

afterEach(async () => {
  await engine.close();
  await deleteDB(name);
});

describe('damage on the disk while the engine runs', () => {
  async function filled(): Promise<void> {
    folder = new MemoryFolder();
    told.length = 0;
    now = 0;
    engine = openEngine();
    for (const [i, subject] of [...subjects, ...subjects].entries()) {
      const url = `https://site.example/p${i}`;
      await engine.readPage({
        key: url as PageKey,
        url,
        title: `Title ${i} about ${subject}`,
        blocks: [{ kind: 'text', text: `What was said of ${subject}, number${i}.` }],
        lang: 'en',
        type: 'article',
        readAt: 1_000 + i,
      });
    }
    await tidyUp();
    expect(folder.files.size).toBe(1);
  }

  const cutFiles = () => {
    for (const [file, bytes] of folder.files) folder.files.set(file, bytes.subarray(0, 40));
  };

  it('is made good from the texts of the pages, and the search that met it answers', async () => {
    await filled();
    cutFiles();
    const expected = await titlesFor('glaciers number2');
    expect(expected[0]).toBe('Title 2 about glaciers and tides');
    expect(told.filter((one) => one.includes('opened anew'))).toHaveLength(1);
    expect((await engine.status()).repaired).toEqual({ segments: 1, pages: 8 });
    await tidyUp();
    expect(await titlesFor('glaciers number2')).toEqual(expected);
    await engine.close();
    engine = openEngine();
    expect(await titlesFor('glaciers number2')).toEqual(expected);
    expect((await engine.status()).repaired).toEqual({ segments: 0, pages: 0 });
  });

  it('is made good by idle work that meets it, and two searches at once do it once', async () => {
    await filled();
    cutFiles();
    const asked = await Promise.all(['glaciers number2', 'glaciers  number2'].map(titlesFor));
    for (const [first] of asked) expect(first).toBe('Title 2 about glaciers and tides');
    expect((await engine.status()).repaired).toEqual({ segments: 1, pages: 8 });
    await tidyUp();
    cutFiles();
    now += 60_000;
    // Half of the rows die, so the segment is to be written anew, which reads all of it.
    for (let i = 0; i < 5; i++) {
      const url = `https://site.example/p${i}`;
      await engine.readPage({
        key: url as PageKey,
        url,
        title: `Title ${i} anew`,
        blocks: [{ kind: 'text', text: `Something else, number${i}.` }],
        lang: 'en',
        type: 'article',
        readAt: 9_000 + i,
      });
    }
    await tidyUp();
    expect((await engine.status()).repaired.segments).toBe(2);
    expect(await titlesFor('number7')).toContain('Title 7 about old bread');
  });

  it('that opening anew does not find is told, and not looked for again at every key', async () => {
    await filled();
    // All of a part can be read, but not a piece of it.
    folder.leastRead = 100;
    const failed = { code: 'storage-corrupt' };
    await expect(engine.search({ query: 'number2', limit: 9 })).rejects.toMatchObject(failed);
    await expect(engine.search({ query: 'number3', limit: 9 })).rejects.toMatchObject(failed);
    expect(told.filter((one) => one.includes('opened anew'))).toHaveLength(1);
  });
});
