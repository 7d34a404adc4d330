import { describe, expect, it } from 'vitest';
import { growthExponent, missedBudgets, quantile } from './report.ts';

describe('the report', () => {
  it('finds the exponent of a growth', () => {
    const points = [100, 1_000, 10_000].map((size) => ({ size, value: 3 * size ** 0.7 }));
    expect(growthExponent(points)).toBeCloseTo(0.7, 6);
  });

  it('names ratios below their budget, and budgets that nothing was measured for', () => {
    const ratio = { name: 'scan/reading', what: '', peer: '', ratio: 0.4 };
    expect(missedBudgets([ratio], { 'scan/reading': 0.3 })).toEqual([]);
    expect(missedBudgets([ratio], { 'scan/reading': 0.5 })[0]).toContain('0.40');
    expect(missedBudgets([], { 'scan/reading': 0.5 })[0]).toContain('not measured');
  });

  it('gives quantiles of unsorted values', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([5, 1, 4, 2, 3], 0.95)).toBe(5);
    expect(quantile([], 0.5)).toBe(0);
  });
});
