import { describe, expect, it } from 'vitest';
import { bootstrapInterval, ndcg10, rankOf, refindFigures } from './metrics.ts';

describe('metrics', () => {
  it('count pages above, and half of those level', () => {
    expect(rankOf(Float32Array.of(3, 1, 2), 2)).toBe(1);
    expect(rankOf(Float32Array.of(0, 0, 0, 0, 0), 2)).toBe(2);
    expect(rankOf(Float32Array.of(1, Number.NEGATIVE_INFINITY), 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('average reciprocal rank and recall', () => {
    const ranks = [0, 1, 9, 10, Number.POSITIVE_INFINITY];
    const figures = refindFigures(ranks.map((rank) => ({ kind: 'vague', page: '', rank })));
    expect(figures.mrr).toBeCloseTo((1 + 1 / 2 + 1 / 10 + 1 / 11) / 5, 10);
    expect(figures).toEqual({ n: 5, mrr: figures.mrr, r1: 0.2, r10: 0.6 });
  });

  it('discount gain by rank', () => {
    const judged = new Map([
      ['a', 2],
      ['b', 1],
    ]);
    expect(ndcg10(['a', 'b'], judged)).toBe(1);
    // (1 + 2 / log2 3) / (2 + 1 / log2 3)
    expect(ndcg10(['b', 'a'], judged)).toBeCloseTo(0.8597, 4);
    expect(ndcg10([...'0123456789', 'a'], judged)).toBe(0);
  });

  it('give an interval around the mean, the same at every run', () => {
    const values = Array.from({ length: 100 }, (_, i) => i % 2);
    const [low, high] = bootstrapInterval(values);
    expect(low).toBeGreaterThan(0.35);
    expect(high).toBeLessThan(0.65);
    expect(low).toBeLessThan(0.5);
    expect(bootstrapInterval(values)).toEqual([low, high]);
  });
});
