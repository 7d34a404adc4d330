import { describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import type { PageContent } from '../core/sync/types.ts';
import { type Codec, plainCodec } from './codec.ts';
import { isPassing, type RemoteReason, remoteError } from './errors.ts';
import { Killed, MemoryRemote } from './memory-remote.test-tools.ts';
import { MemorySyncStore } from './memory-sync-store.ts';
import { type Mirror, pagesPerPush, pushAll } from './push.ts';

/** Requests of the fuzzer; more with `SYNC_FUZZ_REQUESTS=100000`. */
const fuzzRequests = Number(process.env.SYNC_FUZZ_REQUESTS ?? 4_000);

/** Numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const keyOf = (n: number) => `https://site-${n % 97}.example/${n}` as PageKey;

function content(n: number, version: number): PageContent {
  const passages = [{ text: `first of ${n}` }, { text: `second of ${n}, ${version}` }];
  const key = keyOf(n);
  return {
    url: key,
    title: `${n}`,
    lang: 'en',
    type: 'article',
    firstReadAt: 1,
    isPinned: false,
    passages,
  };
}

function mirrorOf(store: MemorySyncStore, remote: MemoryRemote, codec: Codec): Mirror {
  return {
    store,
    remote,
    codec,
    model: 'test',
    now: () => 0,
    isExcluded: () => false,
    embed: async ({ passages }) => passages.map(() => Float32Array.of(1, 0)),
  };
}

function countOf(remote: MemoryRemote, kind: string): number {
  return [...remote.points.values()].filter(({ payload }) => payload.kind === kind).length;
}

describe('pushing', () => {
  it('leaves each of 10,000 pages once, and nothing waiting, after 50 kills at random points', async () => {
    const random = seeded(1);
    const store = new MemorySyncStore('a');
    for (let n = 0; n < 10_000; n++) store.read(keyOf(n), n, content(n, 0));
    const remote = new MemoryRemote();
    const codec = await plainCodec();
    let kills = 0;
    while ((await store.pendingCount()) > 0) {
      // Two operations a page and one for the mark: a kill may come before, between and after all of
      // a batch, in the first or in a later one.
      const operations = 2 * pagesPerPush + 1;
      if (kills < 50) remote.killAfter = Math.floor(random() * operations * 3);
      try {
        // A new process knows only what the store and the server hold.
        await pushAll(mirrorOf(store, remote, codec));
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills++;
      }
      remote.killAfter = null;
    }
    expect(kills).toBe(50);
    expect(countOf(remote, 'record')).toBe(10_000);
    expect(countOf(remote, 'passage')).toBe(20_000);
    expect(countOf(remote, 'device')).toBe(1);
    const pages = new Set([...remote.points.values()].map(({ payload }) => payload.page));
    pages.delete(undefined);
    expect(pages.size).toBe(10_000);
  }, 60_000);

  it(`loses no entry in ${fuzzRequests} requests that fail at random, while pages change`, async () => {
    const random = seeded(2);
    const store = new MemorySyncStore('a');
    const remote = new MemoryRemote();
    const mirror = mirrorOf(store, remote, await plainCodec());
    const reasons: RemoteReason[] = [
      'unreachable',
      'timeout',
      'busy',
      'conflict',
      'server-error',
      'invalid-answer',
    ];
    let requests = 0;
    remote.fault = (when) => {
      if (when === 'before') requests++;
      const reason = reasons[Math.floor(random() * reasons.length)]!;
      if (random() < 0.2) throw remoteError(reason, `fault ${when}`);
    };
    for (let version = 1; requests < fuzzRequests; version++) {
      const n = Math.floor(random() * 200);
      if (random() < 0.2) store.forget(keyOf(n));
      else store.read(keyOf(n), version, content(n, version));
      await pushAll(mirror).catch((error: unknown) => {
        if (!isPassing(error)) throw error;
      });
    }
    remote.fault = () => undefined;
    await pushAll(mirror);
    expect(await store.pendingCount()).toBe(0);
    const alive = [...store.known.values()].filter(({ edit }) => edit !== null);
    expect(countOf(remote, 'record')).toBe(store.known.size);
    expect(countOf(remote, 'passage')).toBe(2 * alive.length);
    const sent = new Map(
      [...remote.points.values()]
        .filter(({ payload }) => payload.kind === 'record')
        .map(({ payload }) => [payload.page, JSON.parse(String(payload.body))]),
    );
    for (const [key, state] of store.known) expect(sent.get(key)).toEqual(state);
  }, 600_000);
});
