import type { PageKey, Timestamp } from '../core/ids.ts';
import {
  afterForget,
  afterRead,
  afterVisit,
  emptyState,
  isOwedBack,
  mergeStates,
} from '../core/sync/merge.ts';
import type { DeviceId, OutboxEntry, PageContent, PageState } from '../core/sync/types.ts';
import type { SyncCursor } from '../engine/sync-ports.ts';
import type { SyncStore } from './ports.ts';

/**
 * A sync store in memory: the reference for the one on disk, and the devices of the property tests.
 * Each method is atomic, as a transaction is.
 */
export class MemorySyncStore implements SyncStore {
  readonly known = new Map<PageKey, PageState>();
  readonly #device: DeviceId;
  readonly #outbox = new Map<PageKey, number>();
  readonly #aside = new Set<PageKey>();
  readonly #cursors: Record<string, number> = {};
  #sequence = 0;

  constructor(device: string) {
    this.#device = device as DeviceId;
  }

  read(key: PageKey, at: Timestamp, content: PageContent): void {
    const state = this.#get(key);
    this.#put(afterRead(state, { device: this.#device, at, content }));
  }

  visit(key: PageKey, at: Timestamp): void {
    this.#put(afterVisit(this.#get(key), at));
  }

  forget(key: PageKey): void {
    this.#put(afterForget(this.#get(key)));
  }

  async device(): Promise<DeviceId> {
    return this.#device;
  }

  async pending(limit: number, after = 0): Promise<readonly OutboxEntry[]> {
    const entries: OutboxEntry[] = [];
    for (const [key, sequence] of this.#outbox) {
      if (entries.length === limit) break;
      if (sequence > after) entries.push({ key, sequence });
    }
    return entries;
  }

  async pendingCount(): Promise<number> {
    return this.#outbox.size;
  }

  async acknowledge(entries: readonly OutboxEntry[]): Promise<void> {
    for (const { key, sequence } of entries) {
      const waiting = this.#outbox.get(key);
      if (waiting !== undefined && waiting <= sequence) this.#outbox.delete(key);
    }
  }

  async states(keys: readonly PageKey[]): Promise<readonly PageState[]> {
    return keys.map((key) => this.#get(key));
  }

  async merge(told: readonly PageState[], cursor: SyncCursor | null): Promise<void> {
    for (const state of told) {
      const before = this.#get(state.key);
      const merged = mergeStates(before, state);
      this.known.set(state.key, merged);
      if (isOwedBack(before, state, merged)) this.#enqueue(state.key);
    }
    if (cursor !== null) this.#cursors[cursor.device] = cursor.sequence;
  }

  async cursors(): Promise<Readonly<Record<string, number>>> {
    return { ...this.#cursors };
  }

  async putAside(entry: OutboxEntry): Promise<void> {
    if ((this.#outbox.get(entry.key) ?? Number.POSITIVE_INFINITY) > entry.sequence) return;
    this.#outbox.delete(entry.key);
    this.#aside.add(entry.key);
  }

  retryAside(): void {
    for (const key of this.#aside) this.#enqueue(key);
  }

  #get(key: PageKey): PageState {
    return this.known.get(key) ?? emptyState(key);
  }

  #put(state: PageState): void {
    this.known.set(state.key, state);
    this.#enqueue(state.key);
  }

  #enqueue(key: PageKey): void {
    this.#sequence++;
    this.#aside.delete(key);
    // The map's order is that of the sequences: a page that waited already goes to the end.
    this.#outbox.delete(key);
    this.#outbox.set(key, this.#sequence);
  }
}
