import { AppError } from '../core/errors.ts';
import type { PageId, PageKey } from '../core/ids.ts';
import { markAfterEdit, noMark } from '../core/sync/mark.ts';
import type { OutboxEntry } from '../core/sync/types.ts';
import type { PageRecord, SegmentChange } from '../engine/ports.ts';
import type {
  AsideEntry,
  KnownPage,
  MergeWrite,
  SettingsChange,
  SyncCursor,
  SyncRows,
  SyncSetup,
} from '../engine/sync-ports.ts';
import type { Connection, Transaction } from './connection.ts';
import { changeSegments, putPage, removePage } from './page-rows.ts';
import { readRecord } from './rows.ts';
import { type StoreName, storeNames, syncStoreNames } from './schema.ts';
import type { SegmentFiles } from './segment-files.ts';
import { clearSync, enqueue, readMark, readSetup } from './sync-notes.ts';

const cursorPrefix = 'cursor:';
const allCursors = () => IDBKeyRange.bound(cursorPrefix, `${cursorPrefix}\uffff`);
/** Pages a request while every page is put into the outbox. */
const joinStep = 1_000;

/** The rows of sync in the database of the pages, on the page store's own connection. */
export class IdbSyncRows implements SyncRows {
  readonly #connection: Connection;
  readonly #files: SegmentFiles;

  constructor(connection: Connection, files: SegmentFiles) {
    this.#connection = connection;
    this.#files = files;
  }

  setup(): Promise<SyncSetup | null> {
    return this.#read(['sync'], 'Reading the state of sync', readSetup);
  }

  join(setup: SyncSetup): Promise<number> {
    const stores = ['pages', ...syncStoreNames] as const;
    return this.#write(stores, 'Joining a mirror', async (tx) => {
      await clearSync(tx);
      let sequence = 0;
      let range: IDBKeyRange | null = null;
      for (;;) {
        const records: readonly PageRecord[] = await tx
          .objectStore('pages')
          .getAll(range, joinStep);
        for (const { key, lastReadAt } of records) {
          sequence++;
          await tx
            .objectStore('marks')
            .put({ key, ...markAfterEdit(noMark, setup.device, lastReadAt) });
          await tx.objectStore('outbox').put({ key, sequence });
        }
        const last = records.at(-1);
        if (last === undefined) break;
        range = IDBKeyRange.lowerBound(last.id, true);
      }
      await tx.objectStore('sync').put(sequence, 'sequence');
      await tx.objectStore('sync').put(setup, 'setup');
      return sequence;
    });
  }

  async changeSettings(change: SettingsChange): Promise<void> {
    await this.#write(['sync'], 'Writing the state of sync', (tx) => putSettings(tx, change));
  }

  async sendAnew(change: SettingsChange): Promise<void> {
    await this.#write(syncStoreNames, 'Joining a mirror anew', async (tx) => {
      await putSettings(tx, change);
      await tx.objectStore('sync').delete(allCursors());
      await tx.objectStore('aside').clear();
      for (const key of await tx.objectStore('marks').getAllKeys()) {
        await enqueue(tx, key as PageKey);
      }
    });
  }

  async leave(): Promise<void> {
    // Strict: the keys are off the disk when this resolves, as far as the browser can say.
    await this.#connection.run(syncStoreNames, 'readwrite', 'strict', 'Leaving sync', clearSync);
  }

  known(keys: readonly PageKey[]): Promise<readonly KnownPage[]> {
    const stores = ['pages', 'texts', 'visits', 'marks'] as const;
    return this.#read(stores, 'Reading pages', (tx) =>
      Promise.all(keys.map((key) => readKnown(tx, key))),
    );
  }

  merge(
    writes: readonly MergeWrite[],
    cursor: SyncCursor | null,
    segments: SegmentChange,
  ): Promise<{ records: readonly (PageRecord | null)[]; added: readonly number[] }> {
    return this.#files.changing(segments, (stored) =>
      this.#write(storeNames, 'Receiving pages', async (tx) => {
        // Sync may have been left while these pages were on their way.
        await requireSetup(tx);
        const records: (PageRecord | null)[] = [];
        for (const write of writes) records.push(await mergePage(tx, write));
        if (cursor !== null) {
          await tx.objectStore('sync').put(cursor.sequence, cursorPrefix + cursor.device);
        }
        return { records, ...(await changeSegments(tx, stored)) };
      }),
    );
  }

  pending(limit: number, after: number): Promise<readonly OutboxEntry[]> {
    return this.#read(['outbox'], 'Reading the outbox', (tx) =>
      tx
        .objectStore('outbox')
        .index('bySequence')
        .getAll(IDBKeyRange.lowerBound(after, true), limit),
    );
  }

  pendingCount(): Promise<number> {
    return this.#read(['outbox'], 'Reading the outbox', (tx) => tx.objectStore('outbox').count());
  }

  async acknowledge(entries: readonly OutboxEntry[]): Promise<void> {
    await this.#write(['outbox'], 'Writing the outbox', async (tx) => {
      for (const entry of entries) await takeOut(tx, entry);
    });
  }

  cursors(): Promise<Readonly<Record<string, number>>> {
    return this.#read(['sync'], 'Reading cursors', async (tx) => {
      const range = allCursors();
      const sync = tx.objectStore('sync');
      const [keys, values] = await Promise.all([sync.getAllKeys(range), sync.getAll(range)]);
      return Object.fromEntries(
        keys.map((key, i) => [key.slice(cursorPrefix.length), Number(values[i])]),
      );
    });
  }

  async putAside(entry: OutboxEntry, why: Omit<AsideEntry, 'key'>): Promise<void> {
    await this.#write(['outbox', 'aside'], 'Putting a page aside', async (tx) => {
      if (await takeOut(tx, entry)) await tx.objectStore('aside').put({ key: entry.key, ...why });
    });
  }

  aside(limit: number): Promise<readonly AsideEntry[]> {
    return this.#read(['aside'], 'Reading what is aside', (tx) =>
      tx.objectStore('aside').getAll(null, limit),
    );
  }

  asideCount(): Promise<number> {
    return this.#read(['aside'], 'Reading what is aside', (tx) => tx.objectStore('aside').count());
  }

  async retryAside(): Promise<void> {
    await this.#write(['sync', 'outbox', 'aside'], 'Trying again', async (tx) => {
      const keys = await tx.objectStore('aside').getAllKeys();
      for (const key of keys) await enqueue(tx, key as PageKey);
      await tx.objectStore('aside').clear();
    });
  }

  #read<T>(
    stores: readonly StoreName[],
    what: string,
    work: (tx: Transaction<'readonly'>) => Promise<T>,
  ): Promise<T> {
    return this.#connection.run(stores, 'readonly', 'relaxed', what, work);
  }

  #write<T>(
    stores: readonly StoreName[],
    what: string,
    work: (tx: Transaction<'readwrite'>) => Promise<T>,
  ): Promise<T> {
    return this.#connection.run(stores, 'readwrite', 'relaxed', what, work);
  }
}

async function requireSetup(tx: Transaction<'readwrite'>): Promise<SyncSetup> {
  const setup = await readSetup(tx);
  if (setup === null) throw new AppError('bad-request', 'Sync is not set up');
  return setup;
}

async function putSettings(tx: Transaction<'readwrite'>, change: SettingsChange): Promise<void> {
  const setup = await requireSetup(tx);
  await tx.objectStore('sync').put({ ...setup, settings: change(setup.settings) }, 'setup');
}

async function readKnown(tx: Transaction<'readonly'>, key: PageKey): Promise<KnownPage> {
  const [row, mark] = await Promise.all([
    tx.objectStore('pages').index('byKey').get(key),
    readMark(tx, key),
  ]);
  const record = readRecord(row);
  if (record === null) return { mark, record: null, text: null, visits: [] };
  const [text, visits] = await Promise.all([
    tx.objectStore('texts').get(record.id) as Promise<unknown>,
    tx.objectStore('visits').index('byPage').getAll(record.id),
  ]);
  return {
    mark,
    record,
    text: text instanceof Uint8Array ? text : null,
    visits: visits.map(({ at }) => at),
  };
}

async function mergePage(
  tx: Transaction<'readwrite'>,
  { key, mark, page, resend }: MergeWrite,
): Promise<PageRecord | null> {
  await tx.objectStore('marks').put({ key, ...mark });
  if (resend) await enqueue(tx, key);
  if (page !== null) return putPage(tx, page);
  const id = await tx.objectStore('pages').index('byKey').getKey(key);
  if (id !== undefined) await removePage(tx, id as PageId);
  return null;
}

/** Takes an entry out of the outbox; false when a newer one waits in its place. */
async function takeOut(tx: Transaction<'readwrite'>, entry: OutboxEntry): Promise<boolean> {
  const outbox = tx.objectStore('outbox');
  const waiting = await outbox.get(entry.key);
  if (waiting === undefined || waiting.sequence > entry.sequence) return false;
  await outbox.delete(entry.key);
  return true;
}
