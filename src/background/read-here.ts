import type { PageId, Timestamp } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import type { KeyValueStore } from '../platform/storage.ts';

const indexKey = 'read-here';
const dayMs = 24 * 60 * 60_000;
/** Browsers drop visits of their own accord after 90 days; older pages prove nothing by absence. */
const keptDays = 80;

const dayKey = (day: number): string => `${indexKey}:${day}`;

/**
 * Which pages this browser has read, as plain numbers by day, for as long as its history must hold
 * them too. Only these may be missed there: a page that was imported, or came from another device,
 * was never in this browser's history.
 */
export interface ReadHere {
  note(id: PageId): Promise<void>;
  /** Pages noted in the last 80 days. */
  list(): Promise<ReadonlySet<PageId>>;
}

export function createReadHere(local: KeyValueStore, now: () => Timestamp): ReadHere {
  const lock = createLock();
  const today = (): number => Math.floor(now() / dayMs);

  async function numbers(key: string): Promise<number[]> {
    const stored = await local.get(key);
    return Array.isArray(stored) ? stored.filter(Number.isSafeInteger) : [];
  }

  /** The days that have a list; old ones are dropped on the way. */
  async function days(): Promise<number[]> {
    const all = await numbers(indexKey);
    const kept = all.filter((day) => day > today() - keptDays);
    if (kept.length < all.length) {
      await local.set(indexKey, kept);
      await local.remove(all.filter((day) => !kept.includes(day)).map(dayKey));
    }
    return kept;
  }

  return {
    note: (id) =>
      lock(async () => {
        const day = today();
        const known = await days();
        if (!known.includes(day)) await local.set(indexKey, [...known, day]);
        const ids = await numbers(dayKey(day));
        if (!ids.includes(id)) await local.set(dayKey(day), [...ids, id]);
      }),
    list: () =>
      lock(async () => {
        const lists = await Promise.all((await days()).map((day) => numbers(dayKey(day))));
        return new Set(lists.flat() as PageId[]);
      }),
  };
}
