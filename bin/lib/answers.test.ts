import { expect, test } from 'vitest';
import { type Answer, columnsOf, fitColumns, formatSummary, median } from './answers.ts';

test('a Korean letter takes two columns, and a cut text keeps its width', () => {
  expect(columnsOf('ab 가나')).toBe(7);
  for (const text of ['short', 'a rather long text that is cut', '가나다라마바사아자차카타파']) {
    for (const width of [8, 9, 12]) expect(columnsOf(fitColumns(text, width))).toBe(width);
  }
  expect(fitColumns('abcdef', 4)).toBe('abc…');
});

test('the summary counts ranks by kind and leaves out queries without a page', () => {
  const answer = (kind: string, rank: number, page: string | null = '/a'): Answer => ({
    ...{ query: 'q', kind, page, rank, found: '', tookMs: rank },
  });
  const text = formatSummary([
    answer('vague', 1),
    answer('vague', 6),
    answer('keyword', 0),
    answer('keyword', 5),
    answer('absent', 0, null),
  ]);
  expect(text).toMatch(/vague +1\/2 +1\/2 +2\/2/);
  expect(text).toMatch(/all +1\/4 +2\/4 +3\/4/);
  expect(text).toContain('in the first five: 50.0 %');
  expect(text).not.toContain('absent');
});

test('median', () => {
  expect(median([])).toBe(0);
  expect(median([3, 1, 2])).toBe(2);
});
