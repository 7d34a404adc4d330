import { AppError } from '../core/errors.ts';
import type { PageId } from '../core/ids.ts';
import type { IndexEntry, PageRecord, StoreMeta } from '../engine/ports.ts';
import { formatVersion } from '../engine/ports.ts';
import type { MergedPage } from '../engine/sync-ports.ts';
import type { Transaction } from './connection.ts';
import { readCounters, readMeta, readParts, readRecord } from './rows.ts';
import { type Counters, type SegmentRow, segmentParts } from './schema.ts';
import type { ChangedSegments, StoredChange } from './segment-files.ts';

/** Starts requests at once. One that throws on its start does not leave the others unobserved. */
export function together(...requests: readonly (() => Promise<unknown>)[]): Promise<unknown> {
  return Promise.all(requests.map(async (start) => start()));
}

export const emptyMeta: StoreMeta = { formatVersion, space: null, nextSpace: null, packedTo: 0 };

export async function getMeta(tx: Transaction<'readonly' | 'readwrite'>): Promise<StoreMeta> {
  const found = await tx.objectStore('meta').get('state');
  return found === undefined ? emptyMeta : readMeta(found);
}

export async function putMeta(
  tx: Transaction<'readwrite'>,
  change: Partial<Omit<StoreMeta, 'formatVersion'>>,
): Promise<void> {
  const former = await getMeta(tx);
  await tx.objectStore('meta').put({ ...former, ...change, formatVersion }, 'state');
}

export async function getCounters(tx: Transaction<'readonly' | 'readwrite'>): Promise<Counters> {
  return readCounters(await tx.objectStore('meta').get('counters'));
}

export async function takeRevision(tx: Transaction<'readwrite'>): Promise<Counters> {
  const counters = await getCounters(tx);
  return { ...counters, revision: counters.revision + 1 };
}

export async function requireRecord(tx: Transaction<'readwrite'>, id: PageId): Promise<PageRecord> {
  const record = readRecord(await tx.objectStore('pages').get(id));
  if (record !== null) return record;
  throw new AppError('bad-request', `There is no page ${id}`, { details: { pageId: id } });
}

/** Puts a page's index entry; what was made of its former text for another space goes. */
export async function putEntry(tx: Transaction<'readwrite'>, entry: IndexEntry): Promise<void> {
  await together(
    () => tx.objectStore('tail').put(entry),
    () => tx.objectStore('nextEntries').delete(entry.pageId),
  );
}

/** Removes a page's rows and notes that there was one. Needs `meta`. */
export async function removePage(tx: Transaction<'readwrite'>, id: PageId): Promise<void> {
  const visits = tx.objectStore('visits');
  const keys = await visits.index('byPage').getAllKeys(id);
  const isKnown = (await tx.objectStore('pages').getKey(id)) !== undefined;
  if (isKnown) await tx.objectStore('meta').put(1, 'removed');
  await together(
    ...keys.map((key) => () => visits.delete(key)),
    () => tx.objectStore('pages').delete(id),
    () => tx.objectStore('texts').delete(id),
    () => tx.objectStore('tokens').delete(id),
    () => tx.objectStore('tail').delete(id),
    () => tx.objectStore('nextEntries').delete(id),
  );
}

/** Puts a page as a merge made it, with exactly its visits. */
export async function putPage(
  tx: Transaction<'readwrite'>,
  { draft, content, visits }: MergedPage,
): Promise<PageRecord> {
  const counters = await takeRevision(tx);
  if (draft.id !== null) await requireRecord(tx, draft.id);
  const id = draft.id ?? (counters.nextPageId as PageId);
  const record: PageRecord = { ...draft, id, revision: counters.revision };
  const nextPageId = Math.max(counters.nextPageId, id + 1);
  await tx.objectStore('meta').put({ ...counters, nextPageId }, 'counters');
  await tx.objectStore('pages').put(record);
  if (content !== null) {
    await tx.objectStore('texts').put(content.text, id);
    await tx.objectStore('tokens').put(content.tokens, id);
    await putEntry(tx, { ...content.entry, pageId: id });
  }
  const kept = new Set(visits);
  const store = tx.objectStore('visits');
  const known = await store.index('byPage').getAllKeys(id);
  for (const key of known) if (!kept.has(key[0])) await store.delete(key);
  for (const at of kept) await store.put({ at, pageId: id });
  return record;
}

/** All parts of a segment. */
export const partsOf = (id: number) => IDBKeyRange.bound([id, ''], [id, '\uffff']);

/** The bytes of a segment without a file. Needs `parts`. */
export async function getParts(tx: Transaction<'readonly' | 'readwrite'>, id: number) {
  const parts = tx.objectStore('parts');
  const [keys, values] = await Promise.all([
    parts.getAllKeys(partsOf(id)),
    parts.getAll(partsOf(id)),
  ]);
  return readParts(id, keys, values);
}

/** Takes segments out and puts others in. Needs `segments`, `parts` and `meta`. */
export async function changeSegments(
  tx: Transaction<'readwrite'>,
  { remove, add }: StoredChange,
): Promise<ChangedSegments> {
  const parts = tx.objectStore('parts');
  const removed: SegmentRow[] = [];
  for (const id of remove) {
    const row = await tx.objectStore('segments').get(id);
    if (row !== undefined) removed.push(row);
    await together(
      () => tx.objectStore('segments').delete(id),
      () => parts.delete(partsOf(id)),
    );
  }
  if (add.length === 0) return { added: [], removed };
  const counters = await getCounters(tx);
  const first = counters.nextSegmentId;
  const nextSegmentId = first + add.length;
  await tx.objectStore('meta').put({ ...counters, nextSegmentId }, 'counters');
  for (const [place, { segment, file }] of add.entries()) {
    const { rows, terms, codes, tokens: _tokens, ...row } = segment;
    const id = first + place;
    const bytes = { rows, terms, codes };
    await together(
      () => tx.objectStore('segments').put(file === null ? { ...row, id } : { ...row, id, file }),
      ...(file === null ? segmentParts : []).map(
        (name) => () => parts.put(bytes[name], [id, name]),
      ),
    );
  }
  return { added: add.map((_, place) => first + place), removed };
}
