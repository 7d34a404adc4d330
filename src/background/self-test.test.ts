import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AskHost } from '../messaging/host-client.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createSelfTest } from './self-test.ts';

const far = 'At the very end somebody mentions a ladder that was left behind the greenhouse.';
const dayMs = 86_400_000;

/** An engine with pages 1 to `count`, read one a minute; the search finds page n at place n % 3 + 1. */
function set(count: number) {
  const time = { now: 1_000 * dayMs };
  const state = {
    count,
    searches: 0,
    isSearching: false,
    /** Somebody searches once so many were made. */
    searchesTo: Number.POSITIVE_INFINITY,
    damaged: 0,
    forgotten: 0,
  };
  const pageOf = (id: number) => ({ id, title: `Page ${id}`, lastReadAt: time.now - id * 60_000 });
  const answers: Record<string, (params: never) => unknown> = {
    'page-engine:recent-pages': ({ limit }: { limit: number }) =>
      Array.from({ length: Math.min(limit, state.count) }, (_, i) => pageOf(i + 1)),
    'page-engine:stored-page': ({ id }: { id: number }) => {
      if (id === state.damaged) throw new AppError('storage-corrupt', 'damaged');
      if (id === state.forgotten) return null;
      return { page: pageOf(id), passages: [{ text: `${id} ${far}` }] };
    },
    'page-engine:search': ({ query }: { query: string }) => {
      state.searches += 1;
      const id = Number.parseInt(query, 10);
      const hit = (hitId: number) => ({ page: { id: hitId }, nearDuplicates: [] });
      return { hits: [...Array.from({ length: id % 3 }, () => hit(-1)), hit(id)] };
    },
  };
  const askHost = (async (type: string, params: never) =>
    answers[type]!(params)) as unknown as AskHost;
  const store = createFakeStore();
  const make = () =>
    createSelfTest({
      store,
      askHost,
      now: () => time.now,
      clock: () => 5 * state.searches,
      isSearching: () => state.isSearching || state.searches >= state.searchesTo,
    });
  return { make, time, state, store };
}

test('at idle it runs by itself in slices, also over a stopped background, and then rests a week', async () => {
  const { make, time, state } = set(200);
  for (let wake = 1; wake <= 4; wake += 1) {
    await make().runAtIdle();
    expect((await make().status()).run).toEqual({ done: wake * 10, total: 50 });
  }
  await make().runAtIdle();
  const { run, last } = await make().status();
  expect(run).toBeNull();
  expect(last).toMatchObject({ tested: 50, found: 50, halfMs: 5, mostMs: 5 });
  expect(last!.worst.map(({ rank }) => rank)).toEqual([3, 3, 3, 3, 3]);

  time.now += 6 * dayMs;
  await make().runAtIdle();
  expect(state.searches).toBe(50);
  time.now += 2 * dayMs; // the pages of this engine are always new
  await make().runAtIdle();
  expect(state.searches).toBe(60);
});

test('it does not run by itself on few pages, nor again before enough new ones came', async () => {
  const few = set(49);
  await few.make().runAtIdle();
  expect((await few.make().status()).run).toBeNull();

  const { make, time, state } = set(50);
  for (let wake = 0; wake < 5; wake += 1) await make().runAtIdle();
  const { at } = (await make().status()).last!;
  time.now = at + 8 * dayMs;
  state.count = 49;
  await make().runAtIdle();
  expect(state.searches).toBe(50);
});

test('it gives way to a search', async () => {
  const { make, state } = set(100);
  state.isSearching = true;
  await make().runAtIdle();
  expect(state.searches).toBe(0);
  state.isSearching = false;
  await make().runAtIdle();
  expect(state.searches).toBe(10);
  // In the middle of a slice: what was done of it stays done.
  state.searchesTo = 13;
  await make().runAtIdle();
  expect(state.searches).toBe(13);
  expect((await make().status()).run).toEqual({ done: 13, total: 50 });
});

test('by hand it runs at once, on however few pages, and can be stopped', async () => {
  const { make, state } = set(3);
  const selfTest = make();
  expect((await selfTest.control('begin')).run).toEqual({ done: 0, total: 3 });
  expect((await selfTest.control('go-on')).run).toEqual({ done: 2, total: 3 });
  expect((await selfTest.control('begin')).run).toEqual({ done: 2, total: 3 });
  expect((await selfTest.control('stop')).run).toBeNull();
  expect((await selfTest.control('go-on')).last).toBeNull();

  await selfTest.control('begin');
  state.damaged = 2;
  for (let step = 0; step < 2; step += 1) await selfTest.control('go-on');
  const { last } = await selfTest.status();
  expect(last).toMatchObject({ tested: 2, found: 2 });
  expect(last!.worst).toEqual([{ page: expect.objectContaining({ title: 'Page 1' }), rank: 2 }]);
  state.forgotten = 1;
  expect((await selfTest.status()).last!.worst).toEqual([]);
});

test('nothing of a page is kept but its number, and that goes with everything', async () => {
  const { make, store } = set(2);
  await make().control('begin');
  await make().control('go-on');
  expect([...store.values.values()].join()).not.toMatch(/ladder|Page/);
  await make().clear();
  expect(store.values.size).toBe(0);
  expect(await make().status()).toEqual({ run: null, last: null });
});
