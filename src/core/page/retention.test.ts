import { describe, expect, it } from 'vitest';
import type { PageId } from '../ids.ts';
import { type KeptPage, pagesToForget } from './retention.ts';

const dayMs = 86_400_000;
const now = 1000 * dayMs;

/** Five pages of 2 MB each, in no order: read 40, 0, 400, 5 and 1 days ago; the first is pinned. */
const pages = [40, 0, 400, 5, 1].map(
  (days, index): KeptPage => ({
    id: days as PageId,
    lastReadAt: now - days * dayMs,
    isPinned: index === 0,
    sizeBytes: 2_000_000,
  }),
);

describe('pagesToForget', () => {
  it('keeps all for ever', () => {
    expect(pagesToForget(pages, { by: 'forever' }, now)).toEqual([]);
  });
  it('drops by age, pinned ones excepted', () => {
    expect(pagesToForget(pages, { by: 'age', days: 30 }, now)).toEqual([400]);
    expect(pagesToForget(pages, { by: 'age', days: 3 }, now)).toEqual([400, 5]);
  });
  it('drops the oldest above a number, pinned ones excepted', () => {
    expect(pagesToForget(pages, { by: 'pages', count: 3 }, now)).toEqual([400, 5]);
    expect(pagesToForget(pages, { by: 'pages', count: 5 }, now)).toEqual([]);
    expect(pagesToForget(pages, { by: 'pages', count: 1 }, now)).toEqual([400, 5, 1, 0]);
  });
  it('drops the oldest until the rest fits', () => {
    expect(pagesToForget(pages, { by: 'size', megabytes: 6 }, now)).toEqual([400, 5]);
    expect(pagesToForget(pages, { by: 'size', megabytes: 7 }, now)).toEqual([400, 5]);
    expect(pagesToForget(pages, { by: 'size', megabytes: 10 }, now)).toEqual([]);
  });
});
