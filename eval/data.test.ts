import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOut } from './data.ts';

it('shares a haystack out over its files, whole and as equal as they allow', () => {
  expect(shareOut([100, 3, 100], 60)).toEqual([29, 3, 28]);
  expect(shareOut([2, 2], 60)).toEqual([2, 2]);
  expect(shareOut([], 60)).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 12 }), fc.nat(400), (counts, size) => {
      const shares = shareOut(counts, size);
      const total = counts.reduce((sum, count) => sum + count, 0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(Math.min(size, total));
      shares.forEach((share, i) => {
        expect(share).toBeLessThanOrEqual(counts[i] as number);
        // A file that has more to give gives no less than any other, but for the rounding.
        if (share < (counts[i] as number)) {
          expect(share).toBeGreaterThanOrEqual(Math.max(...shares) - counts.length - 1);
        }
      });
    }),
  );
});
