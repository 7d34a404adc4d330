import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlain, evidenceOf, type Judged } from './weak.ts';

/** Terms of the query that is asked. */
const terms = 6;

/** A hit with so much evidence, within rounding. */
function judged(evidence: number): Judged {
  const hit = (late: number): Judged => ({
    parts: { dense: 0, lexical: null, late, prior: 0 },
    candidate: { latePage: -1 },
  });
  const zero = evidenceOf(hit(0), terms);
  return hit((evidence - zero) / (evidenceOf(hit(1), terms) - zero));
}

describe('evidenceOf', () => {
  const hit = (late: number, latePage: number, dense = 0): Judged => ({
    parts: { dense, lexical: null, late, prior: 0 },
    candidate: { latePage },
  });

  it('takes a page that holds the one word asked for as plain, and a near one as doubtful', () => {
    expect(evidenceOf(hit(1, 1), 1)).toBeGreaterThan(0);
    expect(evidenceOf(hit(1, 0.6), 1)).toBeLessThan(0);
  });

  it('grows with late interaction and with the length of the query', () => {
    expect(evidenceOf(hit(5, 0.5), 6)).toBeGreaterThan(evidenceOf(hit(4, 0.5), 6));
    expect(evidenceOf(hit(5, 0.5), 12)).toBeGreaterThan(evidenceOf(hit(5, 0.5), 6));
  });

  it('goes by meaning alone where only examples ask', () => {
    expect(evidenceOf(hit(0, 0, 8), 0)).toBeGreaterThan(0);
    expect(evidenceOf(hit(0, 0, 2), 0)).toBeLessThan(0);
  });
});

describe('countPlain', () => {
  it('is nothing where every hit is doubtful, and all where none is', () => {
    expect(countPlain([], terms)).toBe(0);
    expect(countPlain([-1, -0.1, -3].map(judged), terms)).toBe(0);
    expect(countPlain([2, 0.1, 1].map(judged), terms)).toBe(3);
  });

  it('keeps one doubtful hit between two plain ones with them', () => {
    expect(countPlain([2, -0.5, 1, -2, -3].map(judged), terms)).toBe(3);
  });

  it('puts a plain hit that comes after more doubt than it has evidence below', () => {
    expect(countPlain([1, -2, -2, 0.5].map(judged), terms)).toBe(1);
  });

  it('cuts where the evidence above less the evidence below is greatest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 30 }),
        (all) => {
          const hits = all.map(judged);
          const parted = (cut: number) =>
            hits.reduce((sum, hit, i) => sum + (i < cut ? 1 : -1) * evidenceOf(hit, terms), 0);
          const plain = parted(countPlain(hits, terms));
          for (let cut = 0; cut <= hits.length; cut++) {
            expect(plain).toBeGreaterThanOrEqual(parted(cut) - 1e-9);
          }
        },
      ),
    );
  });
});
