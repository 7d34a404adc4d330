import type { PageKey, Timestamp } from '../core/ids.ts';
import { afterForget, afterRead, afterVisit, emptyState, mergeStates } from '../core/sync/merge.ts';
import type { DeviceId, OutboxEntry, PageContent, PageState } from '../core/sync/types.ts';
import type { SyncStore } from './ports.ts';

/**
 * A sync store in memory: the reference for the one on disk, and the devices of the property tests.
 * Each method is atomic, as a transaction is.
 */
export class MemorySyncStore implements SyncStore {
  readonly states = new Map<PageKey, PageState>();
  readonly #device: DeviceId;
  readonly #outbox = new Map<PageKey, number>();
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

  async pending(limit: number): Promise<readonly OutboxEntry[]> {
    const entries: OutboxEntry[] = [];
    for (const [key, sequence] of this.#outbox) {
      if (entries.length === limit) break;
      entries.push({ key, sequence });
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

  async state(key: PageKey): Promise<PageState> {
    return this.#get(key);
  }

  async merge(state: PageState, { resend }: { resend: boolean }): Promise<PageState> {
    const merged = mergeStates(this.#get(state.key), state);
    this.states.set(state.key, merged);
    if (resend) this.#enqueue(state.key);
    return merged;
  }

  async cursors(): Promise<Readonly<Record<string, number>>> {
    return { ...this.#cursors };
  }

  async setCursor(deviceName: string, sequence: number): Promise<void> {
    this.#cursors[deviceName] = sequence;
  }

  async putAside(entry: OutboxEntry): Promise<void> {
    await this.acknowledge([entry]);
  }

  #get(key: PageKey): PageState {
    return this.states.get(key) ?? emptyState(key);
  }

  #put(state: PageState): void {
    this.states.set(state.key, state);
    this.#enqueue(state.key);
  }

  #enqueue(key: PageKey): void {
    this.#sequence++;
    // The map's order is that of the sequences: a page that waited already goes to the end.
    this.#outbox.delete(key);
    this.#outbox.set(key, this.#sequence);
  }
}
