import type { PageId, PageKey, Timestamp } from '../core/ids.ts';
import type { ReadPart } from '../core/index/read-part.ts';
import type { Visit } from '../engine/api.ts';
import {
  formatVersion,
  type IndexEntry,
  type PackWrite,
  type PageChange,
  type PageRecord,
  type PageStore,
  type PageWrite,
  type RowCounts,
  type SavedMap,
  type Segment,
  type SegmentChange,
  type StoreMeta,
  type TokenPlace,
} from '../engine/ports.ts';
import { Connection, type ConnectionOptions, type Transaction } from './connection.ts';
import { IdbSpaceRows } from './idb-space-rows.ts';
import { IdbSyncRows } from './idb-sync-rows.ts';
import {
  changeSegments,
  emptyMeta,
  getCounters,
  getMeta,
  getParts,
  partsOf,
  putEntry,
  putMeta,
  removePage,
  requireRecord,
  takeRevision,
  together,
} from './page-rows.ts';
import { codeBytesOf, readEntry, readMap, readMeta, readRecord, readSegmentRow } from './rows.ts';
import { pageStoreNames, storeNames, syncStoreNames } from './schema.ts';
import { type FileFolder, SegmentFiles } from './segment-files.ts';
import { noteEdit, noteForgotten, noteVisit, readSetup } from './sync-notes.ts';

/** What {@link RowCounts} counts. */
const countedStores = ['pages', 'texts', 'tail', 'nextEntries', 'segments', 'visits'] as const;

export interface StoreOptions extends ConnectionOptions {
  /** Where the bytes of segments lie; left out or null: in the database. */
  readonly openFiles?: () => Promise<FileFolder | null>;
}

/**
 * The store in IndexedDB, with the bytes of segments in files beside it.
 *
 * Durability: writing a page is `relaxed`. The browser hands the commit to the operating system
 * without waiting for the disk, so that reading is not slowed by a flush a page; it survives the
 * death of the browser, and what a power cut may lose is the last pages as a whole, never half of
 * one. Removing is `strict`: its receipt says that the bytes are gone.
 */
export class IdbPageStore implements PageStore {
  readonly #connection: Connection;
  readonly #files: SegmentFiles;
  /** Whether every segment has a file: whatever is written where there are files has one. */
  #haveAllFiles = false;
  /** The rows of sync, which the writes below keep up in their own transactions. */
  readonly sync: IdbSyncRows;
  /** The rows of a change of the model. */
  readonly spaces: IdbSpaceRows;

  constructor({ openFiles = async () => null, ...options }: StoreOptions = {}) {
    this.#connection = new Connection(options);
    this.#files = new SegmentFiles(openFiles);
    this.sync = new IdbSyncRows(this.#connection, this.#files);
    this.spaces = new IdbSpaceRows(this.#connection, this.#files);
  }

  async open(): Promise<StoreMeta> {
    await this.#connection.open();
    try {
      await this.#files.begin();
      return await this.#readOrCreateMeta();
    } catch (thrown) {
      await this.#connection.close();
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await this.#files.close();
    await this.#connection.close();
  }

  async setMeta(change: Partial<Omit<StoreMeta, 'formatVersion'>>): Promise<void> {
    await this.#connection.run(['meta'], 'readwrite', 'strict', 'Writing the state', async (tx) => {
      await putMeta(tx, change);
    });
  }

  savedMap(): Promise<SavedMap | null> {
    return this.#read(['meta'], 'Reading the map', async (tx) =>
      readMap(await tx.objectStore('meta').get('map')),
    );
  }

  async saveMap(map: SavedMap | null): Promise<void> {
    await this.#connection.run(['meta'], 'readwrite', 'relaxed', 'Saving the map', async (tx) => {
      if (map === null) await tx.objectStore('meta').delete('map');
      else await tx.objectStore('meta').put(map, 'map');
    });
  }

  writePage(write: PageWrite): Promise<PageRecord> {
    const stores = [
      'pages',
      'texts',
      'tokens',
      'tail',
      'nextEntries',
      'visits',
      'meta',
      ...syncStoreNames,
    ] as const;
    return this.#connection.run(stores, 'readwrite', 'relaxed', 'Writing a page', async (tx) => {
      const counters = await takeRevision(tx);
      const { draft } = write;
      if (draft.id !== null) await requireRecord(tx, draft.id);
      const id = draft.id ?? (counters.nextPageId as PageId);
      const record: PageRecord = { ...draft, id, revision: counters.revision };
      const nextPageId = Math.max(counters.nextPageId, id + 1);
      await together(
        () => tx.objectStore('meta').put({ ...counters, nextPageId }, 'counters'),
        () => tx.objectStore('pages').put(record),
        () => tx.objectStore('texts').put(write.text, id),
        () => tx.objectStore('tokens').put(write.tokens, id),
        () => putEntry(tx, { ...write.entry, pageId: id }),
        ...[write.visitAt, ...(write.earlierVisits ?? [])].map(
          (at) => () => tx.objectStore('visits').put({ at, pageId: id }),
        ),
      );
      await noteEdit(tx, record.key, write.visitAt);
      return record;
    });
  }

  changePage(id: PageId, change: PageChange): Promise<PageRecord> {
    const { visitAt, ...fields } = change;
    const stores = ['pages', 'visits', 'meta', ...syncStoreNames] as const;
    return this.#connection.run(stores, 'readwrite', 'relaxed', 'Changing a page', async (tx) => {
      const former = await requireRecord(tx, id);
      const counters = await takeRevision(tx);
      const record: PageRecord = { ...former, ...fields, revision: counters.revision };
      await tx.objectStore('meta').put(counters, 'counters');
      await tx.objectStore('pages').put(record);
      if (visitAt !== undefined) await tx.objectStore('visits').put({ at: visitAt, pageId: id });
      const isEdit = record.url !== former.url || record.isPinned !== former.isPinned;
      if (isEdit) await noteEdit(tx, record.key, visitAt ?? record.lastReadAt);
      else await noteVisit(tx, record.key);
      return record;
    });
  }

  async writeEntries(entries: readonly IndexEntry[]): Promise<void> {
    const stores = ['pages', 'tail', 'nextEntries'] as const;
    await this.#connection.run(stores, 'readwrite', 'relaxed', 'Writing index data', async (tx) => {
      for (const entry of entries) {
        const exists = (await tx.objectStore('pages').getKey(entry.pageId)) !== undefined;
        if (exists) await putEntry(tx, entry);
      }
    });
  }

  record(id: PageId): Promise<PageRecord | null> {
    return this.#read(['pages'], 'Reading a page', async (tx) =>
      readRecord(await tx.objectStore('pages').get(id)),
    );
  }

  recordByKey(key: PageKey): Promise<PageRecord | null> {
    return this.#read(['pages'], 'Reading a page', async (tx) =>
      readRecord(await tx.objectStore('pages').index('byKey').get(key)),
    );
  }

  recentRecords(
    limit: number,
    after?: Pick<PageRecord, 'lastReadAt' | 'id'>,
  ): Promise<readonly PageRecord[]> {
    return this.#read(['pages'], 'Reading recent pages', async (tx) => {
      const range = after === undefined ? null : IDBKeyRange.upperBound(after.lastReadAt);
      const found: PageRecord[] = [];
      let cursor = await tx.objectStore('pages').index('byLastReadAt').openCursor(range, 'prev');
      // Pages of one moment lie in the order of their ids.
      if (after !== undefined && cursor?.key === after.lastReadAt) {
        const isListed = (cursor.primaryKey as number) >= after.id;
        if (isListed) cursor = await cursor.continuePrimaryKey(after.lastReadAt, after.id - 1);
      }
      while (cursor !== null && found.length < limit) {
        const record = readRecord(cursor.value);
        if (record !== null) found.push(record);
        cursor = await cursor.continue();
      }
      return found;
    });
  }

  recordsSince(revision: number): Promise<readonly PageRecord[]> {
    return this.#read(['pages'], 'Reading changed pages', async (tx) => {
      const range = IDBKeyRange.lowerBound(revision, true);
      const rows = await tx.objectStore('pages').index('byRevision').getAll(range);
      return rows.map(readRecord).filter((record) => record !== null);
    });
  }

  visits(from: Timestamp, to: Timestamp, limit: number): Promise<readonly Visit[]> {
    if (from > to) return Promise.resolve([]);
    return this.#read(['visits'], 'Reading visits', async (tx) => {
      const found: Visit[] = [];
      let cursor = await tx.objectStore('visits').openCursor(visitRange(from, to), 'prev');
      while (cursor !== null && found.length < limit) {
        found.push({ pageId: cursor.value.pageId, at: cursor.value.at });
        cursor = await cursor.continue();
      }
      return found;
    });
  }

  visitTimes(id: PageId): Promise<readonly Timestamp[]> {
    return this.#read(['visits'], 'Reading visits', async (tx) => {
      const rows = await tx.objectStore('visits').index('byPage').getAll(id);
      return rows.map(({ at }) => at);
    });
  }

  visitedPages(from: Timestamp, to: Timestamp): Promise<readonly PageId[]> {
    if (from > to) return Promise.resolve([]);
    return this.#read(['visits'], 'Reading visits', async (tx) => {
      const keys = await tx.objectStore('visits').getAllKeys(visitRange(from, to));
      const ids = new Set(keys.map(([, pageId]) => pageId as PageId));
      return [...ids].sort((a, b) => a - b);
    });
  }

  texts(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]> {
    return this.#read(['texts'], 'Reading texts', (tx) => {
      const store = tx.objectStore('texts');
      return Promise.all(
        ids.map(async (id) => {
          const row: unknown = await store.get(id);
          return row instanceof Uint8Array ? row : null;
        }),
      );
    });
  }

  async tokens(wanted: readonly TokenPlace[]): Promise<readonly (Uint8Array | null)[]> {
    const found = await this.#files.tokens(wanted.map(({ place }) => place));
    const missing = wanted.filter((_, i) => found[i] === null);
    if (missing.length === 0) return found;
    const rows = await this.#read(['tokens'], 'Reading tokens', (tx) =>
      Promise.all(missing.map(({ id }) => tx.objectStore('tokens').get(id))),
    );
    return found.map((tokens) => {
      if (tokens !== null) return tokens;
      const row: unknown = rows.shift();
      return row instanceof Uint8Array ? row : null;
    });
  }

  entries(): Promise<readonly IndexEntry[]> {
    return this.#read(['tail'], 'Reading the tail', async (tx) => {
      const rows = await tx.objectStore('tail').getAll();
      return rows.map(readEntry);
    });
  }

  entriesOf(ids: readonly PageId[]): Promise<readonly (IndexEntry | null)[]> {
    return this.#read(['tail'], 'Reading the tail', (tx) =>
      Promise.all(
        ids.map(async (id) => {
          const row: unknown = await tx.objectStore('tail').get(id);
          return row === undefined ? null : readEntry(row);
        }),
      ),
    );
  }

  segments(): Promise<readonly { readonly id: number; readonly codeBytes: number }[]> {
    return this.#read(['segments'], 'Listing segments', async (tx) => {
      const rows = await tx.objectStore('segments').getAll();
      return rows
        .sort((a, b) => a.order - b.order)
        .map((row) => ({ id: row.id, codeBytes: codeBytesOf(row) }));
    });
  }

  async segment(id: number): Promise<Segment> {
    const stores = ['segments', 'parts'] as const;
    const { file, ...row } = await this.#read(stores, `Reading segment ${id}`, async (tx) => {
      const known = readSegmentRow(id, await tx.objectStore('segments').get(id));
      return known.file === undefined ? { ...known, ...(await getParts(tx, id)) } : known;
    });
    if (file === undefined) return row as Segment;
    return { ...row, ...(await this.#files.read(id, file)) };
  }

  partReader(segment: number, part: 'rows' | 'terms'): ReadPart | null {
    return this.#files.partReader(segment, part);
  }

  release(): Promise<void> {
    return this.#files.release();
  }

  pack({ packed, packedTo, ...segments }: PackWrite): Promise<readonly number[]> {
    const stores = ['segments', 'parts', 'tokens', 'tail', 'meta'] as const;
    return this.#files
      .changing(segments, (stored) =>
        this.#connection.run(stores, 'readwrite', 'strict', 'Packing', async (tx) => {
          const changed = await changeSegments(tx, stored);
          const tail = tx.objectStore('tail');
          for (const { pageId, checksum } of packed) {
            const entry: unknown = await tail.get(pageId);
            if (entry === undefined || readEntry(entry).checksum !== checksum) continue;
            await tail.delete(pageId);
            // They are in the segment's file now; without files they stay.
            if (this.#files.isHere) await tx.objectStore('tokens').delete(pageId);
          }
          await putMeta(tx, { packedTo });
          return changed;
        }),
      )
      .then(({ added }) => added);
  }

  removePages(
    ids: readonly PageId[],
    segments: SegmentChange = { remove: [], add: [] },
  ): Promise<{ counts: RowCounts; added: readonly number[] }> {
    const stores = [...pageStoreNames, 'meta', ...syncStoreNames] as const;
    return this.#files.changing(segments, (stored) =>
      this.#connection.run(stores, 'readwrite', 'strict', 'Removing pages', async (tx) => {
        const counts = await countRows(tx, ids);
        for (const id of ids) {
          const row = await tx.objectStore('pages').get(id);
          await removePage(tx, id);
          if (row !== undefined) await noteForgotten(tx, row.key);
        }
        return { counts, ...(await changeSegments(tx, stored)) };
      }),
    );
  }

  countRows(ids: readonly PageId[]): Promise<RowCounts> {
    return this.#read(countedStores, 'Counting rows', (tx) => countRows(tx, ids));
  }

  async purge(): Promise<boolean> {
    const removed = await this.#read(['meta'], 'Reading the state', (tx) =>
      tx.objectStore('meta').get('removed'),
    );
    if (removed === undefined) return false;
    await this.#connection.rewrite();
    return true;
  }

  async settle(): Promise<boolean> {
    if (!this.#files.isHere || (this.#haveAllFiles && !this.#files.isSweepDue)) return false;
    const rows = await this.#read(['segments'], 'Listing segments', (tx) =>
      tx.objectStore('segments').getAll(),
    );
    if (this.#files.isSweepDue) await this.#files.sweep(rows);
    const bare = rows.find(({ file }) => file === undefined);
    this.#haveAllFiles = bare === undefined;
    if (bare === undefined) return false;
    await this.#moveToFile(bare.id);
    return true;
  }

  /** Moves the parts of a segment that an older version, or a browser without files, wrote. */
  async #moveToFile(id: number): Promise<void> {
    const segment = { ...(await this.segment(id)), tokens: [] };
    const stores = ['segments', 'parts'] as const;
    await this.#files.changing({ remove: [], add: [segment] }, ({ add: [moved] }) =>
      this.#connection.run(stores, 'readwrite', 'strict', 'Moving a segment', async (tx) => {
        const row = readSegmentRow(id, await tx.objectStore('segments').get(id));
        if (moved?.file) await tx.objectStore('segments').put({ ...row, file: moved.file });
        await tx.objectStore('parts').delete(partsOf(id));
        return { added: [id], removed: [] };
      }),
    );
  }

  /**
   * Not one transaction: the database is deleted and made again, because that is what takes its
   * bytes off the disk. A kill between the two leaves no database, which is as asked.
   *
   * While sync is on, the other devices must learn of it, so the pages are removed first, each with
   * its outbox entry, and the rest of the database is moved to a fresh one.
   */
  async erase(): Promise<RowCounts> {
    const stores = [...countedStores, 'meta', 'sync'] as const;
    const before = await this.#read(stores, 'Counting rows', async (tx) => {
      const [pages, texts, tail, nextEntries, packed, visits] = await Promise.all([
        tx.objectStore('pages').count(),
        tx.objectStore('texts').count(),
        tx.objectStore('tail').count(),
        tx.objectStore('nextEntries').count(),
        tx.objectStore('segments').getAll(),
        tx.objectStore('visits').count(),
      ]);
      const single = tail + nextEntries;
      const entries = packed.reduce((sum, { pageIds }) => sum + pageIds.length, single);
      const meta = await getMeta(tx);
      const counters = await getCounters(tx);
      const isSynced = (await readSetup(tx)) !== null;
      return { counts: { pages, texts, entries, visits }, meta, counters, isSynced };
    });
    if (before.isSynced) {
      await this.#clear();
      this.#files.clear();
      await this.#connection.rewrite();
      return before.counts;
    }
    await this.#connection.recreate();
    await this.#connection.run(['meta'], 'readwrite', 'strict', 'Writing the state', async (tx) => {
      await tx.objectStore('meta').put({ ...before.meta, nextSpace: null, packedTo: 0 }, 'state');
      await tx.objectStore('meta').put(before.counters, 'counters');
    });
    this.#files.clear();
    return before.counts;
  }

  /** Removes every page in one transaction, with an outbox entry for each. */
  async #clear(): Promise<void> {
    await this.#connection.run(storeNames, 'readwrite', 'strict', 'Erasing', async (tx) => {
      for (const { key } of await tx.objectStore('pages').getAll()) await noteForgotten(tx, key);
      for (const name of pageStoreNames) await tx.objectStore(name).clear();
      await tx.objectStore('meta').delete('map');
      const meta = await getMeta(tx);
      await tx.objectStore('meta').put({ ...meta, nextSpace: null, packedTo: 0 }, 'state');
    });
  }

  #read<T>(
    stores: Parameters<Connection['run']>[0],
    what: string,
    work: (tx: Transaction<'readonly'>) => Promise<T>,
  ): Promise<T> {
    return this.#connection.run(stores, 'readonly', 'relaxed', what, work);
  }

  async #readOrCreateMeta(): Promise<StoreMeta> {
    const found = await this.#read(['meta'], 'Reading the state', (tx) =>
      tx.objectStore('meta').get('state'),
    );
    const meta = found === undefined ? emptyMeta : readMeta(found);
    // A database of a former format becomes one of this: what is new in it is simply not there yet.
    if (found === undefined || meta.formatVersion < formatVersion) await this.setMeta({});
    return { ...meta, formatVersion };
  }
}

function visitRange(from: Timestamp, to: Timestamp): IDBKeyRange {
  return IDBKeyRange.bound([from, 0], [to, Number.MAX_SAFE_INTEGER]);
}

async function countRows(
  tx: Transaction<'readonly' | 'readwrite'>,
  ids: readonly PageId[],
): Promise<RowCounts> {
  const counts = { pages: 0, texts: 0, entries: 0, visits: 0 };
  const asked = new Set<number>(ids);
  for (const { pageIds } of await tx.objectStore('segments').getAll()) {
    for (const id of pageIds) if (asked.has(id)) counts.entries++;
  }
  for (const id of ids) {
    const [pages, texts, entries, nextEntries, visits] = await Promise.all([
      tx.objectStore('pages').count(id),
      tx.objectStore('texts').count(id),
      tx.objectStore('tail').count(id),
      tx.objectStore('nextEntries').count(id),
      tx.objectStore('visits').index('byPage').count(id),
    ]);
    counts.pages += pages;
    counts.texts += texts;
    counts.entries += entries + nextEntries;
    counts.visits += visits;
  }
  return counts;
}
