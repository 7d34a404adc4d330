import { describe, expect, it, vi } from 'vitest';
import type { PageId } from '../core/ids.ts';
import { defaultSettings, type Settings } from '../core/page/settings.ts';
import type { PageSummary } from '../core/search/types.ts';
import type { AskHost } from '../messaging/host-client.ts';
import { forgetRemoved, reconcileWithHistory } from './housekeeping.ts';

const dayMs = 86_400_000;
const now = 1000 * dayMs;

function setUp(count: number, change: Partial<Settings> = {}) {
  const pages = Array.from(
    { length: count },
    (_, index): PageSummary => ({
      id: (index + 1) as PageId,
      url: `https://www.example.com/${index}?utm_source=mail`,
      title: '',
      site: 'example.com',
      lang: 'en',
      type: 'other',
      firstReadAt: 0,
      // One page an hour, newest first.
      lastReadAt: now - index * 3_600_000,
      readCount: 1,
      wordCount: 1,
      passageCount: 1,
      isPinned: false,
    }),
  );
  const forgotten: unknown[] = [];
  const askHost = vi.fn(async (type: string, params: unknown) => {
    if (type === 'page-engine:recent-pages') {
      const { limit, after } = params as { limit: number; after?: { id: PageId } };
      const start = pages.findIndex((page) => page.id === after?.id) + 1;
      return pages.slice(start, start + limit);
    }
    forgotten.push(params);
    return null;
  });
  const queue = { add: vi.fn(), has: vi.fn(), drain: vi.fn(), drop: vi.fn() };
  const tray = { drop: vi.fn() };
  const settings = { get: async () => ({ ...defaultSettings, ...change }) };
  const tools = {
    settings: settings as never,
    queue,
    tray: tray as never,
    fetcher: { drop: vi.fn() },
    askHost: askHost as unknown as AskHost,
    now: () => now,
  };
  return { forgotten, tools, queue, tray };
}

describe('forgetting with the history', () => {
  it('forgets the pages of removed addresses, in any spelling, over several lists', async () => {
    const { tools, forgotten, queue, tray } = setUp(1200);
    await forgetRemoved(
      ['http://example.com/3', 'https://example.com/1100', 'https://x.org/'],
      tools,
    );
    expect(forgotten).toEqual([{ by: 'ids', ids: [4, 1101] }]);
    expect(queue.drop).toHaveBeenCalledOnce();
    expect(tray.drop).toHaveBeenCalledOnce();
  });

  it('forgets everything when all of the history goes', async () => {
    const { tools, forgotten } = setUp(3);
    await forgetRemoved(null, tools);
    expect(forgotten).toEqual([{ by: 'everything' }]);
  });

  it('does nothing when the person does not want it', async () => {
    const { tools, forgotten } = setUp(3, { forgetsWithHistory: false });
    await forgetRemoved(null, tools);
    expect(await reconcileWithHistory(async () => false, new Set([1 as PageId]), tools)).toBe(0);
    expect(forgotten).toEqual([]);
  });

  it('misses in the history only pages that this browser has read', async () => {
    const { tools, forgotten } = setUp(1200);
    const readHere = new Set(Array.from({ length: 1000 }, (_, index) => (index + 1) as PageId));
    const isInHistory = async (url: string) => !/\/(?:5|700|1100)\?/.test(url);
    expect(await reconcileWithHistory(isInHistory, readHere, tools)).toBe(2);
    expect(forgotten).toEqual([{ by: 'ids', ids: [6, 701] }]);
  });
});
