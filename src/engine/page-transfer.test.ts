import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { PageId, PageKey } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { codeBytes, type StaticModel } from '../core/model/types.ts';
import type { ExportedPage } from '../core/page/exported-page.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { digest, loadModelFolder } from './model-files.ts';

const folder = new URL('../../models/dejalu-1/', import.meta.url);
let model: StaticModel;
beforeAll(async () => {
  model = await loadModelFolder(
    async (name) => new Uint8Array(await readFile(new URL(name, folder))),
  );
});

function newEngine(store = new MemoryPageStore()): Engine {
  return new Engine({
    store,
    compressor: new DeflateCompressor(),
    loadModel: async () => model,
    kernels: ({ table }) => ({
      scan: new ReferenceScanKernel(codeBytes),
      similarities: new ReferenceSimilarityKernel(table),
    }),
    digest,
    now: () => 1_000_000,
    clock: () => 0,
  });
}

function page(path: string, text: string, readAt: number) {
  const url = `https://site.example/${path}`;
  const blocks = [
    { kind: 'heading' as const, text: `About ${path}` },
    { kind: 'text' as const, text },
  ];
  return {
    key: url as PageKey,
    url,
    title: `Page ${path}`,
    blocks,
    lang: 'en',
    type: 'docs' as const,
    readAt,
  };
}

const bees = 'The hives on the roof gave dark honey in August.';
const watch = 'The hairspring of the wristwatch was magnetised.';

async function everything(engine: Engine, limit = 1): Promise<ExportedPage[]> {
  const pages: ExportedPage[] = [];
  let after: PageId | null = null;
  do {
    const slice: Awaited<ReturnType<Engine['exportPages']>> = await engine.exportPages({
      after,
      limit,
    });
    pages.push(...slice.pages);
    after = slice.next;
  } while (after !== null);
  return pages;
}

async function engineWithTwo(): Promise<Engine> {
  const engine = newEngine();
  await engine.readPage(page('bees', bees, 1_000));
  await engine.readPage(page('bees', bees, 5_000));
  const { pageId } = await engine.readPage(page('watch', watch, 2_000));
  await engine.setPinned(pageId, true);
  return engine;
}

test('what was exported is the same after an import elsewhere, and is found', async () => {
  const pages = await everything(await engineWithTwo());
  expect(pages.map(({ visits }) => visits)).toEqual([[1_000, 5_000], [2_000]]);
  const other = newEngine();
  expect(await other.importPages({ pages, isTrial: false })).toEqual({
    added: 2,
    updated: 0,
    unchanged: 0,
  });
  expect(await everything(other)).toEqual(pages);
  const { hits } = await other.search({ query: 'keeping insects for honey', limit: 2 });
  expect(hits[0]?.page).toMatchObject({ title: 'Page bees', readCount: 2 });
});

test('importing twice changes nothing, and a trial never does', async () => {
  const engine = await engineWithTwo();
  const pages = await everything(engine);
  const same = { added: 0, updated: 0, unchanged: 2 };
  expect(await engine.importPages({ pages, isTrial: false })).toEqual(same);
  const empty = newEngine();
  expect(await empty.importPages({ pages, isTrial: true })).toMatchObject({ added: 2 });
  expect(await everything(empty)).toEqual([]);
});

test('a page known on both sides is joined: all visits, the later text, pinned by either', async () => {
  const [old, pinned] = await everything(await engineWithTwo());
  const engine = newEngine();
  await engine.readPage(page('bees', `${bees} And again in September.`, 9_000));
  await engine.readPage(page('watch', 'An older text about watches.', 1_500));
  const receipt = await engine.importPages({ pages: [old!, pinned!], isTrial: false });
  expect(receipt).toEqual({ added: 0, updated: 2, unchanged: 0 });
  const [first, second] = await everything(engine);
  expect(first).toMatchObject({ visits: [1_000, 5_000, 9_000], readCount: 3, firstReadAt: 1_000 });
  expect(first!.passages[0]!.text).toContain('September');
  expect(second).toMatchObject({ visits: [1_500, 2_000], isPinned: true, lastReadAt: 2_000 });
  expect(second!.passages).toEqual(pinned!.passages);
  expect(await engine.importPages({ pages: [old!, pinned!], isTrial: false })).toEqual({
    added: 0,
    updated: 0,
    unchanged: 2,
  });
});

test('a page of title and address alone is found by them, and never takes the place of a text', async () => {
  const engine = newEngine();
  const [known] = await everything(await engineWithTwo());
  const listed = (path: string): ExportedPage => ({
    ...known!,
    key: `https://site.example/${path}` as PageKey,
    url: `https://site.example/${path}`,
    title: `Notes about ${path}`,
    firstReadAt: 7_000,
    lastReadAt: 7_000,
    visits: [],
    passages: [{ text: `Notes about ${path}\nsite.example ${path}` }],
  });
  const request = { pages: [listed('bees'), listed('tides')], isTrial: false, onlyNew: true };
  await engine.readPage(page('bees', bees, 1_000));
  expect(await engine.importPages({ ...request, isTrial: true })).toMatchObject({ added: 1 });
  const done = { added: 1, updated: 0, unchanged: 1 };
  expect(await engine.importPages(request)).toEqual(done);
  const [first, second] = await everything(engine);
  expect(first).toMatchObject({ title: 'Page bees', lastReadAt: 1_000 });
  expect(first!.passages[0]!.text).toContain('dark honey');
  expect(second).toMatchObject({ title: 'Notes about tides', visits: [7_000] });
  const { hits } = await engine.search({ query: 'notes tides', limit: 3 });
  expect(hits[0]?.page.title).toBe('Notes about tides');
  expect(await engine.importPages(request)).toEqual({ added: 0, updated: 0, unchanged: 2 });
});

test('a page whose text is damaged is left out and counted', async () => {
  const store = new MemoryPageStore();
  const engine = newEngine(store);
  await engine.readPage(page('bees', bees, 1_000));
  await engine.readPage(page('watch', watch, 2_000));
  const texts = store.texts.bind(store);
  store.texts = async (ids) => (ids[0] === 1 ? [Uint8Array.of(1, 2)] : texts(ids));
  const slice = await engine.exportPages({ after: null, limit: 10 });
  expect(slice).toMatchObject({ unreadable: 1, next: null });
  expect(slice.pages.map(({ title }) => title)).toEqual(['Page watch']);
});

test('a page of 50 MB of text is refused, in a trial too, and nothing of it is stored', async () => {
  const from = newEngine();
  await from.readPage(page('bees', bees, 1_000));
  const [small] = (await everything(from)) as [ExportedPage];
  const passages = Array.from({ length: 50 }, () => ({ text: 'abcd '.repeat(210_000) }));
  const to = newEngine();
  for (const isTrial of [true, false]) {
    await expect(
      to.importPages({ pages: [{ ...small, passages }], isTrial }),
    ).rejects.toMatchObject({ code: 'bad-request', details: { length: 52_500_000 } });
  }
  expect((await to.open()).pageCount).toBe(0);
});
