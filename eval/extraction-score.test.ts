import { describe, expect, it } from 'vitest';
import { scoreAll, scorePage } from './extraction-score.ts';

describe('scorePage', () => {
  it('gives a page extracted as it is nothing wrong and nothing missed', () => {
    expect(scorePage('one two three four five', 'one, two three four FIVE'.toLowerCase())).toEqual({
      found: 1,
      wrong: 0,
      missed: 0,
    });
  });

  it('counts runs of four words with their number', () => {
    // True runs: abcd, bcde. Extracted: abcd, bcdx. One found, one wrong, one missed.
    const score = scorePage('a b c d e', 'a b c d x');
    expect(score.found).toBeCloseTo(1 / 3);
    expect(score.wrong).toBeCloseTo(1 / 3);
    expect(score.missed).toBeCloseTo(1 / 3);
  });

  it('takes a text shorter than four words as one run', () => {
    expect(scorePage('short note', 'short note').found).toBe(1);
    expect(scorePage('short note', 'short').found).toBe(0);
  });

  it('misses everything when nothing is extracted', () => {
    expect(scorePage('a b c d e', '')).toEqual({ found: 0, wrong: 0, missed: 1 });
  });
});

describe('scoreAll', () => {
  it('leaves pages without extracted text out of the mean precision, not out of recall', () => {
    const score = scoreAll([scorePage('a b c d e', 'a b c d e'), scorePage('a b c d e', '')]);
    expect(score).toMatchObject({ n: 2, precision: 1, recall: 0.5 });
    expect(score.f1).toBeCloseTo(2 / 3);
  });
});
