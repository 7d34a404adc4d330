import { readFile } from 'node:fs/promises';
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageId, PageKey } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { codeBytes, type StaticModel } from '../core/model/types.ts';
import type { PageText } from '../core/page/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { IdbPageStore } from '../storage/idb-page-store.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { digest, loadModelFolder } from './model-files.ts';
import type { EngineParts, PageStore } from './ports.ts';

const folder = new URL('../../models/dejalu-1/', import.meta.url);
let model: StaticModel;

beforeAll(async () => {
  model = await loadModelFolder(
    async (name) => new Uint8Array(await readFile(new URL(name, folder))),
  );
});

function engineOn(store: PageStore, change: Partial<EngineParts> = {}): Engine {
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
    ...change,
  });
}

function page(path: string, title: string, text: string, readAt = 1_000): PageText {
  const url = `https://site.example/${path}`;
  const blocks = text.split('\n').map((line) => ({ kind: 'text' as const, text: line }));
  return { key: url as PageKey, url, title, blocks, lang: 'en', type: 'article', readAt };
}

const bees = page('bees', 'Nineteen jars', 'The hives on the roof gave dark honey in August.');
const watch = page(
  'watch',
  'Four minutes a day',
  'The hairspring of the wristwatch was magnetised.',
);

const stores: readonly [string, () => () => PageStore][] = [
  [
    'memory',
    () => {
      const store = new MemoryPageStore();
      return () => store;
    },
  ],
  [
    'IndexedDB',
    () => {
      const name = `engine-${Math.random()}`;
      return () => new IdbPageStore({ name });
    },
  ],
];

async function urls(engine: Engine, query: string): Promise<string[]> {
  const { hits } = await engine.search({ query, limit: 10 });
  return hits.map((hit) => hit.page.url);
}

describe.each(stores)('the engine over %s', (_name, openSame) => {
  it('finds what it read, by meaning, and again after it was opened anew', async () => {
    const open = openSame();
    const first = engineOn(open());
    expect(await first.readPage(bees)).toMatchObject({ outcome: 'stored', passageCount: 1 });
    await first.readPage(watch);
    expect((await urls(first, 'beekeeping on top of a building'))[0]).toBe(bees.url);
    await first.close();
    const second = engineOn(open());
    expect((await urls(second, 'repairing a timepiece'))[0]).toBe(watch.url);
    expect((await second.status()).pageCount).toBe(2);
    await second.close();
  });

  it('maps what was read, leaves pages where they lie, and lets go of what is forgotten', async () => {
    const open = openSame();
    const store = open();
    const engine = engineOn(store, { clock: () => performance.now() });
    const mapOf = async (asked: Engine) => {
      for (;;) {
        const slice = await asked.readingMap({ from: 0, limit: 100 });
        if (slice.state === 'ready') return slice;
        expect(slice.done).toBeGreaterThanOrEqual(0);
        // Queries are answered while it is drawn.
        await asked.search({ query: 'honey', limit: 1 });
      }
    };
    const ids = [];
    for (let at = 0; at < 12; at++) {
      const { title, blocks } = at % 2 === 0 ? bees : watch;
      ids.push((await engine.readPage(page(`${at}`, title, blocks[0]?.text ?? ''))).pageId);
    }
    const first = await mapOf(engine);
    expect(first.total).toBe(12);
    expect(first.pages.map(({ id }) => id)).toEqual(ids);

    await engine.readPage(page('late', bees.title, 'Honey from the hives on the roof.'));
    const second = await mapOf(engine);
    expect(second.version).toBeGreaterThan(first.version);
    expect(second.pages.slice(0, 12)).toEqual(first.pages);

    await engine.forget({ by: 'ids', ids: [ids[0] as PageId] });
    expect([...((await store.savedMap())?.ids ?? [])]).not.toContain(ids[0]);
    expect((await mapOf(engine)).total).toBe(12);
    await engine.close();
    const again = engineOn(open());
    expect((await mapOf(again)).pages[0]).toEqual(first.pages[1]);
    await again.close();
  });

  it('records only the visit of an unchanged page', async () => {
    const engine = engineOn(openSame()());
    const { pageId } = await engine.readPage(bees);
    const again = await engine.readPage({ ...bees, readAt: 5_000 });
    expect(again).toEqual({ pageId, outcome: 'unchanged', passageCount: 1, encodedCount: 0 });
    const [recent] = await engine.recentPages({ limit: 5 });
    expect(recent).toMatchObject({ readCount: 2, firstReadAt: 1_000, lastReadAt: 5_000 });
    expect(await engine.visits({ from: 0, to: 9_000, limit: 9 })).toHaveLength(2);
    await engine.close();
  });

  it('keeps nothing of what an edit took out', async () => {
    const engine = engineOn(openSame()());
    const { pageId } = await engine.readPage(page('a', 'Minutes', 'The word is zanzibarquux.'));
    await engine.readPage(page('a', 'Minutes', 'The roof was repaired.'));
    const stored = await engine.storedPage(pageId);
    expect(JSON.stringify(stored)).not.toContain('zanzibarquux');
    for (const hit of (await engine.search({ query: 'zanzibarquux', limit: 5 })).hits) {
      expect(hit.snippet.text).not.toContain('zanzibarquux');
      expect(hit.parts.lexical ?? 0).toBe(0);
    }
    await engine.close();
  });

  it('forgets for certain and says so truthfully', async () => {
    const open = openSame();
    const engine = engineOn(open());
    const { pageId } = await engine.readPage(bees);
    await engine.readPage(watch);
    const receipt = await engine.forget({ by: 'ids', ids: [pageId] });
    expect(receipt).toMatchObject({
      pages: 1,
      passages: 1,
      visits: 1,
      left: { pages: 0, texts: 0, codes: 0, terms: 0, visits: 0 },
    });
    expect(await urls(engine, 'honey')).not.toContain(bees.url);
    expect(await engine.storedPage(pageId)).toBeNull();
    await engine.close();
    const again = engineOn(open());
    expect(await urls(again, 'honey hives roof')).not.toContain(bees.url);
    expect((await again.forget({ by: 'everything' })).pages).toBe(1);
    expect((await again.status()).passageCount).toBe(0);
    // An id is never given to another page.
    expect((await again.readPage(bees)).pageId).toBeGreaterThan(pageId);
    await again.close();
  });

  it('equals a plain map after any sequence of reading, forgetting and reopening', async () => {
    type Step = { do: 'read' | 'forget' | 'reopen'; page: number; version: number };
    const steps: fc.Arbitrary<Step[]> = fc.array(
      fc.record({
        do: fc.constantFrom('read' as const, 'read' as const, 'forget' as const, 'reopen' as const),
        page: fc.nat(3),
        version: fc.nat(2),
      }),
      { maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const open = openSame();
        let engine = engineOn(open());
        const expected = new Map<string, string>();
        for (const step of history) {
          const path = `p${step.page}`;
          const text = `Version number${step.version} of subject${step.page}.`;
          if (step.do === 'read') {
            await engine.readPage(page(path, `Title ${step.page}`, text));
            expected.set(path, text);
          } else if (step.do === 'forget') {
            const keys = [`https://site.example/${path}` as PageKey];
            const receipt = await engine.forget({ by: 'keys', keys });
            expect(receipt.pages).toBe(expected.delete(path) ? 1 : 0);
          } else {
            await engine.close();
            engine = engineOn(open());
          }
        }
        expect((await engine.open()).pageCount).toBe(expected.size);
        for (const [path, text] of expected) {
          const known = await engine.pageByKey(`https://site.example/${path}` as PageKey);
          const stored = await engine.storedPage(known!.id);
          expect(stored?.passages.map((passage) => passage.text)).toEqual([text]);
          expect(await urls(engine, `subject${path.slice(1)}`)).toContain(known!.url);
        }
        await engine.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('the engine in trouble', () => {
  it('takes pages that are empty, huge, or full of what is no text', async () => {
    const engine = engineOn(new MemoryPageStore());
    const kept = await engine.readPage(bees);
    await engine.readPage(page('empty', 'Only a title about glaciers', ''));
    await engine.readPage(page('controls', 'Controls', '\u0000\u0007\u001b[31m bell \ufffe'));
    await engine.readPage(page('lone', 'Lone \ud83d', 'high \ud83d low \ude00 end'));
    const huge = 'The tide table of the harbour repeats itself. '.repeat(110_000);
    const receipt = await engine.readPage(page('huge', 'Five megabytes', huge));
    expect(receipt.passageCount).toBeGreaterThan(5_000);
    expect(await urls(engine, 'glaciers')).toContain('https://site.example/empty');
    expect((await urls(engine, 'tide table harbour'))[0]).toBe('https://site.example/huge');
    expect((await engine.storedPage(kept.pageId))?.passages[0]?.text).toContain('dark honey');
  }, 60_000);

  it('refuses a text of 50 MB by its length, and goes on', async () => {
    const engine = engineOn(new MemoryPageStore());
    const { pageId } = await engine.readPage(bees);
    const long = { ...bees, blocks: [{ kind: 'text' as const, text: 'abcd '.repeat(10_500_000) }] };
    await expect(engine.readPage(long)).rejects.toMatchObject({
      code: 'bad-request',
      message: 'A page has a text of 52500000 characters; at most 8388608 are allowed.',
      details: { length: 52_500_000, most: 8_388_608 },
    });
    // What was stored of the page before stays as it is.
    expect(await urls(engine, 'honey')).toEqual([bees.url]);
    expect((await engine.storedPage(pageId))?.passages[0]?.text).toContain('dark honey');
  });

  it('gives back the longest text that it takes, in letters of three bytes', async () => {
    const engine = engineOn(new MemoryPageStore());
    const text = '한국어문장 '.repeat(1_398_101);
    const { pageId, passageCount } = await engine.readPage(page('long', 'Long', text));
    const passages = (await engine.storedPage(pageId))?.passages ?? [];
    expect(passages).toHaveLength(passageCount);
    expect(passages.map((one) => one.text).join(' ')).toBe(text.trimEnd());
    expect(await urls(engine, '한국어문장')).toEqual(['https://site.example/long']);
  });

  it('says what failed when the store does not open, and tries again when asked', async () => {
    const store = new MemoryPageStore();
    let isBroken = true;
    const open = store.open.bind(store);
    store.open = async () => {
      if (isBroken) throw Object.assign(new Error('no access'), { name: 'SecurityError' });
      return open();
    };
    const engine = engineOn(store);
    await expect(engine.readPage(bees)).rejects.toMatchObject({ code: 'engine-failed' });
    expect(await engine.status()).toMatchObject({
      state: 'failed',
      error: { code: 'engine-failed', message: 'no access' },
    });
    isBroken = false;
    expect(await engine.readPage(bees)).toMatchObject({ outcome: 'stored' });
    expect((await engine.status()).state).toBe('ready');
  });

  it('shows nothing that did not commit', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    await engine.readPage(watch);
    const write = store.writePage.bind(store);
    store.writePage = async () => {
      throw Object.assign(new Error('the quota is full'), { code: 'storage-full' });
    };
    await expect(engine.readPage(bees)).rejects.toThrow('the quota is full');
    expect(await urls(engine, 'honey hives')).not.toContain(bees.url);
    store.writePage = write;
    await engine.readPage(bees);
    expect((await urls(engine, 'honey hives'))[0]).toBe(bees.url);
  });

  it('makes a damaged page again from its text, and passes over one it cannot read', async () => {
    const store = new MemoryPageStore();
    const first = engineOn(store);
    const { pageId } = await first.readPage(bees);
    const lost = await first.readPage(watch);
    const entries = await store.entries();
    const damaged = entries.map((entry) => ({ ...entry, checksum: entry.checksum ^ 1 }));
    await store.writeEntries(damaged);
    const texts = store.texts.bind(store);
    store.texts = async (ids) =>
      (await texts(ids)).map((bytes, i) => (ids[i] === lost.pageId ? Uint8Array.of(1, 2) : bytes));
    const told: string[] = [];
    const second = engineOn(store, { report: (message) => told.push(message) });
    expect((await urls(second, 'honey'))[0]).toBe(bees.url);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`Page ${lost.pageId}`);
    expect((await store.entries()).find((entry) => entry.pageId === pageId)?.checksum).toBe(
      entries.find((entry) => entry.pageId === pageId)?.checksum,
    );
  });

  it('lets the newest query of a client win', async () => {
    const engine = engineOn(new MemoryPageStore());
    await engine.readPage(bees);
    const older = engine.search({ query: 'hon', limit: 5, client: 'popup' });
    const newer = engine.search({ query: 'honey', limit: 5, client: 'popup' });
    const other = engine.search({ query: 'roof', limit: 5, client: 'panel' });
    await expect(older).rejects.toMatchObject({ code: 'superseded' });
    expect((await newer).hits).toHaveLength(1);
    expect((await other).hits).toHaveLength(1);
  });

  it('shows more hits of the last question without ranking it again, until something changes', async () => {
    let at = 0;
    const engine = engineOn(new MemoryPageStore(), { clock: () => at });
    const read = (path: string) =>
      engine.readPage(
        page(path, `Hive ${path}`, `What the keeper of hive ${path} wrote of its honey`),
      );
    for (const path of ['a', 'b', 'c', 'd', 'e']) await read(path);
    const ask = (limit: number) => engine.search({ query: 'honey', limit });
    const few = await ask(2);
    const more = await ask(20);
    expect(few.timings).toHaveProperty('rescore');
    expect(Object.keys(more.timings)).toEqual(['more']);
    expect(more.hits).toHaveLength(5);
    expect(more.hits.slice(0, 2)).toEqual(few.hits);
    expect(more).toMatchObject({ searchedPages: few.searchedPages, problems: few.problems });

    const { pageId } = await read('f');
    expect((await ask(20)).hits).toHaveLength(6);
    await engine.forget({ by: 'ids', ids: [pageId] });
    expect((await ask(20)).hits).toEqual(more.hits);
    expect(Object.keys((await ask(20)).timings)).toEqual(['more']);
    at += 11_000;
    expect((await ask(20)).timings).toHaveProperty('rescore');
    // A change that goes on has a part of the new state already.
    const change = read('g');
    await ask(20);
    await change;
    expect((await ask(20)).hits).toHaveLength(6);
    await engine.close();
  });

  it('lets go of what may not stay, pinned pages excepted', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    const paths = ['a', 'b', 'c', 'd', 'e'];
    for (const [i, path] of paths.entries()) {
      await engine.readPage(page(path, path, `The text of ${path} and its hives`, 1_000 + i));
    }
    const left = async () => (await engine.recentPages({ limit: 9 })).map(({ title }) => title);
    const first = await engine.pageByKey('https://site.example/a' as PageKey);
    await engine.setPinned(first?.id as PageId, true);
    await engine.maintain({ by: 'forever' });
    await engine.maintain({ by: 'pages', count: 5 });
    expect(await left()).toEqual(['e', 'd', 'c', 'b', 'a']);
    await engine.maintain({ by: 'pages', count: 3 });
    expect(await left()).toEqual(['e', 'd', 'a']);
    // The engine's clock stands at 1,000 seconds, long before any page is a day old.
    await engine.maintain({ by: 'age', days: 1 });
    expect(await left()).toEqual(['e', 'd', 'a']);
    await engine.close();
    const later = engineOn(store, { now: () => 2 * 86_400_000 });
    await later.maintain({ by: 'age', days: 1 });
    expect((await later.recentPages({ limit: 9 })).map(({ title }) => title)).toEqual(['a']);
    expect((await later.search({ query: 'hives', limit: 9 })).hits).toHaveLength(1);
    await later.close();
  });

  it('forgets and reads again a page whose text cannot be read', async () => {
    const store = new MemoryPageStore();
    const { pageId } = await engineOn(store).readPage(bees);
    const entries = await store.entries();
    await store.writeEntries(entries.map((entry) => ({ ...entry, checksum: entry.checksum ^ 1 })));
    const texts = store.texts;
    store.texts = async (ids) => ids.map(() => Uint8Array.of(1, 2));
    const selections = [
      { by: 'ids', ids: [pageId] },
      { by: 'keys', keys: [bees.key] },
      { by: 'site', site: 'site.example' },
    ] as const;
    const second = engineOn(store);
    await second.open();
    expect((await second.status()).pageCount).toBe(0);
    store.texts = texts;
    expect(await second.readPage(bees)).toMatchObject({ pageId, outcome: 'updated' });
    expect(await urls(second, 'honey')).toEqual([bees.url]);
    for (const selection of selections) {
      const kept = await store.recordByKey(bees.key);
      const again = kept ?? (await store.record((await second.readPage(bees)).pageId));
      const unread = await store.entries();
      await store.writeEntries(unread.map((entry) => ({ ...entry, checksum: -1 })));
      store.texts = async (ids) => ids.map(() => Uint8Array.of(1, 2));
      const third = engineOn(store);
      const ids = again === null ? [] : [again.id];
      const chosen = selection.by === 'ids' ? { by: 'ids' as const, ids } : selection;
      expect(await third.forget(chosen)).toMatchObject({ pages: 1 });
      store.texts = texts;
      expect(await store.recordByKey(bees.key)).toBeNull();
      await second.close();
    }
  });

  it('does not keep a text that was replaced while it was being read', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    const { pageId } = await engine.readPage(bees);
    const texts = store.texts;
    let goOn = () => {};
    store.texts = async (ids) => {
      const old = await texts.call(store, ids);
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return old;
    };
    const reading = engine.storedPage(pageId);
    await new Promise((resolve) => setTimeout(resolve, 10));
    store.texts = texts;
    await engine.readPage(page('bees', 'Nineteen jars', 'The hives were sold in winter.'));
    goOn();
    await reading;
    const stored = await engine.storedPage(pageId);
    expect(stored?.passages.map((passage) => passage.text)).toEqual([
      'The hives were sold in winter.',
    ]);
  });

  it('moves no codes while a search runs', async () => {
    const store = new MemoryPageStore();
    const scan = new ReferenceScanKernel(codeBytes);
    const engine = engineOn(store, {
      kernels: ({ table }) => ({ scan, similarities: new ReferenceSimilarityKernel(table) }),
    });
    const { pageId } = await engine.readPage(bees);
    await engine.readPage(watch);
    const rowOf = (row: number) => scan.codes().slice(row * codeBytes, (row + 1) * codeBytes);
    const codeOfWatch = rowOf(1);
    const texts = store.texts;
    let goOn = () => {};
    const isReading = new Promise<void>((resolve) => {
      store.texts = async (ids) => {
        resolve();
        await new Promise<void>((release) => {
          goOn = release;
        });
        return texts.call(store, ids);
      };
    });
    const searching = urls(engine, 'repairing a timepiece');
    await isReading;
    store.texts = texts;
    await engine.forget({ by: 'ids', ids: [pageId] });
    expect(rowOf(0)).toEqual(new Uint8Array(codeBytes));
    const idle = () => engine.maintain({ by: 'forever' });
    await idle();
    expect(rowOf(1)).toEqual(codeOfWatch);
    goOn();
    expect(await searching).toEqual([watch.url]);
    await idle();
    expect(rowOf(0)).toEqual(codeOfWatch);
    expect(rowOf(1)).toEqual(new Uint8Array(codeBytes));
    expect(await urls(engine, 'repairing a timepiece')).toEqual([watch.url]);
    await engine.close();
  });
});
