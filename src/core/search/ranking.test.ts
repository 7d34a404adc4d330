import { describe, expect, it } from 'vitest';
import { PageSet } from '../index/page-set.ts';
import { shrinkBackground, spreadOf, standardise } from './calibration.ts';
import { lexicalTrust } from './lexical.ts';
import { visitPrior } from './prior.ts';

const day = 86_400_000;

describe('calibration', () => {
  it('leans on what is expected while little was seen', () => {
    const expected = { mean: 0, deviation: 1 };
    const few = shrinkBackground({ count: 1, mean: 10, deviation: 0 }, expected, 9);
    expect(few.mean).toBeCloseTo(1, 10);
    const many = shrinkBackground({ count: 9000, mean: 10, deviation: 2 }, expected, 9);
    expect(many.mean).toBeCloseTo(10, 1);
    expect(many.deviation).toBeCloseTo(2, 1);
    expect(shrinkBackground(undefined, expected, 9)).toBe(expected);
  });

  it('never divides by nothing', () => {
    expect(Number.isFinite(standardise(1, { mean: 0, deviation: 0 }))).toBe(true);
    expect(spreadOf({ mean: 0, deviation: 2 })).toBe(2);
  });
});

describe('lexicalTrust', () => {
  const match = { term: 'e1042', frequency: 1, expansions: [], idf: 12, pages: new PageSet(0) };
  const trust = (...scores: number[]) =>
    lexicalTrust({ scores: Float32Array.from(scores), matches: [match] }, 1000);

  it('is full for words of one page, and small where many pages score alike', () => {
    expect(trust(12)).toBe(1);
    expect(trust(12, 0.1, 0.1, 0.1)).toBeGreaterThan(0.95);
    expect(trust(5, 4.9, 4.8, 4.7, 4.6)).toBeLessThan(0.01);
    expect(trust()).toBe(0);
  });

  it('is small when the best page has one of many rare words', () => {
    const unknown = { ...match, frequency: 0, idf: 0 };
    const scores = Float32Array.of(12);
    const matches = [match, unknown, unknown, unknown];
    expect(lexicalTrust({ scores, matches }, 1000)).toBeLessThan(0.25);
  });
});

describe('visitPrior', () => {
  it('is between 0 and 1 and grows with recency and with readings', () => {
    const now = 1000 * day;
    const prior = (days: number, readCount: number) =>
      visitPrior({ lastReadAt: now - days * day, readCount }, now);
    expect(prior(0, 1000)).toBe(1);
    expect(prior(30, 1)).toBeCloseTo(1 / 3, 10);
    expect(prior(1, 1)).toBeGreaterThan(prior(100, 1));
    expect(prior(1, 5)).toBeGreaterThan(prior(1, 1));
    expect(prior(-5, 0)).toBeLessThanOrEqual(1);
  });
});
