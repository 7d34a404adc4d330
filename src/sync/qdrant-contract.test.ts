import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestQdrant } from '../../e2e/qdrant/server.ts';
import type { PageKey } from '../core/ids.ts';
import type { PageContent } from '../core/sync/types.ts';
import { type Codec, sealedCodec } from './codec.ts';
import { testConnection } from './connection.ts';
import { createKeys } from './crypto.ts';
import { MemorySyncStore } from './memory-sync-store.ts';
import { pullOnce } from './pull.ts';
import { type Mirror, pushAll } from './push.ts';
import { createClient, QdrantRemote } from './qdrant-remote.ts';
import { takeFound } from './remote-search.ts';

/**
 * What a mirror asks of a Qdrant, whichever: the server of the tests, or with `QDRANT_URL` (and
 * `QDRANT_API_KEY`) a real one, in a collection of its own that is deleted afterwards.
 */
const realUrl = process.env.QDRANT_URL;
const apiKey = process.env.QDRANT_API_KEY ?? '';
const dims = 32;

let standIn: TestQdrant | null = null;
let url = realUrl ?? '';
let collection = '';
let remote: QdrantRemote;
let codec: Codec;

beforeAll(async () => {
  if (realUrl === undefined) {
    standIn = await TestQdrant.start();
    url = standIn.url;
  }
  codec = await sealedCodec((await createKeys('p', 100_000)).keys, dims);
});

afterAll(async () => {
  expect(standIn?.violations ?? []).toEqual([]);
  await standIn?.stop();
});

const address = () => ({ url, apiKey, collection });

beforeEach(async () => {
  collection = `dejalu-test-${crypto.randomUUID()}`;
  remote = new QdrantRemote(createClient(address()), collection);
  await remote.create(dims);
});

afterEach(async () => {
  if (realUrl !== undefined) await createClient(address()).deleteCollection(collection);
});

/** A direction of its own for each number. */
function direction(n: number): Float32Array {
  const vector = Float32Array.from({ length: dims }, (_, i) => Math.sin((n + 1) * (i + 1.7)));
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
}

function mirrorOf(store: MemorySyncStore): Mirror {
  return {
    store,
    remote,
    codec,
    model: 'test',
    now: () => 0,
    isExcluded: () => false,
    embed: async ({ passages }) => passages.map(({ text }) => direction(Number(text))),
  };
}

const keyOf = (n: number) => `https://site-${n % 7}.example/${n}` as PageKey;

function read(store: MemorySyncStore, n: number, texts: readonly number[]): void {
  const content: PageContent = {
    url: keyOf(n),
    title: `Page ${n}`,
    lang: 'en',
    type: 'article',
    firstReadAt: n,
    isPinned: false,
    passages: texts.map((text) => ({ text: String(text) })),
  };
  store.read(keyOf(n), 1_000 + n, content);
}

describe(`a mirror on ${realUrl === undefined ? 'the test server' : 'a real Qdrant'}`, () => {
  it('is found to be of the right shape', async () => {
    expect(await testConnection(address(), dims)).toMatchObject({
      ok: true,
      hasCollection: true,
    });
    expect(await testConnection(address(), 384)).toMatchObject({
      ok: false,
      reason: 'wrong-collection',
    });
    // Indexes may be asked for again.
    await remote.createIndexes();
  });

  it('holds each page once, however often it is sent', async () => {
    const store = new MemorySyncStore('a');
    for (let n = 0; n < 40; n++) read(store, n, [n, n + 100]);
    await pushAll(mirrorOf(store));
    for (let n = 0; n < 40; n++) read(store, n, [n, n + 100]);
    await pushAll(mirrorOf(store));
    expect(await remote.count()).toBe(40 + 80 + 1);
  });

  it('hands records on in the order of their sequence, page by page', async () => {
    const [a, b] = [new MemorySyncStore('a'), new MemorySyncStore('b')];
    for (let n = 0; n < 150; n++) read(a, n, [n]);
    await pushAll(mirrorOf(a));
    expect(await pullOnce(mirrorOf(b))).toEqual({ received: 150, unreadable: [] });
    expect(b.known).toEqual(a.known);
    const device = await codec.name('device', 'a');
    const records = await remote.recordsAfter(device, 20, 10);
    expect(records.map(({ payload }) => payload.sequence)).toEqual([
      21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    ]);
  });

  it('drops the passages of an edit that are gone, and all of a page that was forgotten', async () => {
    const store = new MemorySyncStore('a');
    read(store, 1, [1, 2, 3]);
    read(store, 2, [4]);
    await pushAll(mirrorOf(store));
    read(store, 1, [1, 9]);
    await pushAll(mirrorOf(store));
    expect(await remote.count()).toBe(2 + 3 + 1);
    store.forget(keyOf(1));
    await pushAll(mirrorOf(store));
    expect(await remote.count()).toBe(2 + 1 + 1);
    expect(await remote.recordHeads([await codec.name('page', keyOf(1))])).toHaveLength(1);
  });

  it('hands out the pages that a search finds, each once, ahead of their turn', async () => {
    const [a, b] = [new MemorySyncStore('a'), new MemorySyncStore('b')];
    for (let n = 0; n < 200; n++) read(a, n, [n, n + 0.1]);
    await pushAll(mirrorOf(a));
    const search = () => takeFound(mirrorOf(b), direction(17), AbortSignal.timeout(10_000));
    const taken = await search();
    expect(taken).toBeGreaterThan(10);
    expect(b.known.size).toBe(taken);
    expect(b.known.get(keyOf(17))).toEqual(a.known.get(keyOf(17)));
    expect(await search()).toBe(0);
    expect(await pullOnce(mirrorOf(b))).toEqual({ received: 200, unreadable: [] });
    expect(b.known).toEqual(a.known);
    expect(await search()).toBe(0);
  });

  it('ranks turned vectors as the device ranks its own', async () => {
    const store = new MemorySyncStore('a');
    for (let n = 0; n < 60; n++) read(store, n, [n]);
    await pushAll(mirrorOf(store));
    const query = direction(17.2);
    const dot = (n: number) => direction(n).reduce((sum, x, i) => sum + x * (query[i] ?? 0), 0);
    const expected = Array.from({ length: 60 }, (_, n) => n).sort((x, y) => dot(y) - dot(x));
    const names = new Map<string, number>();
    for (let n = 0; n < 60; n++) names.set(await codec.name('page', keyOf(n)), n);
    const hits = await remote.search(codec.vectors([query])[0]!, 5, AbortSignal.timeout(10_000));
    expect(hits.map(({ page }) => names.get(page))).toEqual(expected.slice(0, 5));
    expect(hits[0]!.score).toBeCloseTo(dot(expected[0]!), 3);
  });

  it('is emptied to the last point', async () => {
    const store = new MemorySyncStore('a');
    for (let n = 0; n < 30; n++) read(store, n, [n]);
    await pushAll(mirrorOf(store));
    const left: number[] = [];
    await remote.deleteEverything((count) => left.push(count));
    expect(left.at(-1)).toBe(0);
    expect(await remote.count()).toBe(0);
  });
});
