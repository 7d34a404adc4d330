import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageId } from '../core/ids.ts';
import { describePageStore, pageWrite, segmentOf } from '../engine/page-store.contract.ts';
import { letPutsDieAfter } from './dying-puts.test-tools.ts';
import { IdbPageStore } from './idb-page-store.ts';
import { storeNames } from './schema.ts';

const name = 'dejalu-test';
/** Where a rewritten database lives; the next rewriting moves it back. */
const secondName = 'dejalu-test-2';
const opened: IdbPageStore[] = [];

function createStore(): IdbPageStore {
  const store = new IdbPageStore({ name });
  opened.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await deleteDB(name);
  await deleteDB(secondName);
});

describePageStore('in IndexedDB', async () => createStore());

/** The content of every store, read past our own code. */
async function dump(): Promise<Record<string, unknown[]>> {
  const database = await openDB(name);
  const content: Record<string, unknown[]> = {};
  for (const store of storeNames) content[store] = await database.getAll(store);
  database.close();
  return content;
}

async function putRow(store: string, value: unknown, key?: IDBValidKey): Promise<void> {
  const database = await openDB(name);
  await database.put(store, value, key);
  database.close();
}

describe('IdbPageStore', () => {
  let store: IdbPageStore;
  beforeEach(async () => {
    store = createStore();
    await store.open();
  });

  it('answers the same after it was closed and opened again', async () => {
    const record = await store.writePage(pageWrite('a'));
    await store.close();
    const again = createStore();
    await again.open();
    expect(await again.record(record.id)).toEqual(record);
    expect(await again.texts([record.id])).toEqual([new TextEncoder().encode('a')]);
  });

  it('leaves nothing of a page whose transaction dies at any of its writes', async () => {
    await store.writePage(pageWrite('kept'));
    const before = await dump();
    // Five rows make a page: counters, record, text, entry, visit.
    for (let survivors = 0; survivors < 5; survivors++) {
      const spy = letPutsDieAfter(survivors);
      await expect(store.writePage(pageWrite('lost'))).rejects.toMatchObject({
        code: 'storage-full',
      });
      spy.mockRestore();
      expect(await dump()).toEqual(before);
    }
    expect((await store.writePage(pageWrite('next'))).id).toBe(2);
  });

  it('leaves everything of a page whose removal dies half-way', async () => {
    const { id } = await store.writePage(pageWrite('a'));
    const before = await dump();
    let deletes = 0;
    const realDelete = IDBObjectStore.prototype.delete;
    const spy = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (
      this: IDBObjectStore,
      key,
    ) {
      if (deletes++ === 2) this.transaction.abort();
      return realDelete.call(this, key);
    });
    await expect(store.removePages([id])).rejects.toMatchObject({ code: 'storage-unavailable' });
    spy.mockRestore();
    expect(await dump()).toEqual(before);
  });

  it('packs wholly or not at all, whichever of its writes dies', async () => {
    const { id } = await store.writePage(pageWrite('a'));
    const add = [segmentOf([id])];
    const remove = await store.pack({ remove: [], add, packed: [], packedTo: 0 });
    const before = await dump();
    const packed = [{ pageId: id, checksum: 42 }];
    const change = { remove, add: [segmentOf([id], 2)], packed, packedTo: 1 };
    // Six rows: counters, the segment, its three parts, the state.
    for (let survivors = 0; survivors < 6; survivors++) {
      const spy = letPutsDieAfter(survivors);
      await expect(store.pack(change)).rejects.toMatchObject({ code: 'storage-full' });
      await expect(store.removePages([id], change)).rejects.toMatchObject({ code: 'storage-full' });
      spy.mockRestore();
      expect(await dump()).toEqual(before);
    }
    expect(await store.pack(change)).toHaveLength(1);
  });

  it('moves to and fro between its two names as it is purged', async () => {
    const names = async () => (await indexedDB.databases()).map((each) => each.name).sort();
    const kept = await store.writePage(pageWrite('kept'));
    for (const expected of [[secondName], [name], [secondName]]) {
      const { id } = await store.writePage(pageWrite('gone'));
      await store.removePages([id]);
      expect(await store.purge()).toBe(true);
      expect(await names()).toEqual(expected);
      await store.close();
      store = createStore();
      await store.open();
      expect(await store.recordsSince(0)).toEqual([kept]);
    }
    await store.erase();
    expect(await names()).toEqual([name]);
  });

  it('loses nothing that is written while it is purged', async () => {
    for (let i = 0; i < 120; i++) await store.writePage(pageWrite(`page-${i}`));
    const { id } = await store.writePage(pageWrite('gone'));
    await store.removePages([id]);
    const purging = store.purge();
    const written = [];
    for (let i = 0; i < 30; i++) {
      written.push(store.writePage(pageWrite(`beside-${i}`)));
      await new Promise((resume) => setTimeout(resume, i % 3));
    }
    await Promise.all(written);
    expect(await purging).toBe(true);
    expect(await store.recordsSince(0)).toHaveLength(150);
  });

  it('keeps every page when a purge dies on its way, and purges the next time', async () => {
    const records = [];
    for (let i = 0; i < 250; i++) records.push(await store.writePage(pageWrite(`page-${i}`)));
    const { id } = await store.writePage(pageWrite('gone'));
    await store.removePages([id]);
    const realPut = IDBObjectStore.prototype.put;
    // Rows of the copy: 250 each of records, texts, entries and visits, the state, marks.
    for (const survivors of [0, 1, 120, 260, 700, 1001, 1002]) {
      let puts = 0;
      const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
        this: IDBObjectStore,
        ...given: Parameters<IDBObjectStore['put']>
      ) {
        if (puts++ === survivors) throw new DOMException('full', 'QuotaExceededError');
        return realPut.apply(this, given);
      });
      await expect(store.purge()).rejects.toMatchObject({ code: 'storage-full' });
      spy.mockRestore();
      await store.close();
      store = createStore();
      await store.open();
      expect(await store.recordsSince(0)).toEqual(records);
    }
    expect(await store.purge()).toBe(true);
    expect(await store.recordsSince(0)).toEqual(records);
  });

  it.each([
    ['a copy that was not finished', undefined, name],
    ['a copy that was finished', 1, secondName],
  ])('settles for the whole one when a kill left %s', async (_case, generation, expected) => {
    await store.writePage(pageWrite('a'));
    await store.close();
    // What a kill leaves: the other database, with or without the mark that ends the copy.
    const whole = await openDB(name);
    const version = whole.version;
    const other = await openDB(secondName, version, {
      upgrade: (database) => {
        for (const each of whole.objectStoreNames) {
          const { keyPath, indexNames } = whole.transaction(each).store;
          const made = database.createObjectStore(each, { keyPath: keyPath as string | null });
          for (const index of indexNames) {
            const from = whole.transaction(each).store.index(index);
            made.createIndex(index, from.keyPath as string, { unique: from.unique });
          }
        }
      },
    });
    for (const row of await whole.getAll('pages')) await other.put('pages', row);
    if (generation !== undefined) await other.put('meta', generation, 'generation');
    whole.close();
    other.close();
    store = createStore();
    await store.open();
    expect(await store.recordsSince(0)).toHaveLength(1);
    expect((await indexedDB.databases()).map((each) => each.name)).toEqual([expected]);
  });

  it('refuses a newer format and touches nothing', async () => {
    await store.writePage(pageWrite('a'));
    await store.close();
    await putRow('meta', { formatVersion: 99, space: null, nextSpace: null }, 'state');
    const before = await dump();
    await expect(createStore().open()).rejects.toMatchObject({
      code: 'index-format',
      details: { found: 99, supported: 5 },
    });
    expect(await dump()).toEqual(before);
  });

  it('refuses a database of a newer version', async () => {
    await store.close();
    (await openDB(name, 7)).close();
    await expect(createStore().open()).rejects.toMatchObject({ code: 'index-format' });
  });

  it('says that it cannot be opened, and opens when it can again', async () => {
    await store.close();
    const spy = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('not today', 'UnknownError');
    });
    const again = createStore();
    await expect(again.open()).rejects.toMatchObject({ code: 'storage-unavailable' });
    spy.mockRestore();
    expect(await again.open()).toMatchObject({ formatVersion: 5 });
  });

  it('opens again after the browser or another context ended the connection', async () => {
    const record = await store.writePage(pageWrite('a'));
    // A deletion elsewhere asks every connection to close; ours does, and starts anew when used.
    await deleteDB(name);
    expect(await store.record(record.id)).toBeNull();
    expect((await store.writePage(pageWrite('b'))).title).toBe('b');
  });

  it('skips records of another shape', async () => {
    const good = await store.writePage(pageWrite('good'));
    await putRow('pages', { ...good, id: 8, key: 'k', title: 5, lastReadAt: 9, revision: 8 });
    expect(await store.recentRecords(10)).toEqual([good]);
    expect(await store.recordsSince(0)).toEqual([good]);
    expect(await store.record(8 as PageId)).toBeNull();
  });

  it('marks an entry of another shape by its checksum', async () => {
    await putRow('tail', { pageId: 3, spaces: 'none', terms: null });
    expect(await store.entries()).toEqual([
      { pageId: 3, spaces: [], terms: new Uint8Array(0), checksum: -1 },
    ]);
  });

  it('rejects a segment that lacks a part', async () => {
    const add = [segmentOf([1])];
    const [segment] = await store.pack({ remove: [], add, packed: [], packedTo: 1 });
    await putRow('parts', 'not bytes', [segment!, 'terms']);
    await expect(store.segment(segment!)).rejects.toMatchObject({ code: 'storage-corrupt' });
  });
});

describe('the lock', () => {
  /** A lock manager with one lock, as `navigator.locks` gives it to one origin. */
  function createLocks() {
    let tail: Promise<void> = Promise.resolve();
    return {
      async request(_name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>) {
        const before = tail;
        let release = () => {};
        tail = new Promise((resolve) => {
          release = resolve;
        });
        const aborted = new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
        try {
          await Promise.race([before, aborted]);
          await hold();
        } finally {
          release();
        }
      },
    };
  }

  it('keeps a second engine out until the first closes', async () => {
    const locks = createLocks();
    const first = new IdbPageStore({ name, locks });
    const second = new IdbPageStore({ name, locks });
    opened.push(first, second);
    await first.open();
    let isSecondOpen = false;
    const opening = second.open().then(() => {
      isSecondOpen = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(isSecondOpen).toBe(false);
    await first.close();
    await opening;
    expect(isSecondOpen).toBe(true);
  });

  it('gives up after its patience with a clear error', async () => {
    const locks = createLocks();
    const first = new IdbPageStore({ name, locks });
    opened.push(first);
    await first.open();
    const second = new IdbPageStore({ name, locks, lockTimeoutMs: 20 });
    await expect(second.open()).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: 'Another engine held the database for more than 20 ms',
    });
  });
});

describe('a database of the version before sync', () => {
  it('opens with its pages, and has the stores of sync', async () => {
    const old = await openDB(name, 1, {
      upgrade(database) {
        const pages = database.createObjectStore('pages', { keyPath: 'id' });
        pages.createIndex('byKey', 'key', { unique: true });
        pages.createIndex('byLastReadAt', 'lastReadAt');
        pages.createIndex('byRevision', 'revision');
        database.createObjectStore('texts');
        database.createObjectStore('tail', { keyPath: 'pageId' });
        database.createObjectStore('segments', { keyPath: 'id' });
        database.createObjectStore('parts');
        const visits = database.createObjectStore('visits', { keyPath: ['at', 'pageId'] });
        visits.createIndex('byPage', 'pageId');
        database.createObjectStore('tombstones');
        database.createObjectStore('meta');
      },
    });
    const { draft, text } = pageWrite('old');
    const record = { ...draft, id: 4, revision: 9 };
    await old.put('pages', record);
    await old.put('texts', text, 4);
    await old.put('meta', { nextPageId: 5, nextSegmentId: 1, revision: 9 }, 'counters');
    await old.put('meta', { formatVersion: 1, space: null, nextSpace: null }, 'state');
    old.close();
    const store = createStore();
    expect(await store.open()).toMatchObject({ formatVersion: 5, packedTo: 0 });
    expect(await store.recordsSince(0)).toEqual([record]);
    expect(await store.texts([4 as PageId])).toEqual([text]);
    expect(await store.sync.join({ device: 'd' as never, settings: null })).toBe(1);
    expect((await store.writePage(pageWrite('new'))).id).toBe(5);
    expect(await store.sync.pendingCount()).toBe(2);
  });
});
