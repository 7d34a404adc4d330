import type { ModelId } from '../core/ids.ts';
import { hasSoundRows, prepareModel, readPrepared } from '../core/model/prepared-model.ts';
import type { StaticModel } from '../core/model/types.ts';

/** Where the bytes of one prepared model are kept. What is lost there is made again. */
export interface ModelCache {
  /** Null when nothing is kept for the model. */
  read(id: ModelId): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Takes the place of what was kept before: all of the bytes or none. */
  write(id: ModelId, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(id: ModelId): Promise<void>;
}

export interface CachedModelParts {
  readonly cache: ModelCache;
  /** The model to be. */
  readonly id: ModelId;
  /** The name and version of the browser: what it knows of characters is prepared with the model. */
  readonly browser: string;
  /** Reads and checks the model where it comes from. */
  load(): Promise<StaticModel>;
  /** Calls back once, when a start has nothing to wait for any more. */
  later(work: () => Promise<void>): void;
  report?(message: string): void;
}

/**
 * Reads a model as it was prepared at a former start; where it was not, from its files, and prepares it
 * for the next. Reading the package's files takes longer than all else that a start does.
 * @throws AppError of `load`; the cache never fails a start
 */
export async function loadCachedModel(parts: CachedModelParts): Promise<StaticModel> {
  const { cache, id, browser, load, later, report } = parts;
  try {
    const bytes = await cache.read(id);
    const kept = bytes === null ? null : readPrepared(bytes, id, browser);
    if (bytes !== null && kept !== null) {
      later(async () => {
        if (hasSoundRows(bytes)) return;
        report?.('The prepared model is damaged; the next start makes it again');
        await cache.remove(id);
      });
      return kept;
    }
    if (bytes !== null)
      report?.('The prepared model is damaged or of another browser; it is made again');
  } catch (thrown) {
    report?.(`The prepared model cannot be read: ${String(thrown)}`);
  }
  const model = await load();
  if (model.id !== id) return model;
  later(async () => {
    try {
      const bytes = prepareModel(model, browser);
      if (bytes !== null) await cache.write(id, bytes);
    } catch (thrown) {
      report?.(`The model cannot be prepared for the next start: ${String(thrown)}`);
    }
  });
  return model;
}
