import type { PageKey, Timestamp } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import { siteOf } from '../core/page/page-key.ts';
import type { HeldPage, PrivateReason } from '../core/page/state.ts';
import type { PageJob } from '../messaging/host-protocol.ts';
import type { KeyValueStore } from '../platform/storage.ts';

const trayKey = 'held';
const allowedKey = 'allowed-once';
const weekMs = 7 * 24 * 60 * 60_000;
const maxHeld = 300;

type Entry = Omit<HeldPage, 'hasText'>;

/**
 * Pages that wait for the person's word. Address, title and reasons are kept on the disk for a week
 * at most; the text only in memory, so that nothing of it is written before the person agrees.
 */
export interface Tray {
  list(): Promise<readonly HeldPage[]>;
  find(key: PageKey): Promise<HeldPage | null>;
  hold(job: PageJob, reasons: readonly PrivateReason[]): Promise<HeldPage>;
  /** Takes a page out; its job when its text is still in memory. */
  release(key: PageKey): Promise<{ held: HeldPage | null; job: PageJob | null }>;
  /** Lets a page through at its next visit, once. */
  allowNext(key: PageKey): Promise<void>;
  /** Whether a page was let through; uses the permission up. */
  takeAllowance(key: PageKey): Promise<boolean>;
  /** Drops held pages that match. */
  drop(matches: (held: HeldPage) => boolean): Promise<void>;
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    'until' in value &&
    typeof value.until === 'number'
  );
}

const jobKey = (key: PageKey): string => `held:${key}`;

export function createTray(
  local: KeyValueStore,
  session: KeyValueStore,
  now: () => Timestamp,
): Tray {
  const lock = createLock();

  async function entries(): Promise<Entry[]> {
    const stored = await local.get(trayKey);
    const all = Array.isArray(stored) ? stored.filter(isEntry) : [];
    const kept = all.filter((entry) => entry.until > now());
    if (kept.length < all.length) {
      await local.set(trayKey, kept);
      const gone = all.filter((entry) => entry.until <= now());
      await session.remove(gone.map((entry) => jobKey(entry.key)));
    }
    return kept;
  }

  const withText = async (entry: Entry): Promise<HeldPage> => ({
    ...entry,
    hasText: (await session.get(jobKey(entry.key))) !== undefined,
  });

  async function remove(gone: readonly Entry[]): Promise<void> {
    const keys = new Set(gone.map(({ key }) => key));
    await local.set(
      trayKey,
      (await entries()).filter(({ key }) => !keys.has(key)),
    );
    await session.remove(gone.map(({ key }) => jobKey(key)));
  }

  async function allowances(): Promise<string[]> {
    const stored = await session.get(allowedKey);
    return Array.isArray(stored) ? stored.map(String) : [];
  }

  return {
    list: () => lock(async () => Promise.all((await entries()).map(withText))),
    find: (key) =>
      lock(async () => {
        const entry = (await entries()).find((each) => each.key === key);
        return entry === undefined ? null : withText(entry);
      }),
    hold: (job, reasons) =>
      lock(async () => {
        const others = (await entries()).filter(({ key }) => key !== job.key);
        const heldAt = now();
        const entry: Entry = {
          key: job.key,
          url: job.url,
          title: job.title,
          site: siteOf(job.url),
          reasons,
          heldAt,
          until: heldAt + weekMs,
        };
        const kept = [entry, ...others];
        await local.set(trayKey, kept.slice(0, maxHeld));
        await session.remove(kept.slice(maxHeld).map(({ key }) => jobKey(key)));
        try {
          await session.set(jobKey(job.key), job);
          return { ...entry, hasText: true };
        } catch {
          // No room in memory: the page is read at its next visit instead.
          return { ...entry, hasText: false };
        }
      }),
    release: (key) =>
      lock(async () => {
        const entry = (await entries()).find((each) => each.key === key);
        if (entry === undefined) return { held: null, job: null };
        const job = (await session.get(jobKey(key))) as PageJob | undefined;
        await remove([entry]);
        return { held: { ...entry, hasText: job !== undefined }, job: job ?? null };
      }),
    allowNext: (key) =>
      lock(async () => session.set(allowedKey, [...(await allowances()), key].slice(-maxHeld))),
    takeAllowance: (key) =>
      lock(async () => {
        const all = await allowances();
        if (!all.includes(key)) return false;
        await session.set(
          allowedKey,
          all.filter((each) => each !== key),
        );
        return true;
      }),
    drop: (matches) =>
      lock(async () => {
        const all = await entries();
        await remove(all.filter((entry) => matches({ ...entry, hasText: false })));
      }),
  };
}
