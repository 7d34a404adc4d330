import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlain, cutOf, evidenceOf, groundsOf, type Judged } from './weak.ts';

const hit = (late: number, latePage: number, dense = 0, rarestMissing = 0): Judged => ({
  parts: { dense, lexical: null, late, prior: 0 },
  candidate: { latePage },
  rarestMissing,
});
const evidence = (hits: readonly Judged[], terms: number) => groundsOf(hits, terms).map(evidenceOf);
const first = (terms: number, ...of: Parameters<typeof hit>) =>
  evidence([hit(...of)], terms)[0] as number;

describe('evidence', () => {
  it('takes a page that holds the one word asked for as plain, and a near one as doubtful', () => {
    expect(first(1, 1, 1)).toBeGreaterThan(0);
    expect(first(1, 1, 0.6, 0, 1)).toBeLessThan(0);
  });

  it('grows with late interaction and with the length of the query', () => {
    expect(first(6, 5, 0.5)).toBeGreaterThan(first(6, 4, 0.5));
    expect(first(12, 5, 0.5)).toBeGreaterThan(first(6, 5, 0.5));
  });

  it('grows with the lead over the best of the other hits, whatever their place', () => {
    const others = [4, 3, 2, 1, -9].map((dense) => hit(0, 0, dense));
    const grounds = groundsOf([hit(0, 0, 6), ...others], 6);
    expect(grounds[0]?.lead).toBeCloseTo(6 - 2.5, 10);
    expect(grounds[1]?.lead).toBeCloseTo(4 - 3, 10);
    expect(groundsOf([hit(0, 0, 6)], 6)[0]?.lead).toBe(0);
  });

  it('shrinks with the rarity of a word that the page has not', () => {
    expect(first(6, 5, 0.5, 0, 0.2)).toBeGreaterThan(first(6, 5, 0.5, 0, 1));
  });
});

describe('countPlain', () => {
  it('goes by meaning alone where only examples ask', () => {
    expect(countPlain([hit(0, 0, 8), hit(0, 0, 2)], 0)).toBe(1);
    expect(countPlain([hit(0, 0, 2)], 0)).toBe(0);
  });

  it('puts everything below where words are met no better than by chance', () => {
    expect(countPlain([hit(0, 0.3, 1, 1), hit(0, 0.3, 1, 1)], 3)).toBe(0);
    expect(countPlain([], 3)).toBe(0);
  });
});

describe('cutOf', () => {
  it('is nothing where every hit is doubtful, and all where none is', () => {
    expect(cutOf([])).toBe(0);
    expect(cutOf([-1, -0.1, -3])).toBe(0);
    expect(cutOf([2, 0.1, 1])).toBe(3);
  });

  it('keeps doubtful hits with the plain ones around them, and hopeless ones below', () => {
    expect(cutOf([2, -0.5, 1, -2, -3])).toBe(3);
    expect(cutOf([2, -0.5, -2, -3])).toBe(2);
    expect(cutOf([-0.5, 2, -2])).toBe(2);
  });

  it('is nothing where a plain hit comes after more doubt than it has evidence', () => {
    expect(cutOf([-1, -2, 0.5])).toBe(0);
  });

  it('leaves only hopeless hits below, unless it leaves all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 30 }),
        (all) => {
          const cut = cutOf(all);
          if (cut > 0) expect(Math.max(-9, ...all.slice(cut))).toBeLessThanOrEqual(-0.9);
          const sums = all.map((_, i) => all.slice(0, i + 1).reduce((sum, own) => sum + own, 0));
          expect(cut > 0).toBe(sums.some((sum) => sum >= 0));
        },
      ),
    );
  });
});
