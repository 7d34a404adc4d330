import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { DejaluSchema, StoreName } from './schema.ts';

/** Rows copied at a time; parts of segments are megabytes each. */
const batchLength = 100;
const partsBatchLength = 4;
const settleMs = 200;

/**
 * Copies every row of every store but the marks of `meta`, in batches, each of a transaction of its
 * own. Nobody may write to `source` meanwhile.
 */
export async function copyRows(
  source: IDBPDatabase<DejaluSchema>,
  target: IDBPDatabase<DejaluSchema>,
): Promise<void> {
  for (const name of source.objectStoreNames) await copyStore(source, target, name);
}

async function copyStore(
  source: IDBPDatabase<DejaluSchema>,
  target: IDBPDatabase<DejaluSchema>,
  name: StoreName,
): Promise<void> {
  const length = name === 'parts' ? partsBatchLength : batchLength;
  for (let range: IDBKeyRange | null = null; ; ) {
    const { store } = source.transaction(name);
    const [keys, values] = await Promise.all([
      store.getAllKeys(range, length),
      store.getAll(range, length),
    ]);
    const last = keys.at(-1);
    if (last === undefined) return;
    const tx = target.transaction(name, 'readwrite', { durability: 'relaxed' });
    const hasInlineKeys = tx.store.keyPath !== null;
    for (const [i, key] of keys.entries()) {
      const value = values[i];
      if (value === undefined || key === 'removed' || key === 'generation') continue;
      void (hasInlineKeys ? tx.store.put(value) : tx.store.put(value, key)).catch(() => undefined);
    }
    // A request that failed aborts the transaction, and this says why.
    await tx.done;
    range = IDBKeyRange.lowerBound(last, true);
  }
}

/**
 * Makes the browser write out what it holds of recent changes. Chromium keeps all databases of an
 * extension in one LevelDB; deleting any of them ends with a compaction, whose first step moves
 * the log of recent writes into a table. Elsewhere it does nothing of note.
 */
async function flush(name: string): Promise<void> {
  const scratch = `${name}-flush`;
  const database = await openDB(scratch, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('rows');
    },
  });
  await database.put('rows', 0, 0);
  database.close();
  await deleteDB(scratch);
}

/**
 * Deletes a database so that its bytes leave the disk. A compaction drops what was deleted only
 * from tables that existed before it: rows still in the log would survive it inside a new table. So
 * the log is written out before the deletion, and the deletion's own marks after it. Measured on
 * Chromium with 0.4 to 67 MB: nothing is left in its files; with either flush alone all of it may
 * be.
 */
export async function deleteFromDisk(name: string): Promise<void> {
  await flush(name);
  // The browser acknowledges a deletion before it compacts; the next must not overtake that.
  await new Promise((resume) => setTimeout(resume, settleMs));
  await deleteDB(name);
  await flush(name);
}
