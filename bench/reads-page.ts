/** Bytes of a page's row, and rows of a block. */
const rowBytes = 4_300;
const blockRows = 16;
/** Rows that a query asks for, and how many queries. */
const asked = 200;
const turns = 12;

/** Milliseconds that the median query waits for its rows, by where they lie. */
export type ReadTimes = Readonly<Record<'rows' | 'blocks' | 'file', number>>;

type Read = (ids: readonly number[]) => Promise<void> | void;

function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Bytes that no store can pack. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
  }
  return bytes;
}

async function openStore(name: string, count: number, size: number): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
  const database = await requested(opening);
  for (let from = 0; from < count; from += 500) {
    const writing = database.transaction('rows', 'readwrite');
    for (let id = from; id < Math.min(count, from + 500); id++) {
      writing.objectStore('rows').put(noise(size), id);
    }
    await ended(writing);
  }
  return database;
}

function getAll(database: IDBDatabase, keyOf: (id: number) => number): Read {
  return async (ids) => {
    const rows = database.transaction('rows').objectStore('rows');
    await Promise.all([...new Set(ids.map(keyOf))].map((key) => requested(rows.get(key))));
  };
}

/** What a worker's file can do beside; the types of a page leave it out. */
interface WorkerFile {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array, options: { at: number }): number;
    read(into: Uint8Array, options: { at: number }): number;
    flush(): void;
  }>;
}

async function openFile(count: number): Promise<Read> {
  const folder = await navigator.storage.getDirectory();
  const file = (await folder.getFileHandle('rows', { create: true })) as unknown as WorkerFile;
  const handle = await file.createSyncAccessHandle();
  for (let id = 0; id < count; id++) handle.write(noise(rowBytes), { at: id * rowBytes });
  handle.flush();
  const row = new Uint8Array(rowBytes);
  return (ids) => {
    for (const id of ids) handle.read(row, { at: id * rowBytes });
  };
}

async function measure(count: number): Promise<ReadTimes> {
  const blocks = Math.ceil(count / blockRows);
  const ways: Readonly<Record<keyof ReadTimes, Read>> = {
    rows: getAll(await openStore('rows', count, rowBytes), (id) => id),
    blocks: getAll(await openStore('blocks', blocks, blockRows * rowBytes), (id) =>
      Math.floor(id / blockRows),
    ),
    file: await openFile(count),
  };
  const times = new Map<string, number[]>();
  for (let turn = 0; turn < turns; turn++) {
    for (const [way, read] of Object.entries(ways)) {
      const ids = Array.from({ length: asked }, () => Math.floor(Math.random() * count));
      const start = performance.now();
      await read(ids);
      times.set(way, [...(times.get(way) ?? []), performance.now() - start]);
    }
  }
  const median = (list: readonly number[] = []) =>
    list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
  return {
    rows: median(times.get('rows')),
    blocks: median(times.get('blocks')),
    file: median(times.get('file')),
  };
}

/** What the benchmark asks of the page: its worker, as the engine is one, does the reading. */
export const readsPage = {
  measure: (count: number): Promise<ReadTimes> =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/script.js', { type: 'module' });
      worker.onmessage = ({ data }) => {
        if (typeof data === 'string') reject(new Error(data));
        else resolve(data);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(count);
    }),
};

if (typeof document === 'undefined') {
  addEventListener('message', ({ data }) => {
    measure(data).then(postMessage, (thrown) => postMessage(String(thrown)));
  });
} else (globalThis as unknown as { readsPage: typeof readsPage }).readsPage = readsPage;
