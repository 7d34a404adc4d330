import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketsOf, mostBuckets } from './time-buckets.ts';

const at = (year: number, month: number, day: number, hour = 12) =>
  new Date(year, month - 1, day, hour).getTime();

test('every moment is in exactly one period, and the periods touch', () => {
  const moments = fc.array(fc.integer({ min: 0, max: at(2040, 1, 1) }), { minLength: 1 });
  fc.assert(
    fc.property(moments, (times) => {
      const { buckets } = bucketsOf(times);
      expect(buckets.length).toBeLessThanOrEqual(mostBuckets);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
      expect(buckets[0]!.count).toBeGreaterThan(0);
      expect(buckets.at(-1)!.count).toBeGreaterThan(0);
      for (const [i, { from }] of buckets.slice(1).entries()) expect(from).toBe(buckets[i]!.to);
    }),
  );
});

test('the unit grows with the reach', () => {
  const now = at(2026, 11, 25);
  expect(bucketsOf([]).buckets).toEqual([]);
  expect(bucketsOf([now]).unit).toBe('day');
  expect(bucketsOf([at(2026, 11, 19), now])).toMatchObject({ unit: 'day' });
  expect(bucketsOf([at(2026, 11, 2), now]).unit).toBe('week');
  expect(bucketsOf([at(2026, 5, 2), now]).unit).toBe('month');
  expect(bucketsOf([at(2025, 5, 2), now]).unit).toBe('quarter');
  expect(bucketsOf([at(2020, 5, 2), now]).unit).toBe('year');
  const old = bucketsOf([at(1999, 5, 2), now]);
  expect(old.buckets).toHaveLength(mostBuckets);
  expect(old.buckets[0]!.from).toBe(at(1999, 1, 1, 0));
});

test('months are calendar months', () => {
  const { buckets } = bucketsOf([at(2026, 8, 31, 23), at(2026, 9, 1, 0), at(2026, 11, 25)]);
  expect(buckets.map(({ count }) => count)).toEqual([1, 1, 0, 1]);
  expect(buckets[0]).toMatchObject({ from: at(2026, 8, 1, 0), to: at(2026, 9, 1, 0) });
});
