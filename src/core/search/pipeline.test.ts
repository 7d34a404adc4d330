import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageOrdinal } from '../ids.ts';
import { best } from './pipeline.ts';

describe('the best of many pages', () => {
  it('are those that sorting all of them would put first', () => {
    const scores = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 40 }), (list, count) => {
        const pages = list.map((_, page) => page as PageOrdinal);
        const sorted = pages.toSorted((a, b) => (list[b] ?? 0) - (list[a] ?? 0) || a - b);
        expect(best(pages, Float64Array.from(list), count)).toEqual(sorted.slice(0, count));
      }),
      { numRuns: 500 },
    );
  });
});
