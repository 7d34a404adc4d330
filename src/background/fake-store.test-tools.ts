import { AppError } from '../core/errors.ts';
import type { KeyValueStore } from '../platform/storage.ts';

/** A store in memory that copies what it is given, as the browser's does; for tests. */
export function createFakeStore(maxBytes = Number.POSITIVE_INFINITY): KeyValueStore & {
  readonly values: Map<string, string>;
} {
  const values = new Map<string, string>();
  const sizeBytes = () => [...values.values()].reduce((sum, value) => sum + value.length, 0);
  return {
    values,
    get: async (key) => {
      const found = values.get(key);
      return found === undefined ? undefined : JSON.parse(found);
    },
    set: async (key, value) => {
      const text = JSON.stringify(value);
      if (sizeBytes() - (values.get(key)?.length ?? 0) + text.length > maxBytes) {
        throw new AppError('storage-full', 'The fake store is full');
      }
      values.set(key, text);
    },
    remove: async (keys) => {
      for (const key of keys) values.delete(key);
    },
  };
}
