import type { ModelId, PageId } from '../core/ids.ts';
import type { IndexEntry } from './ports.ts';

/** The files of a model's folder by their plain names, `model.json` among them. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** Where models come from and where a change of the model is kept. */
export interface ModelLibrary {
  /** The model of the package. Both throw `model-missing` or `model-invalid`. */
  readonly shipped: {
    id(): Promise<ModelId>;
    files(): Promise<ModelFiles>;
  };
  readonly shelf: ModelShelf;
  readonly spaces: SpaceRows;
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>;
}

/** What the person decided about the model. */
export interface ModelWish {
  /** Null: the one that comes with the extension. */
  readonly model: ModelId | null;
  /** Whether a change of the model waits until the person lets it go on. */
  readonly isPaused: boolean;
}

/**
 * Models kept on this machine: those the person brought, and a copy of the one that the stored pages
 * are encoded with, because an update of the extension takes the old one out of the package.
 */
export interface ModelShelf {
  wish(): Promise<ModelWish>;
  setWish(change: Partial<ModelWish>): Promise<void>;
  ids(): Promise<readonly ModelId[]>;
  /** Null when it is not here. Nothing is checked: the reader does that. */
  files(id: ModelId): Promise<ModelFiles | null>;
  /** One transaction: all of the model or nothing. */
  put(id: ModelId, files: ModelFiles): Promise<void>;
  /** Removes every other model. */
  keepOnly(ids: readonly ModelId[]): Promise<void>;
}

/**
 * Index entries in an embedding space that is not the present one yet, in the database of the pages.
 *
 *   nothing ── begin ──▶ being built ── adopt ──▶ adopted ── settle … ──▶ nothing
 *                             └─── abandon ──▶ nothing
 *
 * While a space is being built the present one answers, and no row of it is touched. Adopted entries
 * count before those of the pages' own rows, until settling has moved them there. A page that is
 * written or removed loses its entry here in the same transaction. Each call is one transaction; a
 * kill leaves what was before it or after it.
 */
export interface SpaceRows {
  /** Makes `space` the one being built; what was built of another goes. Settle first. */
  begin(space: ModelId): Promise<void>;
  /** Up to `limit` pages with ids above `after` that have no entry here, ascending. */
  missing(after: number, limit: number): Promise<readonly PageId[]>;
  /** Entries here, and pages in all. */
  counts(): Promise<{ readonly built: number; readonly total: number }>;
  /**
   * Adds entries of pages that still exist. One without spaces says that the page's text cannot be
   * read. Rejects with `bad-request` unless `space` is the one being built.
   */
  add(space: ModelId, entries: readonly IndexEntry[]): Promise<void>;
  /** Up to `limit` entries of pages with ids above `after`, ascending. */
  read(after: number, limit: number): Promise<readonly IndexEntry[]>;
  /** All adopted entries that have not settled yet; none while a space is being built. */
  adopted(): Promise<readonly IndexEntry[]>;
  /** Makes the space that was built the present one; the segments of the former one go.
   * Rejects with `bad-request` while a page lacks its entry. */
  adopt(space: ModelId): Promise<void>;
  /** Moves up to `limit` adopted entries to the pages' own rows. @returns whether none is left */
  settle(limit: number): Promise<boolean>;
  /** Gives up what is being built. */
  abandon(): Promise<void>;
}
