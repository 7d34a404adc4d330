import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PageId } from '../../core/ids.ts';
import { pageTypes } from '../../core/page/types.ts';
import { countByDay, countBySite } from '../options/reading-counts.ts';
import type { Question } from '../results/finder.ts';
import { readAddress, writeAddress } from './address.ts';
import { tidyFilters, toggled } from './facets.ts';
import { sessionAround } from './session.ts';

const id = fc.nat().map((value) => value as PageId);
const some = <T>(value: fc.Arbitrary<T>) => fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
const word = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
const question: fc.Arbitrary<Question> = fc.record({
  kind: fc.constant('words' as const),
  query: fc.string({ unit: 'grapheme' }),
  sort: fc.constantFrom('best' as const, 'relevance' as const, 'time' as const),
  like: fc.uniqueArray(id, { maxLength: 3 }),
  unlike: fc.uniqueArray(id, { maxLength: 3 }),
  filters: fc.record(
    {
      sites: some(word),
      notSites: some(word),
      langs: some(word),
      types: some(fc.constantFrom(...pageTypes)),
      after: fc.nat(),
      before: fc.nat(),
      isPinned: fc.constant(true as const),
      isReadAgain: fc.constant(true as const),
    },
    { requiredKeys: [] },
  ),
});

describe('the address', () => {
  test('holds a question and gives it back', () => {
    fc.assert(
      fc.property(question, (asked) => {
        expect(readAddress(writeAddress(asked)).question).toEqual(asked);
      }),
    );
  });

  test('an empty question needs none', () => {
    expect(writeAddress(readAddress('').question)).toBe('');
  });

  test('names a page by its number or by its key', () => {
    expect(readAddress('?similar=7').similar).toEqual({ kind: 'id', id: 7 });
    expect(readAddress('?similar=https%3A%2F%2Fa.example%2F').similar).toEqual({
      kind: 'key',
      key: 'https://a.example/',
    });
  });

  test('leaves out what it cannot read', () => {
    const { question: asked } = readAddress('?q=a&sort=up&type=poem&after=soon&like=-1&like=x');
    expect(asked).toEqual(readAddress('?q=a').question);
  });
});

test('filters toggle, and empty ones vanish', () => {
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  expect(toggled(undefined, 'a')).toEqual(['a']);
  expect(tidyFilters({ sites: [], isPinned: false, after: undefined, langs: ['ko'] })).toEqual({
    langs: ['ko'],
  });
});

test('a session ends where reading paused for more than half an hour', () => {
  const minute = 60_000;
  const visits = [-100, -40, -25, 0, 29, 58, 90].map((at) => ({ visit: { at: at * minute } }));
  expect(sessionAround(visits, 0).map((entry) => entry.visit.at / minute)).toEqual([
    -40, -25, 0, 29, 58,
  ]);
});

test('reading is counted by local day in whole weeks from Monday', () => {
  const tuesday = new Date(2026, 10, 24, 15).getTime();
  const monday = new Date(2026, 10, 23, 23, 59).getTime();
  const days = countByDay([tuesday, tuesday, tuesday, tuesday, monday], tuesday, 2);
  expect(days).toHaveLength(9);
  expect(new Date(days[0]!.at).getDay()).toBe(1);
  expect(days.at(-1)).toMatchObject({ count: 4, level: 4 });
  expect(days.at(-2)).toMatchObject({ count: 1, level: 1 });
  expect(countBySite(['b', 'a', 'b', 'c'], 2)).toEqual([
    { site: 'b', count: 2 },
    { site: 'a', count: 1 },
  ]);
});
