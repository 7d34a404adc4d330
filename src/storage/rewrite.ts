import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { DejaluSchema, StoreName } from './schema.ts';

/** Rows copied at a time; parts of segments are megabytes each. */
const batchLength = 100;
const partsBatchLength = 4;

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

/** Random, so that no compression makes it less; below 64 KB, from where values become files. */
const fillerBytes = 60_000;
/** Of fillers: more than the 4 MB that LevelDB gathers at most before it writes a table. */
const fillersPerWrite = 80;
const fillingWrites = 3;
const settleMs = 400;

/**
 * Makes the browser write out what it holds of recent changes. Chromium keeps all databases of an
 * extension in one LevelDB, whose log of recent changes becomes a table when it is full. The first
 * write here fills it, the second opens a new one and the third must wait for the table. Elsewhere
 * this does nothing of note.
 */
async function fillLog(name: string): Promise<void> {
  const scratch = `${name}-filler`;
  const database = await openDB(scratch, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('rows');
    },
  });
  for (let write = 0; write < fillingWrites; write++) {
    const tx = database.transaction('rows', 'readwrite');
    for (let i = 0; i < fillersPerWrite; i++) {
      const filler = crypto.getRandomValues(new Uint8Array(fillerBytes));
      void tx.store.put(filler, i).catch(() => undefined);
    }
    // A request that failed aborts the transaction, and this says why.
    await tx.done;
  }
  database.close();
  await deleteDB(scratch);
  // The browser acknowledges a deletion before it compacts; the next must not overtake that.
  await new Promise((resume) => setTimeout(resume, settleMs));
}

/**
 * Deletes a database so that its bytes leave the disk. Chromium ends a deletion with a compaction,
 * which drops what was deleted only from tables that existed before it: rows still in the log would
 * survive it inside a new table. So the log becomes a table before the deletion, and the deletion's
 * own marks become one after it.
 */
export async function deleteFromDisk(name: string): Promise<void> {
  await fillLog(name);
  await deleteDB(name);
  await fillLog(name);
}
