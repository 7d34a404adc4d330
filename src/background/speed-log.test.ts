import { expect, test, vi } from 'vitest';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createSpeedLog } from './speed-log.ts';

function log(store = createFakeStore()) {
  const time = { now: new Date(2026, 2, 5, 12).getTime(), clock: 0 };
  const due: (() => void)[] = [];
  const made = createSpeedLog({
    store,
    now: () => time.now,
    clock: () => time.clock,
    after: (_ms, run) => due.push(run),
  });
  const taking = (ms: number) => async () => {
    time.clock += ms;
    return 'done';
  };
  return { made, time, taking, store, due };
}

test('times are kept in order, and the pages of a day are summed', async () => {
  const { made, time, taking } = log();
  await made.timed('reading', taking(20));
  await made.timed('searching', taking(4.04));
  await made.timed('reading', taking(30));
  time.now += 86_400_000;
  await made.timed('reading', taking(10));
  expect(await made.report()).toEqual({
    reading: [20, 30, 10],
    searching: [4],
    days: [
      { day: '2026-03-05', pages: 2, ms: 50 },
      { day: '2026-03-06', pages: 1, ms: 10 },
    ],
  });
});

test('what fails or does not count is not noted; the failure comes through', async () => {
  const { made, taking } = log();
  await expect(made.timed('reading', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await made.timed('reading', taking(5), () => false)).toBe('done');
  expect((await made.report()).reading).toEqual([]);
});

test('many at once are all written, and the log keeps the last ones', async () => {
  const { made, taking } = log();
  await Promise.all(Array.from({ length: 250 }, () => made.timed('searching', taking(1))));
  expect((await made.report()).searching).toHaveLength(200);
});

test('the times of a query being typed are written once', async () => {
  const { made, taking, store, due } = log();
  const set = vi.spyOn(store, 'set');
  for (let letters = 0; letters < 9; letters++) await made.timed('searching', taking(3));
  expect(set).not.toHaveBeenCalled();
  expect(due).toHaveLength(1);
  due.pop()?.();
  await vi.waitFor(async () => expect((await made.report()).searching).toHaveLength(9));
  expect(set).toHaveBeenCalledTimes(1);
  await made.timed('searching', taking(3));
  expect(due).toHaveLength(1);
});

test('another log on the same store goes on; damage is passed over; clearing leaves nothing', async () => {
  const { made, taking, store } = log();
  await made.timed('searching', taking(7));
  await made.report();
  const again = log(store).made;
  expect((await again.report()).searching).toEqual([7]);
  await again.clear();
  expect(await store.get('speed')).toBeUndefined();
  await store.set('speed', { reading: ['x', 3], days: [{ day: 'never', pages: 1, ms: 1 }, null] });
  expect(await again.report()).toEqual({ reading: [3], searching: [], days: [] });
});
