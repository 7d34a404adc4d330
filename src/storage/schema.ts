import type { DBSchema } from 'idb';
import type { PageId, PageKey, Timestamp } from '../core/ids.ts';
import type { PageMark } from '../core/sync/mark.ts';
import type { OutboxEntry } from '../core/sync/types.ts';
import type { IndexEntry, PageRecord, SavedMap, Segment, StoreMeta } from '../engine/ports.ts';
import type { AsideEntry, SyncSetup } from '../engine/sync-ports.ts';

/** Name of the one database. */
export const databaseName = 'dejalu';

/** The file with the bytes of a segment, and how many there are of rows, terms, codes and tokens. */
export interface FileParts {
  readonly name: string;
  readonly sizes: readonly [rows: number, terms: number, codes: number, tokens: number];
}

/** What tells a segment's pages. */
export interface SegmentRow extends Omit<Segment, (typeof segmentParts)[number]> {
  /** Where its bytes are; left out when they are rows of `parts`. */
  readonly file?: FileParts;
}

/** The bytes of a segment without a file, each a row of `parts`. */
export const segmentParts = ['rows', 'terms', 'codes'] as const;

/** Numbers that only grow, so that no id is ever given twice. */
export interface Counters {
  readonly nextPageId: number;
  readonly nextSegmentId: number;
  readonly revision: number;
}

export interface VisitRow {
  readonly at: Timestamp;
  readonly pageId: PageId;
}

export interface MarkRow extends PageMark {
  readonly key: PageKey;
}

/** docs/storage-format.md describes each store. */
export interface DejaluSchema extends DBSchema {
  pages: {
    key: number;
    value: PageRecord;
    indexes: { byKey: PageKey; byLastReadAt: Timestamp; byRevision: number };
  };
  /** Compressed passages by page id. */
  texts: { key: number; value: Uint8Array };
  /** Packed tokens by page id, of pages whose segment has none. */
  tokens: { key: number; value: Uint8Array };
  /** Index entries of pages that no segment holds yet. */
  tail: { key: number; value: IndexEntry };
  segments: { key: number; value: SegmentRow };
  /** `[segment id, one of {@link segmentParts}]`. */
  parts: { key: [number, string]; value: Uint8Array };
  /** Index entries in a space that does not answer yet, or whose entries have not settled yet. */
  nextEntries: { key: number; value: IndexEntry };
  visits: { key: [number, number]; value: VisitRow; indexes: { byPage: number } };
  /**
   * `removed`: pages were removed since the last rewriting; `generation`: how often it was rewritten;
   * `map`: where pages lie on the map of what was read.
   */
  meta: {
    key: 'state' | 'counters' | 'removed' | 'generation' | 'map';
    value: StoreMeta | Counters | SavedMap | number;
  };
  /** `setup`, `sequence`, `cursor:` + a device's name. Empty while sync is off, as the next three. */
  sync: { key: string; value: SyncSetup | number };
  marks: { key: string; value: MarkRow };
  outbox: { key: string; value: OutboxEntry; indexes: { bySequence: number } };
  aside: { key: string; value: AsideEntry };
}

/** The stores that sync writes beside those of the pages. */
export const syncStoreNames = ['sync', 'marks', 'outbox', 'aside'] as const;

/** The stores that hold pages. */
export const pageStoreNames = [
  'pages',
  'texts',
  'tokens',
  'tail',
  'segments',
  'parts',
  'nextEntries',
  'visits',
] as const;

/** Every store, for work on all of them. */
export const storeNames = [...pageStoreNames, 'meta', ...syncStoreNames] as const;

export type StoreName = (typeof storeNames)[number];
