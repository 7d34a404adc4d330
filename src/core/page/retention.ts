import type { PageId, Timestamp } from '../ids.ts';
import type { Retention } from './settings.ts';

const dayMs = 24 * 60 * 60_000;
const megabyte = 1_000_000;

/** What decides how long a page stays. */
export interface KeptPage {
  readonly id: PageId;
  readonly lastReadAt: Timestamp;
  readonly isPinned: boolean;
  /** Bytes of its text and codes, as the engine's status counts them. */
  readonly sizeBytes: number;
}

/**
 * The pages that have to leave, those read longest ago first. Pinned pages stay and count towards
 * the limits all the same.
 */
export function pagesToForget(
  pages: Iterable<KeptPage>,
  retention: Retention,
  now: Timestamp,
): readonly PageId[] {
  if (retention.by === 'forever') return [];
  const oldestFirst = [...pages].sort((a, b) => a.lastReadAt - b.lastReadAt);
  const leaving = oldestFirst.filter((page) => !page.isPinned);
  const ids = (list: readonly KeptPage[]) => list.map((page) => page.id);
  switch (retention.by) {
    case 'age':
      return ids(leaving.filter((page) => page.lastReadAt < now - retention.days * dayMs));
    case 'pages':
      return ids(leaving.slice(0, Math.max(0, oldestFirst.length - retention.count)));
    case 'size': {
      const total = oldestFirst.reduce((sum, page) => sum + page.sizeBytes, 0);
      let over = total - retention.megabytes * megabyte;
      let count = 0;
      for (const page of leaving) {
        if (over <= 0) break;
        over -= page.sizeBytes;
        count++;
      }
      return ids(leaving.slice(0, count));
    }
    default: {
      const never: never = retention;
      return never;
    }
  }
}
