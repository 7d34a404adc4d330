import type { PageKey, Timestamp } from '../core/ids.ts';
import type { DeviceId, OutboxEntry, PageContent, PageState } from '../core/sync/types.ts';
import type { SyncCursor } from '../engine/sync-ports.ts';

/** What sync needs of the local store. The local store is the truth; sync only reads and merges. */
export interface SyncStore {
  device(): Promise<DeviceId>;
  /** The oldest waiting entries after a sequence, ascending by it, one a page (its newest). */
  pending(limit: number, after?: number): Promise<readonly OutboxEntry[]>;
  pendingCount(): Promise<number>;
  /** Removes the entries up to and including each one's sequence for its page. */
  acknowledge(entries: readonly OutboxEntry[]): Promise<void>;
  /** What this device knows of each page, in their order; the empty state of one it knows nothing of. */
  states(keys: readonly PageKey[]): Promise<readonly PageState[]>;
  /**
   * Merges what another device told into the store and moves its cursor, all in one transaction.
   * A page of which this device knows better goes into the outbox ({@link isOwedBack}).
   */
  merge(told: readonly PageState[], cursor: SyncCursor | null): Promise<void>;
  /** The last sequence received from each device, by the name the mirror gives it. */
  cursors(): Promise<Readonly<Record<string, number>>>;
  /** Takes an entry out of the outbox, unless a newer one waits, and keeps why. */
  putAside(
    entry: OutboxEntry,
    why: { readonly reason: string; readonly message: string; readonly at: Timestamp },
  ): Promise<void>;
}

/** Embeddings of a page's passages, in their order, in the mirror's model. */
export type EmbedPassages = (content: PageContent) => Promise<readonly Float32Array[]>;

export interface RemotePoint {
  readonly id: string;
  readonly vector?: Float32Array;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A change to send; a list of them is applied in order. */
export type RemoteOperation =
  | { readonly kind: 'upsert'; readonly points: readonly RemotePoint[] }
  | {
      /** Deletes points of a page: those of an epoch before `beforeEpoch`, or all passages not in `keep`. */
      readonly kind: 'delete-passages';
      readonly page: string;
      readonly keep: readonly string[];
    }
  | { readonly kind: 'delete-older'; readonly page: string; readonly beforeEpoch: number };

export interface RemoteHit {
  readonly page: string;
  readonly passageIndex: number;
  readonly score: number;
}

/** What sync needs of the server. Every method rejects with AppError `remote-failed` and a reason. */
export interface RemoteIndex {
  /** Applies the operations in order; resolves when the server has them on disk. */
  write(operations: readonly RemoteOperation[]): Promise<void>;
  /** Records of one device after a sequence, ascending, at most `limit`. */
  recordsAfter(device: string, sequence: number, limit: number): Promise<readonly RemotePoint[]>;
  /** All devices' records of some pages, without what they say. */
  recordHeads(pages: readonly string[]): Promise<readonly RemotePoint[]>;
  /** Whole points by their ids; those that are gone are left out. */
  readPoints(ids: readonly string[]): Promise<readonly RemotePoint[]>;
  devices(): Promise<readonly RemotePoint[]>;
  search(vector: Float32Array, limit: number, signal: AbortSignal): Promise<readonly RemoteHit[]>;
  /** Points of the collection, exact. */
  count(): Promise<number>;
  deleteEverything(): Promise<void>;
}
