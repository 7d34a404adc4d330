import type { DBSchema } from 'idb';
import type { PageId, PageKey, Timestamp } from '../core/ids.ts';
import type { IndexEntry, PageRecord, StoreMeta } from '../engine/ports.ts';

/** Name of the one database. */
export const databaseName = 'dejalu';

/** The segment's directory and page columns; its other parts are rows of their own. */
export interface SegmentRow {
  readonly id: number;
  readonly revision: number;
  readonly pageIds: Uint32Array;
  readonly pages: Uint8Array;
}

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

/** docs/storage-format.md describes each store. */
export interface DejaluSchema extends DBSchema {
  pages: {
    key: number;
    value: PageRecord;
    indexes: { byKey: PageKey; byLastReadAt: Timestamp; byRevision: number };
  };
  /** Compressed passages by page id. */
  texts: { key: number; value: Uint8Array };
  /** Index entries of pages that no segment holds yet. */
  tail: { key: number; value: IndexEntry };
  segments: { key: number; value: SegmentRow };
  /** `[segment id, 'terms' | 'codes:' + space]`. */
  parts: { key: [number, string]; value: Uint8Array };
  visits: { key: [number, number]; value: VisitRow; indexes: { byPage: number } };
  /** Pages whose bytes are still in a segment. */
  tombstones: { key: number; value: number };
  meta: { key: 'state' | 'counters'; value: StoreMeta | Counters };
}

/** Every store, for work on all of them. */
export const storeNames = [
  'pages',
  'texts',
  'tail',
  'segments',
  'parts',
  'visits',
  'tombstones',
  'meta',
] as const;

export type StoreName = (typeof storeNames)[number];
