import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { codeBytes, type StaticModel } from '../core/model/types.ts';
import type { PageText } from '../core/page/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { digest, loadModelFolder } from './model-files.ts';
import type { EngineParts, Segment } from './ports.ts';

const folder = new URL('../../models/dejalu-1/', import.meta.url);
let model: StaticModel;

beforeAll(async () => {
  model = await loadModelFolder(
    async (name) => new Uint8Array(await readFile(new URL(name, folder))),
  );
});

/** So small that a few pages make segments, and a few segments are merged twice over. */
const packLimits = {
  minChanged: 2,
  maxChanged: 3,
  tiers: [
    { rows: 4, count: 2 },
    { rows: 7, count: 2 },
  ],
};

function engineOn(store: MemoryPageStore, change: Partial<EngineParts> = {}): Engine {
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
    packLimits,
    smallIndexBytes: 0,
    ...change,
  });
}

const keyOf = (number: number) => `https://site.example/p${number}` as PageKey;

function pageOf(number: number, version: number, readAt = 1_000): PageText {
  const subjects = ['bees on a roof', 'a watch that stopped', 'glaciers and tides', 'old bread'];
  const text = `Version number${version} of subject${number}, about ${subjects[number % 4]}.`;
  return {
    key: keyOf(number),
    url: `${keyOf(number)}?v=${version}`,
    title: `Title ${number} in version ${version}`,
    blocks: [{ kind: 'text', text }],
    lang: number % 2 === 0 ? 'en' : 'ko',
    type: 'article',
    readAt,
  };
}

async function tidyUp(engine: Engine): Promise<void> {
  for (;;) if ((await engine.maintain({ by: 'forever' })).isDone) return;
}

async function segmentsOf(store: MemoryPageStore): Promise<Segment[]> {
  return Promise.all((await store.segments()).map(({ id }) => store.segment(id)));
}

async function answers(engine: Engine): Promise<unknown> {
  const found = [];
  for (const query of ['beekeeping', 'subject1 number0', 'a timepiece', 'title ver']) {
    const { hits } = await engine.search({ query, limit: 20 });
    found.push(
      hits
        .map(({ page, parts, snippet }) => {
          const { id: _id, ...summary } = page;
          // Not the words' part: how many pages have a word counts those replaced until a merge.
          return { summary, dense: parts.dense?.toFixed(3), snippet: snippet.text };
        })
        .sort((a, b) => (a.summary.url < b.summary.url ? -1 : 1)),
    );
  }
  return found;
}

describe('packing', () => {
  it('answers as without, after any sequence of reading, forgetting, packing and death', async () => {
    const step = fc.record({
      do: fc.constantFrom('read', 'read', 'read', 'forget', 'pack', 'tidy', 'die', 'pin' as const),
      page: fc.nat(9),
      version: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (history) => {
        const store = new MemoryPageStore();
        let engine = engineOn(store);
        const plain = engineOn(new MemoryPageStore(), {
          packLimits: { ...packLimits, minChanged: 1_000 },
        });
        for (const [time, { do: what, page, version }] of history.entries()) {
          if (what === 'pack') await engine.maintain({ by: 'forever' });
          else if (what === 'tidy') await tidyUp(engine);
          else if (what === 'die') engine = engineOn(store);
          else {
            for (const each of [engine, plain]) {
              if (what === 'read') await each.readPage(pageOf(page, version, 1_000 + time));
              else if (what === 'forget') await each.forget({ by: 'keys', keys: [keyOf(page)] });
              else {
                const known = await each.pageByKey(keyOf(page));
                if (known !== null) await each.setPinned(known.id, version === 0);
              }
            }
          }
        }
        const expected = await answers(plain);
        expect(await answers(engine)).toEqual(expected);
        const reopened = engineOn(store);
        expect(await answers(reopened)).toEqual(expected);
        const { pageCount, passageCount, sizeBytes, repaired } = await reopened.status();
        const { text } = (await plain.status()).sizeBytes;
        expect([pageCount, passageCount]).toEqual([
          (await plain.status()).pageCount,
          (await plain.status()).passageCount,
        ]);
        expect(sizeBytes.text).toBe(text);
        expect(repaired).toEqual({ segments: 0, pages: 0 });
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('empties the tail, merges small segments, and leaves nothing to do', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    for (let i = 0; i < 20; i++) await engine.readPage(pageOf(i, 0));
    await tidyUp(engine);
    expect((await store.entries()).length).toBeLessThan(packLimits.minChanged);
    const segments = await segmentsOf(store);
    expect(segments.length).toBeLessThan(5);
    expect(new Set(segments.flatMap(({ pageIds }) => [...pageIds])).size).toBeGreaterThan(18);
    expect(await engine.maintain({ by: 'forever' })).toEqual({ isDone: true });
  });

  it('reads at a start only the records that changed since', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    for (let i = 0; i < 9; i++) await engine.readPage(pageOf(i, 0));
    await tidyUp(engine);
    await engine.readPage(pageOf(3, 0, 5_000));
    const asked: number[] = [];
    const recordsSince = store.recordsSince.bind(store);
    store.recordsSince = (revision) => {
      asked.push(revision);
      return recordsSince(revision);
    };
    const again = engineOn(store);
    expect((await again.status()).state).toBe('starting');
    await again.open();
    expect(asked).toEqual([9]);
    expect((await again.pageByKey(keyOf(3)))?.lastReadAt).toBe(5_000);
    const { hits } = await again.search({ query: 'subject3', limit: 1 });
    expect(hits[0]?.page).toMatchObject({ lastReadAt: 5_000, readCount: 2 });
  });

  it('takes a forgotten page out of the segments with the same receipt', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    for (let i = 0; i < 12; i++) await engine.readPage(pageOf(i, 0));
    await tidyUp(engine);
    const page = await engine.pageByKey(keyOf(5));
    const holds = async (needle: string) =>
      (await segmentsOf(store)).some(({ rows, terms }) =>
        [rows, terms].some((bytes) => Buffer.from(bytes).includes(needle)),
      );
    expect(await holds('Title 5 in')).toBe(true);
    const receipt = await engine.forget({ by: 'keys', keys: [keyOf(5)] });
    expect(receipt.left).toEqual({ pages: 0, texts: 0, codes: 0, terms: 0, visits: 0 });
    expect(await holds('Title 5 in')).toBe(false);
    expect((await segmentsOf(store)).some(({ pageIds }) => pageIds.includes(page!.id))).toBe(false);
    expect((await engineOn(store).open()).pageCount).toBe(11);
  });

  it('does not bring back a page that was forgotten while it was packed', async () => {
    const store = new MemoryPageStore();
    const engine = engineOn(store, { clock: () => performance.now() });
    for (let i = 0; i < 6; i++) await engine.readPage(pageOf(i, 0));
    const packing = engine.maintain({ by: 'forever' });
    const forgetting = engine.forget({ by: 'keys', keys: [keyOf(1)] });
    await Promise.all([packing, forgetting]);
    await tidyUp(engine);
    const again = engineOn(store);
    expect((await again.open()).pageCount).toBe(5);
    expect(await again.pageByKey(keyOf(1))).toBeNull();
  });

  const damages: [string, (segment: Segment) => Partial<Segment>][] = [
    ['a flipped bit of its rows', ({ rows }) => ({ rows: rows.with(rows.length >> 1, 255) })],
    ['a flipped bit of its terms', ({ terms }) => ({ terms: terms.with(terms.length - 1, 255) })],
    ['a flipped bit of its codes', ({ codes }) => ({ codes: codes.with(9, codes[9]! ^ 1) })],
    ['codes cut short', ({ codes }) => ({ codes: codes.slice(64) })],
    ['no rows', () => ({ rows: new Uint8Array(0) })],
    ['another checksum', ({ checksum }) => ({ checksum: checksum ^ 1 })],
    ['another model', () => ({ space: 'other@1#0' as Segment['space'] })],
  ];
  it.each(damages)('makes a segment with %s again from its pages', async (_what, damage) => {
    const store = new MemoryPageStore();
    const engine = engineOn(store);
    for (let i = 0; i < 14; i++) await engine.readPage(pageOf(i, 0));
    await tidyUp(engine);
    await engine.readPage(pageOf(2, 1, 7_000));
    const expected = await answers(engine);
    const [segment] = await segmentsOf(store);
    const add = [{ ...segment!, tokens: [], ...damage(segment!) }];
    await store.pack({ remove: [segment!.id], add, packed: [], packedTo: 14 });
    const told: string[] = [];
    const again = engineOn(store, { report: (message) => told.push(message) });
    expect(await answers(again)).toEqual(expected);
    expect(told[0]).toContain('A segment is made again');
    const { repaired } = await again.status();
    expect(repaired.segments).toBe(1);
    expect(repaired.pages).toBeGreaterThan(0);
    await tidyUp(again);
    const third = engineOn(store);
    expect(await answers(third)).toEqual(expected);
    expect((await third.status()).repaired).toEqual({ segments: 0, pages: 0 });
  });
});
