import { AppError } from '../core/errors.ts';
import type { PageJob } from '../messaging/host-protocol.ts';

/** A page whose pieces are arriving. */
interface Transfer {
  readonly job: Omit<PageJob, 'snapshot'>;
  readonly tabId: number;
  readonly length: number;
  readonly pieces: string[];
  readonly count: number;
}

const maxTransfers = 40;

/**
 * Pieces of snapshots on their way in. They live in memory only: when the background dies, the
 * content script meets an unknown transfer, which to it means "offer the page again".
 */
export interface Transfers {
  /** Null when too many are under way. */
  begin(
    job: Omit<PageJob, 'snapshot'>,
    tabId: number,
    length: number,
    count: number,
  ): string | null;
  /**
   * Takes the next piece; the whole once it was the last.
   * @throws AppError `host-gone` for an unknown transfer, `bad-request` for a piece out of order, of
   *   another tab, or beyond the length that was offered
   */
  accept(id: string, tabId: number, index: number, text: string): Completed | null;
  drop(tabId: number): void;
}

export interface Completed {
  readonly job: Omit<PageJob, 'snapshot'>;
  readonly html: string;
}

export function createTransfers(): Transfers {
  const open = new Map<string, Transfer>();
  return {
    begin(job, tabId, length, count) {
      // A tab sends one page at a time; a newer offer ends the older.
      for (const [id, transfer] of open) if (transfer.tabId === tabId) open.delete(id);
      if (open.size >= maxTransfers) return null;
      const id = crypto.randomUUID();
      open.set(id, { job, tabId, length, pieces: [], count });
      return id;
    },
    accept(id, tabId, index, text) {
      const transfer = open.get(id);
      if (transfer === undefined) {
        throw new AppError(
          'host-gone',
          'This transfer is not known any more; offer the page again',
        );
      }
      const { pieces, count, length } = transfer;
      const arrived = pieces.reduce((sum, piece) => sum + piece.length, text.length);
      if (transfer.tabId !== tabId || index !== pieces.length || arrived > length) {
        open.delete(id);
        throw new AppError(
          'bad-request',
          `Piece ${index} does not belong here; piece ${pieces.length} of ${count} was awaited`,
          { details: { index, awaited: pieces.length, count } },
        );
      }
      pieces.push(text);
      if (pieces.length < count) return null;
      open.delete(id);
      return { job: transfer.job, html: pieces.join('') };
    },
    drop(tabId) {
      for (const [id, transfer] of open) if (transfer.tabId === tabId) open.delete(id);
    },
  };
}
