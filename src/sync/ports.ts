import type { PageKey, Timestamp } from '../core/ids.ts';
import type { DeviceId, OutboxEntry, PageContent, PageState } from '../core/sync/types.ts';

/** What sync needs of the local store. The local store is the truth; sync only reads and merges. */
export interface SyncStore {
  device(): Promise<DeviceId>;
  /** The oldest waiting entries, ascending by sequence, one a page (its newest). */
  pending(limit: number): Promise<readonly OutboxEntry[]>;
  pendingCount(): Promise<number>;
  /** Removes the entries up to and including each one's sequence for its page. */
  acknowledge(entries: readonly OutboxEntry[]): Promise<void>;
  /** What this device knows of a page; the empty state when it knows nothing. */
  state(key: PageKey): Promise<PageState>;
  /**
   * Merges a state from another device into the store in one transaction, and says what the page is
   * then. Puts the page into the outbox only when `resend` is set.
   */
  merge(state: PageState, options: { readonly resend: boolean }): Promise<PageState>;
  /** The last sequence received from each device, by the name the mirror gives it. */
  cursors(): Promise<Readonly<Record<string, number>>>;
  setCursor(deviceName: string, sequence: number): Promise<void>;
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
  recordsOf(page: string): Promise<readonly RemotePoint[]>;
  devices(): Promise<readonly RemotePoint[]>;
  search(vector: Float32Array, limit: number, signal: AbortSignal): Promise<readonly RemoteHit[]>;
  /** Points of the collection, exact. */
  count(): Promise<number>;
  deleteEverything(): Promise<void>;
}
