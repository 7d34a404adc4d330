import { AppError } from '../core/errors.ts';
import type { ReadPart } from '../core/index/read-part.ts';
import type { NewSegment, Segment, SegmentChange, TokenPlace } from '../engine/ports.ts';
import { storageError } from './connection.ts';
import type { FileParts, SegmentRow } from './schema.ts';

/** A file that is open for reading. */
export interface OpenFile {
  /** Bytes read into `into` from `at` on: fewer than there is room for at the end of the file. */
  read(into: Uint8Array, at: number): number;
  close(): void;
}

/** A folder of files that nobody else writes to. */
export interface FileFolder {
  names(): Promise<readonly string[]>;
  /** Writes a new file, in slices between which other work may run. */
  write(name: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Null when there is no such file. */
  open(name: string): Promise<OpenFile | null>;
  /** Of a file that is not there nothing is to be done. */
  remove(name: string): Promise<void>;
}

/** Segments as the database will have them. */
export interface StoredChange {
  readonly remove: readonly number[];
  /** With the file of each; null where the browser keeps none. */
  readonly add: readonly { readonly segment: NewSegment; readonly file: FileParts | null }[];
}

/** What a transaction did that changed segments. */
export interface ChangedSegments {
  readonly added: readonly number[];
  /** Rows that were taken out. */
  readonly removed: readonly SegmentRow[];
}

/** Where the parts of a segment begin in its file: so that numbers of eight bytes can be read in place. */
const alignment = 8;

/** No part of a segment comes near this: a number above it is damage. */
const mostBytes = 2 ** 30;

const aligned = (size: number) => Math.ceil(size / alignment) * alignment;

/** The tokens of each row, found by words of 32 bits: how many rows, where each begins, where all end. */
function encodeTokens(rows: NewSegment['tokens']): Uint8Array {
  const head = new Uint32Array(rows.length + 2);
  head[0] = rows.length;
  let end = head.byteLength;
  for (const [i, row] of rows.entries()) {
    head[i + 1] = end;
    end += row?.length ?? 0;
  }
  head[rows.length + 1] = end;
  const bytes = new Uint8Array(end);
  bytes.set(new Uint8Array(head.buffer));
  for (const [i, row] of rows.entries()) if (row !== null) bytes.set(row, head[i + 1]);
  return bytes;
}

interface OpenSegment {
  readonly file: OpenFile;
  readonly parts: FileParts;
  /** Where the tokens of each row begin, from the first byte of the tokens on; read when they are asked for. */
  places: Uint32Array | null;
}

/**
 * The bytes of segments as files of the origin's private file system, which a worker reads some twenty
 * times faster than values of a database, and in pieces. The database names the files: one that it
 * does not name is nobody's, and goes. Files are never changed.
 *
 * Nothing is flushed: what a power cut takes of a file its checksum tells, and the segment is made
 * again from the pages' texts, which are in the database.
 */
export class SegmentFiles {
  readonly #openFolder: () => Promise<FileFolder | null>;
  #folder: FileFolder | null = null;
  /** By name, those that are opened. */
  readonly #opening = new Map<string, Promise<OpenSegment>>();
  /** Those of them that are open. */
  readonly #open = new Map<string, OpenSegment>();
  /** By segment, those that were read or written. */
  readonly #known = new Map<number, FileParts>();
  /** Files of segments that were taken out, which may be read still. */
  #leaving: FileParts[] = [];
  /** Whether all segments were taken out, those without a name among them. */
  #areAllLeaving = false;
  /** Whether there may be files that the database does not name. */
  #isSweepDue = true;

  /** @param openFolder gives null where the browser keeps no files */
  constructor(openFolder: () => Promise<FileFolder | null>) {
    this.#openFolder = openFolder;
  }

  /** Whether files may be there that {@link sweep} removes. */
  get isSweepDue(): boolean {
    return (this.#isSweepDue || this.#leaving.length > 0) && this.isHere;
  }

  /** Whether there are files: the parts of segments lie in the database without. */
  get isHere(): boolean {
    return this.#folder !== null;
  }

  /** @throws AppError `storage-unavailable` when there are files that cannot be opened now: they are no damage */
  async begin(): Promise<void> {
    try {
      this.#folder ??= await this.#openFolder();
    } catch (thrown) {
      throw storageError(thrown, 'Opening the folder of segments');
    }
  }

  /**
   * Runs a transaction that changes segments. Their files are written before it, and removed when it
   * fails; those of segments that it takes out stay until they are released.
   */
  async changing<T extends ChangedSegments>(
    { remove, add }: SegmentChange,
    commit: (stored: StoredChange) => Promise<T>,
  ): Promise<T> {
    const files = await this.#write(add);
    const stored = add.map((segment, i) => ({ segment, file: files[i] ?? null }));
    let changed: T;
    try {
      changed = await commit({ remove, add: stored });
    } catch (thrown) {
      await this.#removeAll(files);
      throw thrown;
    }
    for (const [i, id] of changed.added.entries()) {
      const file = files[i];
      if (file === undefined) continue;
      this.#known.set(id, file);
      // One that cannot be opened now is read when it is asked for.
      await this.#opened(file).catch(() => undefined);
    }
    for (const { id, file } of changed.removed) {
      this.#known.delete(id);
      if (file !== undefined) this.#leaving.push(file);
    }
    return changed;
  }

  /** All segments were taken out. */
  clear(): void {
    this.#known.clear();
    this.#areAllLeaving = true;
  }

  /** Removes the files of segments that were taken out; what cannot be removed now {@link sweep} will. */
  async release(): Promise<void> {
    if (this.#areAllLeaving) return this.sweep([]);
    await this.#removeAll(this.#leaving.splice(0));
  }

  /** All of them, or none. */
  async #write(segments: SegmentChange['add']): Promise<readonly FileParts[]> {
    const folder = this.#folder;
    if (folder === null) return [];
    const written: FileParts[] = [];
    try {
      for (const { rows, terms, codes, tokens } of segments) {
        const name = crypto.randomUUID();
        const packed = encodeTokens(tokens);
        written.push({ name, sizes: [rows.length, terms.length, codes.length, packed.length] });
        await folder.write(name, [...padded(rows), ...padded(terms), ...padded(codes), packed]);
      }
      return written;
    } catch (thrown) {
      await this.#removeAll(written);
      throw storageError(thrown, 'Writing the file of a segment');
    }
  }

  /** The parts of a segment but for its tokens. @throws AppError `storage-corrupt` for a file that is not whole */
  async read(id: number, parts: FileParts): Promise<Pick<Segment, 'rows' | 'terms' | 'codes'>> {
    this.#known.set(id, parts);
    const { file } = await this.#opened(parts);
    let at = 0;
    const next = (size: number) => {
      const bytes = readWhole(file, parts, at, size);
      at += aligned(size);
      return bytes;
    };
    const [rows, terms, codes] = parts.sizes;
    return { rows: next(rows), terms: next(terms), codes: next(codes) };
  }

  /**
   * The tokens of rows, in their order; null for a row without any, or that cannot be read. All are
   * in one buffer: many small ones keep the collector busy.
   */
  async tokens(places: readonly TokenPlace['place'][]): Promise<readonly (Uint8Array | null)[]> {
    const opened = new Map<number, OpenSegment | null>();
    for (const place of places) {
      if (place === null || opened.has(place.segment)) continue;
      const parts = this.#known.get(place.segment);
      opened.set(place.segment, parts ? await this.#opened(parts).catch(() => null) : null);
    }
    const runs = places.map((place) => {
      const segment = place && opened.get(place.segment);
      return place && segment ? orNull(() => runOf(segment, place.row)) : null;
    });
    const all = new Uint8Array(runs.reduce((sum, run) => sum + (run?.size ?? 0), 0));
    let end = 0;
    return runs.map((run) => {
      if (run === null) return null;
      const into = all.subarray(end, end + run.size);
      end += run.size;
      return orNull(() => (run.file.read(into, run.at) === run.size ? into : null));
    });
  }

  /**
   * Reads the rows or the terms of a segment later, as long as its file is open; null when it is not.
   */
  partReader(id: number, part: 'rows' | 'terms'): ReadPart | null {
    const parts = this.#known.get(id);
    const opened = parts && this.#open.get(parts.name);
    if (parts === undefined || opened === undefined) return null;
    const [rows, terms] = parts.sizes;
    const [start, end] = part === 'rows' ? [0, rows] : [aligned(rows), aligned(rows) + terms];
    return (at, size) => {
      if (start + at + size > end) throw corrupt(parts, `has no ${part} at ${at + size}`);
      try {
        return readWhole(opened.file, parts, start + at, size);
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown;
        throw corrupt(parts, `cannot be read: ${String(thrown)}`);
      }
    };
  }

  async #removeAll(files: readonly FileParts[]): Promise<void> {
    for (const { name } of files) {
      await this.#close(name);
      await this.#folder?.remove(name).catch(() => {
        this.#isSweepDue = true;
      });
    }
  }

  /** Removes all files but those of some rows. */
  async sweep(rows: readonly Pick<SegmentRow, 'file'>[]): Promise<void> {
    const named = new Set(rows.map(({ file }) => file?.name));
    try {
      for (const name of (await this.#folder?.names()) ?? []) {
        if (named.has(name)) continue;
        await this.#close(name);
        await this.#folder?.remove(name);
      }
      this.#leaving = [];
      this.#areAllLeaving = false;
      this.#isSweepDue = false;
    } catch (thrown) {
      throw storageError(thrown, 'Removing the files of segments');
    }
  }

  async close(): Promise<void> {
    for (const name of [...this.#opening.keys()]) await this.#close(name);
    this.#known.clear();
  }

  #opened(parts: FileParts): Promise<OpenSegment> {
    let opening = this.#opening.get(parts.name);
    if (opening === undefined) {
      opening = this.#openNew(parts);
      this.#opening.set(parts.name, opening);
      opening.then(
        (opened) => this.#open.set(parts.name, opened),
        () => this.#opening.delete(parts.name),
      );
    }
    return opening;
  }

  async #openNew(parts: FileParts): Promise<OpenSegment> {
    let file: OpenFile | null;
    try {
      file = (await this.#folder?.open(parts.name)) ?? null;
    } catch (thrown) {
      throw storageError(thrown, `Opening the file ${parts.name} of a segment`);
    }
    if (file === null) throw corrupt(parts, 'is missing');
    return { file, parts, places: null };
  }

  async #close(name: string): Promise<void> {
    const opening = this.#opening.get(name);
    this.#opening.delete(name);
    // One that never opened needs no closing.
    await opening?.then(
      ({ file }) => {
        this.#open.delete(name);
        file.close();
      },
      () => undefined,
    );
  }
}

function* padded(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes;
  yield new Uint8Array(aligned(bytes.length) - bytes.length);
}

function corrupt({ name }: FileParts, what: string): AppError {
  return new AppError('storage-corrupt', `The file ${name} of a segment ${what}`, {
    details: { file: name },
  });
}

function readWhole(file: OpenFile, parts: FileParts, at: number, size: number): Uint8Array {
  if (size > mostBytes) throw corrupt(parts, `says that it has ${size} bytes in one part`);
  const bytes = new Uint8Array(size);
  if (file.read(bytes, at) !== size) throw corrupt(parts, 'is shorter than it was written');
  return bytes;
}

/** Whoever asks makes tokens from the text then; that the file is damaged, the next start tells. */
function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Where the tokens of a row are; null for a row without. */
function runOf(
  opened: OpenSegment,
  row: number,
): { readonly file: OpenFile; readonly at: number; readonly size: number } | null {
  const { file, parts } = opened;
  const [rows, terms, codes, size] = parts.sizes;
  const start = aligned(rows) + aligned(terms) + aligned(codes);
  opened.places ??= readPlaces(file, parts, start, size);
  const [from, to] = [opened.places[row], opened.places[row + 1]];
  if (from === undefined || to === undefined || from >= to || to > size) return null;
  return { file, at: start + from, size: to - from };
}

function readPlaces(file: OpenFile, parts: FileParts, start: number, size: number): Uint32Array {
  const count = new Uint32Array(readWhole(file, parts, start, 4).buffer)[0] ?? 0;
  const bytes = 4 * (count + 1);
  if (4 + bytes > size) throw corrupt(parts, `has room for fewer than ${count} rows`);
  return new Uint32Array(readWhole(file, parts, start + 4, bytes).buffer);
}
