import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { AppError, asAppError } from '../core/errors.ts';
import { copyRows, deleteFromDisk } from './rewrite.ts';
import { type DejaluSchema, databaseName, type StoreName } from './schema.ts';

/** IndexedDB's own version number: changes only when stores or indexes do. */
const databaseVersion = 5;

export type Durability = 'strict' | 'relaxed';
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  DejaluSchema,
  StoreName[],
  Mode
>;

/** The part of `navigator.locks` that is needed. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<unknown>;
}

export interface ConnectionOptions {
  readonly name?: string;
  /** Absent where there is nobody to share the database with. */
  readonly locks?: Locks | undefined;
  /** How long to wait for another engine to let go of the database. */
  readonly lockTimeoutMs?: number;
}

/** Anything IndexedDB rejects with, under the code a caller can act on. */
export function storageError(thrown: unknown, what: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const cause = { cause: thrown, details: { error: name } };
  switch (name) {
    case 'QuotaExceededError':
      return new AppError('storage-full', `${what}: the disk or the quota is full`, cause);
    case 'VersionError':
      return new AppError(
        'index-format',
        `${what}: the database was written by a newer version than ${databaseVersion}`,
        cause,
      );
    case 'NotReadableError':
    case 'NotFoundError':
    case 'DataError':
    case 'DataCloneError':
      return new AppError('storage-corrupt', `${what}: a stored value cannot be read`, cause);
    default:
      return new AppError('storage-unavailable', `${what}: ${name} ${reason}`, cause);
  }
}

/** Whether the connection was lost under the call, so that opening it again may help. */
function isConnectionLost(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'InvalidStateError';
}

/**
 * The one connection to the database, held under a Web Lock so that two engines never write at
 * once. It closes when another context wants to change the database's version, and opens again at
 * the next use, also after the browser ended it.
 *
 * The database has one of two names, because {@link Connection.rewrite} moves it from one to the
 * other. Each move counts its generation up by one, as the last row of the copy; where a kill left
 * both, the higher generation is the whole one.
 */
export class Connection {
  readonly #names: readonly [string, string];
  /** Of {@link #names}; null until it was looked up. */
  #name: string | null = null;
  readonly #locks: Locks | undefined;
  readonly #lockTimeoutMs: number;
  #database: Promise<IDBPDatabase<DejaluSchema>> | null = null;
  #release: (() => void) | null = null;
  /** Resolves, whatever its outcome, when the rewriting under way has ended. */
  #rewriting: Promise<void> | null = null;

  constructor(options: ConnectionOptions = {}) {
    const name = options.name ?? databaseName;
    this.#names = [name, `${name}-2`];
    this.#locks = options.locks;
    this.#lockTimeoutMs = options.lockTimeoutMs ?? 10_000;
  }

  /** Takes the lock and opens. */
  async open(): Promise<void> {
    await this.#takeLock();
    try {
      await this.#connect();
    } catch (thrown) {
      this.#letGo();
      throw thrown;
    }
  }

  async close(): Promise<void> {
    const database = this.#database;
    this.#database = null;
    if (database !== null) {
      // A connection that never opened needs no closing.
      await database.then(
        (open) => open.close(),
        () => undefined,
      );
    }
    this.#letGo();
  }

  /** Deletes the database, from the disk too, and makes an empty one. */
  async recreate(): Promise<void> {
    const database = this.#database;
    this.#database = null;
    if (database !== null) (await database).close();
    try {
      for (const { name } of await indexedDB.databases()) {
        if (name !== undefined && this.#names.includes(name)) await deleteFromDisk(name);
      }
    } catch (thrown) {
      throw storageError(thrown, 'Deleting the database');
    }
    this.#name = this.#names[0];
    await this.#connect();
  }

  /**
   * Moves every row to a fresh database and deletes the former one, which takes the bytes of removed
   * rows off the disk. What writes meanwhile waits; reading goes on. A kill at any moment leaves one
   * whole database.
   */
  async rewrite(): Promise<void> {
    while (this.#rewriting !== null) await this.#rewriting;
    const moving = this.#move();
    const isOver = () => {
      this.#rewriting = null;
    };
    this.#rewriting = moving.then(isOver, isOver);
    return moving;
  }

  async #move(): Promise<void> {
    const what = 'Rewriting the database';
    const source = await this.#connect();
    const name = this.#names.find((each) => each !== source.name) ?? this.#names[1];
    try {
      await deleteDB(name);
      const target = await this.#openDatabase(name);
      try {
        await copyRows(source, target);
        const generation = (await generationOf(source)) + 1;
        const tx = target.transaction('meta', 'readwrite', { durability: 'strict' });
        await tx.store.put(generation, 'generation');
        await tx.done;
      } catch (thrown) {
        target.close();
        await deleteDB(name);
        throw thrown;
      }
      this.#name = name;
      this.#database = Promise.resolve(target);
      source.close();
      await deleteFromDisk(source.name);
    } catch (thrown) {
      throw storageError(thrown, what);
    }
  }

  /**
   * Runs `work` in one transaction over `stores` and resolves after its commit. `work` may await
   * nothing but the transaction's own requests. When it throws, the transaction is aborted.
   */
  async run<T, Mode extends 'readonly' | 'readwrite'>(
    stores: readonly StoreName[],
    mode: Mode,
    durability: Durability,
    what: string,
    work: (tx: Transaction<Mode>) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#attempt(stores, mode, durability, work);
    } catch (thrown) {
      if (!isConnectionLost(thrown)) throw storageError(thrown, what);
    }
    this.#database = null;
    try {
      return await this.#attempt(stores, mode, durability, work);
    } catch (thrown) {
      throw storageError(thrown, what);
    }
  }

  async #attempt<T, Mode extends 'readonly' | 'readwrite'>(
    stores: readonly StoreName[],
    mode: Mode,
    durability: Durability,
    work: (tx: Transaction<Mode>) => Promise<T>,
  ): Promise<T> {
    let database = await this.#connect();
    while (mode === 'readwrite' && this.#rewriting !== null) {
      await this.#rewriting;
      database = await this.#connect();
    }
    const tx = database.transaction([...stores], mode, { durability });
    // An abort rejects `done` while `work` may still be waiting; it is looked at below.
    tx.done.catch(() => undefined);
    try {
      const result = await work(tx);
      await tx.done;
      return result;
    } catch (thrown) {
      // An abort by the browser (quota) carries the reason on the transaction, not on the request.
      const reason = tx.error ?? thrown;
      try {
        tx.abort();
      } catch {
        // It has ended already.
      }
      await tx.done.catch(() => undefined);
      throw tx.error ?? reason;
    }
  }

  #connect(): Promise<IDBPDatabase<DejaluSchema>> {
    this.#database ??= this.#openCurrent().catch((thrown: unknown) => {
      this.#database = null;
      throw storageError(thrown, `Opening the database ${this.#name ?? this.#names[0]}`);
    });
    return this.#database;
  }

  async #openCurrent(): Promise<IDBPDatabase<DejaluSchema>> {
    if (this.#name !== null) return this.#openDatabase(this.#name);
    const [first, second] = this.#names;
    const known = new Set((await indexedDB.databases()).map(({ name }) => name));
    if (!known.has(second)) return this.#settle(await this.#openDatabase(first), null);
    const [a, b] = [await this.#openDatabase(first), await this.#openDatabase(second)];
    return (await generationOf(b)) > (await generationOf(a))
      ? this.#settle(b, a)
      : this.#settle(a, b);
  }

  /** Takes one database as the current one and removes what a rewriting that was cut off left. */
  async #settle(
    current: IDBPDatabase<DejaluSchema>,
    remains: IDBPDatabase<DejaluSchema> | null,
  ): Promise<IDBPDatabase<DejaluSchema>> {
    this.#name = current.name;
    remains?.close();
    if (remains !== null) await deleteFromDisk(remains.name);
    return current;
  }

  #openDatabase(name: string): Promise<IDBPDatabase<DejaluSchema>> {
    return openDB<DejaluSchema>(name, databaseVersion, {
      upgrade: (database, oldVersion) => {
        if (oldVersion < 1) createStores(database);
        if (oldVersion < 2) createSyncStores(database);
        if (oldVersion < 3) database.createObjectStore('nextEntries', { keyPath: 'pageId' });
        if (oldVersion < 4) dropTombstones(database);
        if (oldVersion < 5) database.createObjectStore('tokens');
      },
      blocking: () => this.#drop(),
      terminated: () => {
        this.#database = null;
      },
    });
  }

  #drop(): void {
    const database = this.#database;
    this.#database = null;
    // The next use opens again; an open that failed has nothing to close.
    database?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  async #takeLock(): Promise<void> {
    const locks = this.#locks;
    if (locks === undefined || this.#release !== null) return;
    const signal = AbortSignal.timeout(this.#lockTimeoutMs);
    await new Promise<void>((resolve, reject) => {
      const hold = () =>
        new Promise<void>((release) => {
          this.#release = release;
          resolve();
        });
      locks.request(`${this.#names[0]}-writer`, { signal }, hold).catch((thrown: unknown) => {
        const message = `Another engine held the database for more than ${this.#lockTimeoutMs} ms`;
        reject(
          signal.aborted
            ? new AppError('storage-unavailable', message, { cause: thrown })
            : asAppError(thrown, 'storage-unavailable'),
        );
      });
    });
  }

  #letGo(): void {
    this.#release?.();
    this.#release = null;
  }
}

async function generationOf(database: IDBPDatabase<DejaluSchema>): Promise<number> {
  const found = await database.get('meta', 'generation');
  return typeof found === 'number' ? found : 0;
}

function createStores(database: IDBPDatabase<DejaluSchema>): void {
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
  database.createObjectStore('meta');
}

/** Forgetting rewrites segments at once since version 4, so nothing has to be remembered. */
function dropTombstones(database: IDBPDatabase<DejaluSchema>): void {
  const names: DOMStringList = database.objectStoreNames;
  if (names.contains('tombstones')) {
    (database as unknown as IDBPDatabase).deleteObjectStore('tombstones');
  }
}

function createSyncStores(database: IDBPDatabase<DejaluSchema>): void {
  database.createObjectStore('sync');
  database.createObjectStore('marks', { keyPath: 'key' });
  database.createObjectStore('outbox', { keyPath: 'key' }).createIndex('bySequence', 'sequence');
  database.createObjectStore('aside', { keyPath: 'key' });
}
