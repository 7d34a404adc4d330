import { describe, expect, it } from 'vitest';
import type { Grounds } from '../src/core/search/weak.ts';
import {
  areaUnderCurve,
  type Divided,
  dividerFigures,
  fitEvidence,
  heldOut,
  withoutAnswers,
  withTopicAbsent,
} from './divider.ts';

const grounds = (late: number): Grounds => ({ late, length: 2, met: 0, lead: 0, missing: 0 });
/** Queries whose pages have a late interaction of 10 to 12, and others of 1 to 3. */
const divided: Divided[] = Array.from({ length: 60 }, (_, i) => ({
  kind: 'vague',
  page: `page ${i}`,
  away: [grounds(1 + (i % 3))],
  there: { hits: [grounds(10 + (i % 3)), grounds(1)], own: i % 10 === 0 ? -1 : 0 },
}));

describe('the divider', () => {
  it('learns from one half what parts the other', () => {
    const apart = heldOut(divided);
    expect(areaUnderCurve(divided, apart)).toBe(1);
    const figures = dividerFigures(divided, apart);
    expect([figures.honest, figures.below]).toEqual([1, 0]);
    expect(figures.belowCount).toBe(54);
    expect(figures.unlisted).toBeCloseTo(0.1, 10);
  });

  it('trades one error for the other by its place', () => {
    const fitted = fitEvidence(divided);
    const evidence = () => fitted;
    expect(dividerFigures(divided, evidence, 100).honest).toBe(0);
    expect(dividerFigures(divided, evidence, -100).below).toBe(1);
  });

  it('tells what another page answers, and what no page is left for', () => {
    const some = divided
      .slice(0, 2)
      .map((one, i) => ({ ...one, likeness: i, absent: [grounds(-9)] }));
    expect(withoutAnswers(some)).toEqual(some.slice(0, 1));
    expect(withTopicAbsent(some)[0]?.away).toEqual([grounds(-9)]);
    expect(withTopicAbsent(divided)).toEqual([]);
  });

  it('cannot part what is alike', () => {
    const alike = divided.map((one) => ({ ...one, away: [grounds(11)] }));
    expect(areaUnderCurve(alike, () => () => 0)).toBe(0.5);
  });
});
