import { describe, expect, it } from 'vitest';
import { gainsOf, halfOf, type Tried } from './experiments.ts';

const pages = Array.from({ length: 40 }, (_, i) => `page ${i}`);

describe('gainsOf', () => {
  it('halves the pages about evenly', () => {
    const first = pages.filter((page) => halfOf(page) === 0).length;
    expect(first).toBeGreaterThan(10);
    expect(first).toBeLessThan(30);
  });

  it('reports each half at the weight that was best on the other', () => {
    // The first weight helps the first half and hurts the second; the last weight the other way.
    const tried = pages.map((page): Tried => {
      const isFirst = halfOf(page) === 0;
      return { kind: 'a', page, now: 0.5, with: { s: isFirst ? [1, 0.5, 0] : [0, 0.5, 1] } };
    });
    expect(gainsOf(tried)).toMatchObject([{ signal: 's', kind: 'a', gain: -0.5 }]);
  });

  it('gives a signal that changes nothing a gain of 0', () => {
    const tried = pages.map(
      (page): Tried => ({ kind: 'a', page, now: 0.5, with: { s: [0.5, 0.5, 0.5] } }),
    );
    expect(gainsOf(tried)).toEqual([{ signal: 's', kind: 'a', gain: 0, interval: [0, 0] }]);
  });
});
