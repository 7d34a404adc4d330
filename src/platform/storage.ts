import { AppError } from '../core/errors.ts';
import { browser } from './browser.ts';

/** A small store of JSON values by name. */
export interface KeyValueStore {
  get(key: string): Promise<unknown>;
  /** @throws AppError `storage-full` when the area's quota does not allow it */
  set(key: string, value: unknown): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

type Area = 'local' | 'session';

function createStore(area: Area): KeyValueStore {
  return {
    async get(key) {
      const found: Record<string, unknown> = await browser.storage[area].get(key);
      return found[key];
    },
    async set(key, value) {
      try {
        await browser.storage[area].set({ [key]: value });
      } catch (cause) {
        throw new AppError('storage-full', `The browser's ${area} storage took no more data`, {
          cause,
        });
      }
    },
    async remove(keys) {
      await browser.storage[area].remove([...keys]);
    },
  };
}

/** Lives on the disk. Settings, rules and the list of held pages; never the text of a page. */
export const localStore: KeyValueStore = createStore('local');

/**
 * Writes the local storage anew. Chrome deletes its files when it is cleared, and until then they
 * hold what was removed. A kill in between loses the settings, so it is done when everything goes.
 */
export async function rewriteLocalStore(): Promise<void> {
  const all = await browser.storage.local.get(null);
  await browser.storage.local.clear();
  await browser.storage.local.set(all);
}

/** Lives in memory and outlives the background, until the browser is closed; 10 MB in all. */
export const sessionStore: KeyValueStore = createStore('session');
