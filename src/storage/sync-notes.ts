import type { PageKey, Timestamp } from '../core/ids.ts';
import { markAfterEdit, markAfterForget, noMark, type PageMark } from '../core/sync/mark.ts';
import type { DeviceId } from '../core/sync/types.ts';
import type { SyncSetup } from '../engine/sync-ports.ts';
import type { Transaction } from './connection.ts';
import { syncStoreNames } from './schema.ts';

type Writing = Transaction<'readwrite'>;
type Reading = Transaction<'readonly' | 'readwrite'>;

export async function readSetup(tx: Reading): Promise<SyncSetup | null> {
  const row = await tx.objectStore('sync').get('setup');
  return typeof row === 'object' && row !== null ? row : null;
}

export async function readMark(tx: Reading, key: PageKey): Promise<PageMark> {
  const row = await tx.objectStore('marks').get(key);
  return row === undefined ? noMark : { epoch: row.epoch, edit: row.edit };
}

/** Puts a page into the outbox under the next number; an older entry of it is replaced. */
export async function enqueue(tx: Writing, key: PageKey): Promise<void> {
  const sync = tx.objectStore('sync');
  const last = await sync.get('sequence');
  const sequence = (typeof last === 'number' ? last : 0) + 1;
  await sync.put(sequence, 'sequence');
  await tx.objectStore('outbox').put({ key, sequence });
}

async function note(
  tx: Writing,
  key: PageKey,
  change: (mark: PageMark, device: DeviceId) => PageMark,
): Promise<void> {
  const setup = await readSetup(tx);
  if (setup === null) return;
  const mark = change(await readMark(tx, key), setup.device);
  await tx.objectStore('marks').put({ key, ...mark });
  // Whatever the server had against the page before, this is another page to send.
  await tx.objectStore('aside').delete(key);
  await enqueue(tx, key);
}

/** In the transaction that writes a page's content. Nothing while sync is off, as the next two. */
export function noteEdit(tx: Writing, key: PageKey, at: Timestamp): Promise<void> {
  return note(tx, key, (mark, device) => markAfterEdit(mark, device, at));
}

/** In the transaction that adds a visit and nothing else. */
export function noteVisit(tx: Writing, key: PageKey): Promise<void> {
  return note(tx, key, (mark) => mark);
}

/** In the transaction that removes a page. */
export function noteForgotten(tx: Writing, key: PageKey): Promise<void> {
  return note(tx, key, markAfterForget);
}

export async function clearSync(tx: Writing): Promise<void> {
  for (const name of syncStoreNames) await tx.objectStore(name).clear();
}
