import { expect, test } from 'vitest';
import type { PageId } from './ids.ts';
import { farSentence, foundShare, quantile, spread, summed, worstOf } from './self-test.ts';

const filler = 'The first part of the page says what it is about in a sentence or two. ';
const far = 'At the very end somebody mentions a ladder that was left behind the greenhouse.';
const tested = [1, 2, 0].map((rank, place) => ({ id: (place + 1) as PageId, rank }));

test('the sentence that is asked with is far from the beginning and holds no operator', () => {
  expect(farSentence([{ text: filler.repeat(9) }, { text: `Ok. ${far}` }])).toContain('what it');
  expect(farSentence([{ text: filler.repeat(2) }, { text: far }])).toBe(far);
  expect(farSentence([{ text: 'Short. Too short.' }])).toBeNull();
  expect(farSentence([])).toBeNull();
  const korean = '온실 뒤에 두고 온 사다리 이야기가 나온다.';
  expect(farSentence([{ text: `짧다. ${korean}` }])).toBe(korean);
  const signs = 'He said “use site:example” -never, and went on for quite a while after it.';
  expect(farSentence([{ text: signs }])).toBe(
    'He said use site example never, and went on for quite a while after it.',
  );
});

test('pages are drawn from all over the list', () => {
  const list = Array.from({ length: 1000 }, (_, i) => i);
  const drawn = spread(list, 50);
  expect(drawn).toHaveLength(50);
  expect(new Set(drawn).size).toBe(50);
  expect(drawn.at(-1)).toBeGreaterThan(950);
  expect(spread([1, 2], 50)).toEqual([1, 2]);
});

test('the worst are those that were not found, then those that came late', () => {
  expect(worstOf(tested, 5).map(({ id }) => id)).toEqual([3, 2]);
  expect(worstOf(tested, 1).map(({ id }) => id)).toEqual([3]);
});

test('a run is summed up in numbers, and its share is never rounded up to all', () => {
  const outcome = summed(tested, [30.4, 10, 20], 7, 5);
  expect(outcome).toEqual({
    at: 7,
    tested: 3,
    found: 2,
    halfMs: 20,
    mostMs: 30,
    worst: [tested[2], tested[1]],
  });
  expect(foundShare(outcome)).toBe(66);
  expect(foundShare({ tested: 1000, found: 999 })).toBe(99);
  expect(foundShare({ tested: 0, found: 0 })).toBe(0);
});

test('quantiles of few values are values', () => {
  expect(quantile([], 0.5)).toBe(0);
  expect(quantile([4], 0.95)).toBe(4);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(3);
});
