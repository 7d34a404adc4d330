import { expose } from 'comlink';
import type { PageText } from '../src/core/page/types.ts';

/**
 * Stands in for the engine's worker while extraction is measured: it keeps what the host hands over
 * and gives it back as the "text" of recent pages, so that the way up to the engine is the product's.
 */
const pages = new Map<string, PageText>();

expose({
  open: async () => null,
  status: async () => ({
    state: 'ready',
    pageCount: pages.size,
    passageCount: 0,
    sizeBytes: {},
    model: null,
    jobs: [],
  }),
  likeness: async () => ({ kind: 'bank', share: 0 }),
  readPage: async (page: PageText) => {
    pages.set(page.url, page);
    return { pageId: pages.size, outcome: 'stored', passageCount: 0, encodedCount: 0 };
  },
  recentPages: async () => [...pages.values()],
  pageByKey: async () => null,
  maintain: async () => ({ isDone: true }),
});
