import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ModelId } from '../core/ids.ts';
import type { ModelFiles, ModelShelf, ModelWish } from '../engine/model-ports.ts';
import { storageError } from './connection.ts';

/** Name of the database; apart from the pages', which idle work copies as a whole. */
export const modelDatabaseName = 'dejalu-models';
const modelDatabaseVersion = 1;

interface ModelSchema extends DBSchema {
  /** Files of a model by its id. */
  models: { key: string; value: Readonly<Record<string, Uint8Array>> };
  state: { key: 'wish'; value: ModelWish };
}

type Database = IDBPDatabase<ModelSchema>;

const noWish: ModelWish = { model: null, isPaused: false };

/**
 * Models in IndexedDB. The database is opened for each use and closed again: it is looked at once
 * a start and when the model changes. The options page puts a model here, the engine does all else.
 */
export class IdbModelShelf implements ModelShelf {
  readonly #name: string;

  constructor(name: string = modelDatabaseName) {
    this.#name = name;
  }

  wish(): Promise<ModelWish> {
    return this.#use('Reading which model to use', wishIn);
  }

  async setWish(change: Partial<ModelWish>): Promise<void> {
    await this.#use('Writing which model to use', async (database) => {
      const tx = database.transaction('state', 'readwrite', { durability: 'strict' });
      const former = readWish(await tx.store.get('wish'));
      await tx.store.put({ ...former, ...change }, 'wish');
      await tx.done;
    });
  }

  ids(): Promise<readonly ModelId[]> {
    return this.#use('Listing models', async (database) => {
      return (await database.getAllKeys('models')) as ModelId[];
    });
  }

  files(id: ModelId): Promise<ModelFiles | null> {
    return this.#use(`Reading the model ${id}`, async (database) => {
      const row: unknown = await database.get('models', id);
      if (typeof row !== 'object' || row === null) return null;
      const files = Object.entries(row).filter(([, bytes]) => bytes instanceof Uint8Array);
      return new Map(files as [string, Uint8Array][]);
    });
  }

  async put(id: ModelId, files: ModelFiles): Promise<void> {
    await this.#use(`Storing the model ${id}`, async (database) => {
      const tx = database.transaction('models', 'readwrite', { durability: 'strict' });
      await tx.store.put(Object.fromEntries(files), id);
      await tx.done;
    });
  }

  async keepOnly(ids: readonly ModelId[]): Promise<void> {
    await this.#use('Removing models', async (database) => {
      const tx = database.transaction('models', 'readwrite');
      for (const id of await tx.store.getAllKeys()) {
        if (!(ids as readonly string[]).includes(id)) await tx.store.delete(id);
      }
      await tx.done;
    });
  }

  async #use<T>(what: string, work: (database: Database) => Promise<T>): Promise<T> {
    try {
      const database = await openDB<ModelSchema>(this.#name, modelDatabaseVersion, {
        upgrade: (fresh) => {
          fresh.createObjectStore('models');
          fresh.createObjectStore('state');
        },
      });
      try {
        return await work(database);
      } finally {
        database.close();
      }
    } catch (thrown) {
      throw storageError(thrown, what);
    }
  }
}

async function wishIn(database: Database): Promise<ModelWish> {
  return readWish(await database.get('state', 'wish'));
}

/** A row of another shape is no wish. */
function readWish(row: unknown): ModelWish {
  if (typeof row !== 'object' || row === null) return noWish;
  const { model, isPaused } = row as Record<string, unknown>;
  return {
    model: typeof model === 'string' ? (model as ModelId) : null,
    isPaused: isPaused === true,
  };
}
