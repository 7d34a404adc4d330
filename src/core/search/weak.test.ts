import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fused } from './fuse.ts';
import { countPlain, evidenceOf } from './weak.ts';

type Judged = Pick<Fused, 'candidate' | 'parts'>;

/** A hit with so much evidence, within rounding. */
function judged(evidence: number): Judged {
  const parts = { dense: 0, lexical: null, late: null, prior: 0 };
  const zero = evidenceOf({ candidate: { latePage: 0 } as Fused['candidate'], parts });
  const one = evidenceOf({ candidate: { latePage: 1 } as Fused['candidate'], parts });
  const latePage = (evidence - zero) / (one - zero);
  return { candidate: { latePage } as Fused['candidate'], parts };
}

describe('countPlain', () => {
  it('is nothing where every hit is doubtful, and all where none is', () => {
    expect(countPlain([])).toBe(0);
    expect(countPlain([-1, -0.1, -3].map(judged))).toBe(0);
    expect(countPlain([2, 0.1, 1].map(judged))).toBe(3);
  });

  it('keeps one doubtful hit between two plain ones with them', () => {
    expect(countPlain([2, -0.5, 1, -2, -3].map(judged))).toBe(3);
  });

  it('puts a plain hit that comes after more doubt than it has evidence below', () => {
    expect(countPlain([1, -2, -2, 0.5].map(judged))).toBe(1);
  });

  it('cuts where the evidence above less the evidence below is greatest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 30 }),
        (all) => {
          const hits = all.map(judged);
          const parted = (cut: number) =>
            hits.reduce((sum, hit, i) => sum + (i < cut ? 1 : -1) * evidenceOf(hit), 0);
          const plain = parted(countPlain(hits));
          for (let cut = 0; cut <= hits.length; cut++) {
            expect(plain).toBeGreaterThanOrEqual(parted(cut) - 1e-9);
          }
        },
      ),
    );
  });
});
