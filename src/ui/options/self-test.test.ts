import { expect, test } from 'vitest';
import type { PageSummary } from '../../core/search/types.ts';
import type { Ask } from '../parts/services.ts';
import { farSentence, foundShare, quantile, runSelfTest, spread, worstOf } from './self-test.ts';

const filler = 'The first part of the page says what it is about in a sentence or two. ';
const far = 'At the very end somebody mentions a ladder that was left behind the greenhouse.';

test('the sentence that is asked with is far from the beginning and holds no operator', () => {
  expect(farSentence([{ text: filler.repeat(9) }, { text: `Ok. ${far}` }])).toContain('what it');
  expect(farSentence([{ text: filler.repeat(2) }, { text: far }])).toBe(far);
  expect(farSentence([{ text: 'Short. Too short.' }])).toBeNull();
  expect(farSentence([])).toBeNull();
  const signs = 'He said “use site:example” -never, and went on for quite a while after it.';
  expect(farSentence([{ text: signs }])).toBe(
    'He said use site example never, and went on for quite a while after it.',
  );
});

test('pages are drawn from all over the list', () => {
  const list = Array.from({ length: 1000 }, (_, i) => i);
  const drawn = spread(list, 50);
  expect(drawn).toHaveLength(50);
  expect(new Set(drawn).size).toBe(50);
  expect(drawn.at(-1)).toBeGreaterThan(950);
  expect(spread([1, 2], 50)).toEqual([1, 2]);
});

test('finds, counts and names the worst, and stops when asked', async () => {
  const pages = [1, 2, 3].map((id) => ({ id, title: `Page ${id}` }) as unknown as PageSummary);
  const hit = (id: number) => ({ page: { id }, nearDuplicates: [] });
  const answers: Record<string, (params: { id: number; query: string }) => unknown> = {
    'page-engine:recent-pages': () => pages,
    'page-engine:stored-page': ({ id }) => ({ passages: [{ text: `${id} ${far}` }] }),
    'page-engine:search': ({ query }) => ({
      hits: query.startsWith('1') ? [hit(1)] : query.startsWith('2') ? [hit(9), hit(2)] : [hit(9)],
    }),
  };
  const ask = (async (type: string, params: never) => answers[type]!(params)) as unknown as Ask;
  const result = await runSelfTest(ask, new AbortController().signal, () => {});
  expect(result!.tested.map(({ rank }) => rank)).toEqual([1, 2, 0]);
  expect(result!.times).toHaveLength(3);
  expect(foundShare(result!.tested)).toBe(66);
  expect(worstOf(result!.tested, 5).map(({ page }) => page.id)).toEqual([3, 2]);
  expect(await runSelfTest(ask, AbortSignal.abort(), () => {})).toBeNull();
});

test('quantiles of few values are values', () => {
  expect(quantile([], 0.5)).toBe(0);
  expect(quantile([4], 0.95)).toBe(4);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(3);
});
