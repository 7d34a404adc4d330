import { describe, expect, it } from 'vitest';
import type { PageId } from '../ids.ts';
import type { PageSummary } from '../search/types.ts';
import { pagesToForget } from './retention.ts';

const dayMs = 86_400_000;
const now = 1000 * dayMs;

/** Page n was read n days ago; newest first. */
const pages = [0, 1, 5, 40, 400].map(
  (days, index): PageSummary => ({
    id: (index + 1) as PageId,
    url: `https://example.com/${index}`,
    title: '',
    site: 'example.com',
    lang: 'en',
    type: 'other',
    firstReadAt: now - days * dayMs,
    lastReadAt: now - days * dayMs,
    readCount: 1,
    wordCount: 1,
    passageCount: 10,
    isPinned: index === 3,
  }),
);

describe('pagesToForget', () => {
  it('keeps all for ever', () => {
    expect(pagesToForget(pages, { by: 'forever' }, now, 1e9)).toEqual([]);
  });
  it('drops by age, pinned ones excepted', () => {
    expect(pagesToForget(pages, { by: 'age', days: 30 }, now, 0)).toEqual([5]);
    expect(pagesToForget(pages, { by: 'age', days: 3 }, now, 0)).toEqual([3, 5]);
  });
  it('drops the oldest above a number, pinned ones excepted', () => {
    expect(pagesToForget(pages, { by: 'pages', count: 3 }, now, 0)).toEqual([5, 3]);
    expect(pagesToForget(pages, { by: 'pages', count: 5 }, now, 0)).toEqual([]);
  });
  it('drops the oldest until the rest fits', () => {
    // Five pages of 2 MB each: 10 MB. Two must leave to stay at 6 MB.
    expect(pagesToForget(pages, { by: 'size', megabytes: 6 }, now, 10_000_000)).toEqual([5, 3]);
    expect(pagesToForget(pages, { by: 'size', megabytes: 10 }, now, 10_000_000)).toEqual([]);
  });
});
