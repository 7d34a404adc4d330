import { AppError } from '../core/errors.ts';
import type { ModelId, PageId } from '../core/ids.ts';
import { entryChecksum } from '../engine/checksum.ts';
import type { SpaceRows } from '../engine/model-ports.ts';
import type { IndexEntry } from '../engine/ports.ts';
import type { Connection, Transaction } from './connection.ts';
import { getMeta, putMeta, together } from './page-rows.ts';
import { readEntry } from './rows.ts';
import type { ChangedSegments, SegmentFiles } from './segment-files.ts';

/** Ids looked at in one request while pages without an entry are searched for. */
const lookAhead = 1_000;

/** The rows of a change of the model in the database of the pages. docs/storage-format.md has the states. */
export class IdbSpaceRows implements SpaceRows {
  readonly #connection: Connection;
  readonly #files: SegmentFiles;

  constructor(connection: Connection, files: SegmentFiles) {
    this.#connection = connection;
    this.#files = files;
  }

  begin(space: ModelId): Promise<void> {
    const stores = ['nextEntries', 'meta'] as const;
    return this.#connection.run(stores, 'readwrite', 'strict', 'Changing the model', async (tx) => {
      const { nextSpace } = await getMeta(tx);
      if (nextSpace === space) return;
      const rows = tx.objectStore('nextEntries');
      if (nextSpace === null && (await rows.count()) > 0) {
        throw new AppError(
          'internal',
          `${space} cannot be built before the adopted entries settled`,
        );
      }
      await rows.clear();
      await putMeta(tx, { nextSpace: space });
    });
  }

  missing(after: number, limit: number): Promise<readonly PageId[]> {
    const stores = ['pages', 'nextEntries'] as const;
    const what = 'Looking for pages to encode';
    return this.#connection.run(stores, 'readonly', 'relaxed', what, async (tx) => {
      const found: PageId[] = [];
      for (let from = after; found.length < limit; ) {
        const range = IDBKeyRange.lowerBound(from, true);
        const ids = await tx.objectStore('pages').getAllKeys(range, lookAhead);
        const last = ids.at(-1);
        if (last === undefined) break;
        const here = IDBKeyRange.bound(from, last, true);
        const known = new Set(await tx.objectStore('nextEntries').getAllKeys(here));
        for (const id of ids) if (!known.has(id)) found.push(id as PageId);
        from = last;
      }
      return found.slice(0, limit);
    });
  }

  counts(): Promise<{ readonly built: number; readonly total: number }> {
    const stores = ['pages', 'nextEntries'] as const;
    return this.#connection.run(stores, 'readonly', 'relaxed', 'Counting rows', async (tx) => ({
      built: await tx.objectStore('nextEntries').count(),
      total: await tx.objectStore('pages').count(),
    }));
  }

  add(space: ModelId, entries: readonly IndexEntry[]): Promise<void> {
    const stores = ['pages', 'nextEntries', 'meta'] as const;
    const what = 'Writing index data';
    return this.#connection.run(stores, 'readwrite', 'relaxed', what, async (tx) => {
      await requireNext(tx, space);
      for (const entry of entries) {
        const exists = (await tx.objectStore('pages').getKey(entry.pageId)) !== undefined;
        if (exists) await tx.objectStore('nextEntries').put(entry);
      }
    });
  }

  read(after: number, limit: number): Promise<readonly IndexEntry[]> {
    const what = 'Reading index data';
    return this.#connection.run(['nextEntries'], 'readonly', 'relaxed', what, async (tx) => {
      const range = IDBKeyRange.lowerBound(after, true);
      const rows = await tx.objectStore('nextEntries').getAll(range, limit);
      return rows.map(readEntry);
    });
  }

  adopted(): Promise<readonly IndexEntry[]> {
    const stores = ['nextEntries', 'meta'] as const;
    const what = 'Reading index data';
    return this.#connection.run(stores, 'readonly', 'relaxed', what, async (tx) => {
      if ((await getMeta(tx)).nextSpace !== null) return [];
      return (await tx.objectStore('nextEntries').getAll()).map(readEntry);
    });
  }

  async adopt(space: ModelId): Promise<void> {
    await this.#files.changing({ remove: [], add: [] }, () => this.#adopt(space));
  }

  #adopt(space: ModelId): Promise<ChangedSegments> {
    const stores = ['pages', 'nextEntries', 'segments', 'parts', 'tokens', 'meta'] as const;
    return this.#connection.run(stores, 'readwrite', 'strict', 'Changing the model', async (tx) => {
      await requireNext(tx, space);
      const [pages, built] = await Promise.all([
        tx.objectStore('pages').count(),
        tx.objectStore('nextEntries').count(),
      ]);
      // An entry never outlives its page, so as many of them as pages are all of them.
      if (pages !== built) {
        throw new AppError('bad-request', `${built} of ${pages} pages are encoded for ${space}`);
      }
      const removed = await tx.objectStore('segments').getAll();
      // All that a segment holds is in the pages' records and in the entries of the new space. Tokens
      // are made from the texts when they are packed.
      await together(
        () => tx.objectStore('segments').clear(),
        () => tx.objectStore('parts').clear(),
        () => tx.objectStore('tokens').clear(),
      );
      await putMeta(tx, { space, nextSpace: null, packedTo: 0 });
      return { added: [], removed };
    });
  }

  settle(limit: number): Promise<boolean> {
    const stores = ['pages', 'tail', 'nextEntries', 'meta'] as const;
    const what = 'Moving index data';
    return this.#connection.run(stores, 'readwrite', 'relaxed', what, async (tx) => {
      const { nextSpace } = await getMeta(tx);
      if (nextSpace !== null) return true;
      const rows = tx.objectStore('nextEntries');
      const entries = await rows.getAll(null, limit);
      for (const row of entries) {
        const entry = readEntry(row);
        // What is damaged is made again from the text when the engine starts.
        if (entry.spaces.length > 0 && entry.checksum === entryChecksum(entry)) {
          await tx.objectStore('tail').put(entry);
        }
        await rows.delete(row.pageId);
      }
      return entries.length < limit;
    });
  }

  abandon(): Promise<void> {
    const stores = ['nextEntries', 'meta'] as const;
    return this.#connection.run(stores, 'readwrite', 'strict', 'Changing the model', async (tx) => {
      if ((await getMeta(tx)).nextSpace === null) return;
      await tx.objectStore('nextEntries').clear();
      await putMeta(tx, { nextSpace: null });
    });
  }
}

async function requireNext(tx: Transaction<'readwrite'>, space: ModelId): Promise<void> {
  const { nextSpace } = await getMeta(tx);
  if (nextSpace === space) return;
  throw new AppError('bad-request', `${space} is not being built; ${nextSpace ?? 'nothing'} is`);
}
