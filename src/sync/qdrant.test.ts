import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, TestQdrant } from '../../e2e/qdrant/server.ts';
import type { PageKey } from '../core/ids.ts';
import type { PageContent } from '../core/sync/types.ts';
import { type Codec, sealedCodec } from './codec.ts';
import { curlForCollection, testConnection, whyInsecure } from './connection.ts';
import { createKeys } from './crypto.ts';
import { reasonOf, retryAfterOf } from './errors.ts';
import { MemorySyncStore } from './memory-sync-store.ts';
import { pullOnce } from './pull.ts';
import { type Mirror, pushAll } from './push.ts';
import { createClient, intoRequests, QdrantRemote } from './qdrant-remote.ts';

const dims = 16;
const collection = 'dejalu';

function embedding(text: string): Float32Array {
  const vector = new Float32Array(dims);
  for (let i = 0; i < text.length; i++) {
    vector[(text.charCodeAt(i) * 31 + i) % dims]! += Math.sin(text.charCodeAt(i));
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((x) => x / length);
}

function content(key: string, n: number): PageContent {
  return {
    url: key,
    title: `Page ${n}`,
    lang: 'en',
    type: 'article',
    firstReadAt: n,
    isPinned: false,
    passages: [{ text: `first passage of ${n}` }, { text: `second passage, ${n * 7}` }],
  };
}

let qdrant: TestQdrant;
let codec: Codec;
let remote: QdrantRemote;

function mirrorOf(store: MemorySyncStore): Mirror {
  const embed = async ({ passages }: PageContent) => passages.map(({ text }) => embedding(text));
  return { store, remote, codec, embed, model: 'test', now: () => 0, isExcluded: () => false };
}

function fillWith(store: MemorySyncStore, pages: number): void {
  for (let n = 0; n < pages; n++) {
    const key = `https://site-${n % 10}.example/${n}` as PageKey;
    store.read(key, 1_000 + n, content(key, n));
  }
}

beforeEach(async () => {
  qdrant = await TestQdrant.start();
  const { keys } = await createKeys('p', 100_000);
  codec = await sealedCodec(keys, dims);
  remote = new QdrantRemote(createClient({ url: qdrant.url, collection }), collection);
  await remote.create(dims);
});

afterEach(async () => {
  expect(qdrant.violations).toEqual([]);
  await qdrant.stop();
});

describe('a mirror on Qdrant', () => {
  it('carries pages to a second device, and a deletion back', async () => {
    const [a, b] = [new MemorySyncStore('a'), new MemorySyncStore('b')];
    fillWith(a, 100);
    await pushAll(mirrorOf(a));
    expect(await pullOnce(mirrorOf(b))).toEqual({ received: 100, unreadable: [] });
    expect(b.known).toEqual(a.known);

    const key = 'https://site-3.example/3' as PageKey;
    b.forget(key);
    await pushAll(mirrorOf(b));
    await pullOnce(mirrorOf(a));
    expect(a.known.get(key)?.edit).toBeNull();
    const page = await codec.name('page', key);
    const left = [...qdrant.collections.get(collection)!.points.values()].filter(
      ({ payload }) => payload.page === page,
    );
    expect(left.map(({ payload }) => payload.kind)).toEqual(['record']);
  });

  it('lets the server rank turned vectors as the device would rank its own', async () => {
    const store = new MemorySyncStore('a');
    fillWith(store, 30);
    await pushAll(mirrorOf(store));
    const query = embedding('second passage, 91');
    const hits = await remote.search(codec.vectors([query])[0]!, 5, AbortSignal.timeout(5_000));
    const names = new Map<string, string>();
    for (const key of store.known.keys()) names.set(await codec.name('page', key), key);
    const expected = [...store.known.values()]
      .flatMap(({ key, edit }) =>
        edit!.content.passages.map(({ text }, index) => ({
          key: key as string,
          index,
          score: embedding(text).reduce((sum, x, i) => sum + x * query[i]!, 0),
        })),
      )
      .sort((x, y) => y.score - x.score)
      .slice(0, 5);
    expect(hits.map((hit) => [names.get(hit.page), hit.passageIndex])).toEqual(
      expected.map(({ key, index }) => [key, index]),
    );
    expect(hits[0]!.score).toBeCloseTo(expected[0]!.score, 4);
  });

  it('shows the server no word of a page, its address or its passphrase', async () => {
    const store = new MemorySyncStore('a');
    fillWith(store, 5);
    await pushAll(mirrorOf(store));
    const sent = qdrant.requests.map((request) => request.body).join('\n');
    expect(sent).toContain('upsert');
    for (const secret of ['site-1', 'passage of', 'Page 3', 'https://']) {
      expect(sent).not.toContain(secret);
    }
  });

  it('holds each page once after fifty kills in 400 pages', async () => {
    const store = new MemorySyncStore('a');
    fillWith(store, 400);
    const kinds: Fault[] = [
      { kind: 'reset' },
      { kind: 'reset-mid-body' },
      { kind: 'lost-answer' },
      { kind: 'truncated' },
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    ];
    let faults = 0;
    let requests = 0;
    qdrant.options = {
      faultFor: ({ path }) => {
        if (!path.endsWith('/batch') || faults >= 50) return null;
        requests++;
        return requests % 10 === 0 ? null : kinds[faults++ % kinds.length]!;
      },
    };
    while ((await store.pendingCount()) > 0) {
      try {
        await pushAll(mirrorOf(store));
      } catch (error) {
        expect(reasonOf(error)).toMatch(/unreachable|server-error|busy|invalid-answer/);
      }
    }
    expect(faults).toBe(50);
    const points = [...qdrant.collections.get(collection)!.points.values()];
    const count = (kind: string) => points.filter(({ payload }) => payload.kind === kind).length;
    expect([count('record'), count('passage'), count('device')]).toEqual([400, 800, 1]);
  }, 120_000);

  it('sets a point aside that another hand wrote, and goes on with the others', async () => {
    const [a, b] = [new MemorySyncStore('a'), new MemorySyncStore('b')];
    fillWith(a, 3);
    await pushAll(mirrorOf(a));
    const points = qdrant.collections.get(collection)!.points;
    const victim = [...points.values()].find(({ payload }) => payload.kind === 'record')!;
    victim.payload.body = 'bm9uc2Vuc2U=';
    const result = await pullOnce(mirrorOf(b));
    expect(result).toEqual({ received: 2, unreadable: [victim.id] });
  });

  it('deletes everything and shows the count fall to nothing', async () => {
    const store = new MemorySyncStore('a');
    fillWith(store, 400);
    await pushAll(mirrorOf(store));
    const left: number[] = [];
    await remote.deleteEverything((count) => left.push(count));
    expect(left).toEqual([201, 0]);
    expect(await remote.count()).toBe(0);
  });
});

describe('requests', () => {
  it('stay under the limit and keep their order', () => {
    const point = (n: number) => ({ id: String(n), vector: new Float32Array(384), payload: {} });
    const requests = [
      ...intoRequests([
        { kind: 'delete-older', page: 'p', beforeEpoch: 1 },
        { kind: 'upsert', points: Array.from({ length: 9_000 }, (_, n) => point(n)) },
        { kind: 'delete-passages', page: 'p', keep: [] },
      ]),
    ];
    expect(requests.length).toBeGreaterThan(1);
    for (const request of requests) {
      expect(JSON.stringify(request).length).toBeLessThan(9 * 1024 * 1024);
    }
    expect(requests[0]![0]).toHaveProperty('delete');
    expect(requests.at(-1)!.at(-1)).toHaveProperty('delete');
  });
});

describe('testing a connection', () => {
  const ask = (apiKey?: string, name = collection, size = dims) => {
    const address = { url: qdrant.url, collection: name, timeoutMs: 300 };
    return testConnection(apiKey === undefined ? address : { ...address, apiKey }, size);
  };

  it('says what is there', async () => {
    expect(await ask()).toEqual({ ok: true, version: '1.19.0', hasCollection: true });
    expect(await ask(undefined, 'another')).toMatchObject({ ok: true, hasCollection: false });
  });

  it('names what is wrong', async () => {
    expect(await ask(undefined, collection, 384)).toMatchObject({ reason: 'wrong-collection' });
    qdrant.options = { apiKey: 'manage', readOnlyKey: 'look' };
    expect(await ask()).toMatchObject({ reason: 'unauthorised' });
    expect(await ask('wrong')).toMatchObject({ reason: 'unauthorised' });
    expect(await ask('look')).toMatchObject({ reason: 'read-only' });
    expect(await ask('look', 'not there yet')).toMatchObject({ reason: 'read-only' });
    expect(await ask('manage')).toMatchObject({ ok: true });
    qdrant.options = { version: '1.12.4' };
    expect(await ask()).toMatchObject({
      reason: 'version-too-old',
      message: 'This Qdrant is version 1.12.4; 1.15 or newer is needed.',
    });
    qdrant.options = { faultFor: () => ({ kind: 'not-qdrant' }) };
    expect(await ask()).toMatchObject({ reason: 'not-qdrant' });
    qdrant.options = { faultFor: () => ({ kind: 'slow', ms: 1_000 }) };
    expect(await ask()).toMatchObject({ reason: 'timeout' });
    qdrant.options = { faultFor: () => ({ kind: 'silence' }) };
    expect(await ask()).toMatchObject({ reason: 'timeout' });
    for (const [kind, reason] of [
      ['reset', 'unreachable'],
      ['reset-mid-body', 'unreachable'],
      ['lost-answer', 'unreachable'],
      ['truncated', 'invalid-answer'],
    ] as const) {
      qdrant.options = { faultFor: () => ({ kind }) };
      expect(await ask()).toMatchObject({ reason });
    }
    for (const [status, reason] of [
      [401, 'unauthorised'],
      [403, 'read-only'],
      [404, 'not-found'],
      [409, 'conflict'],
      [413, 'too-large'],
      [422, 'refused'],
      [500, 'server-error'],
      [429, 'busy'],
    ] as const) {
      qdrant.options = { faultFor: () => ({ kind: 'status', status }) };
      expect(await ask()).toMatchObject({ ok: false, reason });
    }
  });

  it('says that a collection keeps its vectors otherwise than a mirror does', async () => {
    const client = createClient({ url: qdrant.url, collection });
    const vectors = { text: { size: dims, distance: 'Cosine' as const } };
    await client.createCollection('bare', { vectors });
    expect(await ask(undefined, 'bare')).toMatchObject({
      reason: 'wrong-collection',
      message: expect.stringContaining('originals on disk'),
    });
  });

  it('names a certificate that nobody signed, and one that may be the reason', async () => {
    const secure = await TestQdrant.start({ isSelfSigned: true });
    const at = (url: string) => testConnection({ url, collection, timeoutMs: 2_000 }, dims);
    expect(await at(secure.url)).toMatchObject({ reason: 'certificate' });
    await secure.stop();
    expect(await at('https://127.0.0.1:1')).toMatchObject({
      reason: 'certificate',
      message: expect.stringContaining('nothing answers'),
    });
    expect(await at('http://127.0.0.1:1')).toMatchObject({ reason: 'unreachable' });
  });

  it('waits as long as the server asks, by the clock of the server', async () => {
    const retryOf = async (value: string, clockSkewMs = 0) => {
      const headers = { 'retry-after': value };
      qdrant.options = { clockSkewMs, faultFor: () => ({ kind: 'status', status: 429, headers }) };
      const error: unknown = await remote.count().catch((thrown: unknown) => thrown);
      expect(reasonOf(error)).toBe('busy');
      return retryAfterOf(error);
    };
    expect(await retryOf('7')).toBe(7_000);
    expect(await retryOf('120')).toBe(120_000);
    for (const skew of [0, -5 * 3_600_000, 5 * 3_600_000]) {
      const until = new Date(Date.now() + skew + 60_000).toUTCString();
      const ms = await retryOf(until, skew);
      expect(ms).toBeGreaterThan(50_000);
      expect(ms).toBeLessThanOrEqual(60_000);
    }
    expect(await retryOf('soon')).toBe(0);
  });

  it('lets a key travel only encrypted, or inside this machine', () => {
    for (const url of ['https://q.example', 'http://localhost:6333', 'http://127.0.0.1:6333']) {
      expect(whyInsecure(url)).toBeNull();
    }
    expect(whyInsecure('http://nas.local:6333')).toMatch(/nas\.local is not this machine/);
    expect(whyInsecure('http://127.0.0.1.evil.example')).toMatch(/not encrypted/);
    expect(whyInsecure('ftp://q.example')).toMatch(/https:\/\/ or http:\/\//);
    expect(whyInsecure('qdrant')).toMatch(/not an address/);
  });

  it('writes the lines that make the collection by hand', () => {
    const lines = curlForCollection('https://q.example/', 'my pages', 384, { shardNumber: 6 });
    expect(lines.split('\n')).toHaveLength(8);
    expect(lines).toContain("'https://q.example/collections/my%20pages'");
    expect(lines).toContain('"shard_number":6');
  });
});
