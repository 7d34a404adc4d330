import type { PageId, Timestamp } from '../ids.ts';
import type { PageSummary } from '../search/types.ts';
import type { Retention } from './settings.ts';

const dayMs = 24 * 60 * 60_000;
const megabyte = 1_000_000;

/**
 * The pages that have to leave, oldest reading first to go. Pinned pages stay and count towards the
 * limits all the same.
 *
 * @param pages newest first
 * @param sizeBytes of all that is stored; a page's part is taken by its share of the passages
 */
export function pagesToForget(
  pages: readonly PageSummary[],
  retention: Retention,
  now: Timestamp,
  sizeBytes: number,
): readonly PageId[] {
  const ids = (list: readonly PageSummary[]) =>
    list.filter((page) => !page.isPinned).map((page) => page.id);
  switch (retention.by) {
    case 'forever':
      return [];
    case 'age':
      return ids(pages.filter((page) => page.lastReadAt < now - retention.days * dayMs));
    case 'pages':
      return ids([...pages].reverse()).slice(0, Math.max(0, pages.length - retention.count));
    case 'size': {
      const passages = pages.reduce((sum, page) => sum + page.passageCount, 0);
      let over = sizeBytes - retention.megabytes * megabyte;
      const gone: PageId[] = [];
      for (const page of [...pages].reverse()) {
        if (over <= 0) break;
        if (page.isPinned) continue;
        gone.push(page.id);
        over -= (sizeBytes * page.passageCount) / Math.max(1, passages);
      }
      return gone;
    }
    default: {
      const never: never = retention;
      return never;
    }
  }
}
