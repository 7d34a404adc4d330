import { type AppError, asAppError } from '../core/errors.ts';
import type { PageId, PageOrdinal } from '../core/ids.ts';
import type { PackedPage, PageRows } from '../core/index/page-rows.ts';
import { type Chosen, chooseModel } from './choose-model.ts';
import { type IndexMemory, toKnown } from './index-memory.ts';
import { type Opened, openedWith, takes } from './opened.ts';
import { openSegment } from './packed-segment.ts';
import { entryOf } from './page-content.ts';
import { readPassages } from './passage-text.ts';
import type { EngineParts, IndexEntry, PageRecord, PageStore, Segment } from './ports.ts';

/** A start of the engine. */
export interface Started {
  readonly chosen: Chosen;
  readonly opened: Opened;
  /** Whether no entries of a change of the model wait to be moved. */
  readonly isSettled: boolean;
  /** Segments and pages that were damaged and are made again. */
  readonly repaired: { readonly segments: number; readonly pages: number };
}

/** Opens the store, and the index that is in it. The store is read while the model is made ready. */
export async function openIndex(parts: EngineParts): Promise<Started> {
  const opening = parts.store.open();
  const reading = opening.then(({ packedTo }) => readStored(parts, packedTo));
  // Of a failure whoever waits is told; where the model fails nobody waits.
  reading.catch(() => undefined);
  return openFilled(parts, await chooseModel(parts, opening), reading);
}

/**
 * Opens an index and fills it with what is stored. Segments that are damaged are thrown away, and pages
 * whose terms and codes are damaged are made again from their text.
 */
async function openFilled(
  parts: EngineParts,
  chosen: Chosen,
  reading: Promise<Stored>,
): Promise<Started> {
  const opened = openedWith(parts, chosen.model, chosen.isWordsOnly);
  const { toRemake, damaged, isSettled } = await fillIndex(parts, opened, await reading);
  if (damaged.length > 0) {
    // Rows of pages that did not change since are nowhere else now, so all records are read.
    await parts.store.pack({ remove: damaged, add: [], packed: [], packedTo: 0 });
    const again = await openFilled(parts, chosen, readStored(parts, 0));
    const { segments, pages } = again.repaired;
    return { ...again, repaired: { segments: segments + damaged.length, pages } };
  }
  let pages = 0;
  for (const record of toRemake) if (await remakes(parts, opened, record)) pages++;
  return { chosen, opened, isSettled, repaired: { segments: 0, pages } };
}

/** Makes a page's index data again from its stored text; false when that cannot be read. */
async function remakes(parts: EngineParts, opened: Opened, record: PackedPage): Promise<boolean> {
  const { store, compressor } = parts;
  const [bytes] = await store.texts([record.id]);
  if (bytes === null || bytes === undefined) return false;
  const passages = await readPassages(compressor, bytes);
  if (passages === null) {
    parts.report?.(`Page ${record.id} cannot be read: its stored text is damaged`);
    return false;
  }
  const entry = { ...entryOf(opened, record.title, passages), pageId: record.id };
  await store.writeEntries([entry]);
  opened.index.put({ ...record, passageCount: passages.length }, entry, opened.model.id);
  return true;
}

/** Segments that are being read while one is taken in. */
const readAhead = 4;

/** What the store has of an index, its segments apart. */
interface Stored {
  readonly newestFirst: Awaited<ReturnType<PageStore['segments']>>;
  /** The first of them, which are being read. */
  readonly reading: Promise<Segment | AppError>[];
  /** Those that may be in no segment; whether they are all that there are. */
  readonly records: readonly PageRecord[];
  readonly isAll: boolean;
  /** Of the tail, and those that a change of the model adopted. */
  readonly entries: readonly IndexEntry[];
  readonly adopted: readonly IndexEntry[];
}

async function readStored({ store, models }: EngineParts, packedTo: number): Promise<Stored> {
  const [segments, records, entries, adopted = []] = await Promise.all([
    store.segments(),
    store.recordsSince(packedTo),
    store.entries(),
    models?.spaces.adopted(),
  ]);
  const newestFirst = [...segments].reverse();
  const reading = newestFirst.slice(0, readAhead).map(({ id }) => read(store, id));
  return { newestFirst, reading, records, isAll: packedTo === 0, entries, adopted };
}

interface Filled {
  /** Pages without sound terms and codes. */
  readonly toRemake: readonly PackedPage[];
  /** Segments that are damaged. Where there are any, nothing else counts: fill again without them. */
  readonly damaged: readonly number[];
  readonly isSettled: boolean;
}

/**
 * Fills an empty index from the store, which is the truth in this order: the records written after
 * `packedTo`, with entries that were adopted and those of the tail, then the segments from the newest
 * to the oldest. A page is taken from the first that has it, so that nothing is taken in and thrown
 * away.
 */
async function fillIndex(parts: EngineParts, opened: Opened, stored: Stored): Promise<Filled> {
  const { store } = parts;
  const { newestFirst, reading, adopted } = stored;
  const filling = new Filling(store, opened, stored);
  const damaged: number[] = [];
  opened.index.expect(newestFirst.reduce((sum, { codeBytes }) => sum + codeBytes, 0));
  for (const [place, { id }] of newestFirst.entries()) {
    const segment = await reading.shift();
    // The store reads the next ones while this one is taken in.
    const next = newestFirst[place + readAhead];
    if (next !== undefined) reading.push(read(store, next.id));
    try {
      if (segment === undefined || segment instanceof Error) throw segment;
      filling.take(segment);
    } catch (thrown) {
      const { code, message } = asAppError(thrown);
      if (code !== 'storage-corrupt' && code !== 'index-format') throw thrown;
      parts.report?.(`A segment is made again from its pages: ${message}`);
      damaged.push(id);
    }
  }
  return { toRemake: filling.finish(), damaged, isSettled: adopted.length === 0 };
}

function read(store: PageStore, id: number): Promise<Segment | AppError> {
  return store.segment(id).catch((thrown: unknown) => asAppError(thrown));
}

class Filling {
  readonly #store: PageStore;
  readonly #opened: Opened;
  readonly #index: IndexMemory;
  /** Records written after the last packing. */
  readonly #since: ReadonlyMap<PageId, PackedPage>;
  readonly #isSinceAll: boolean;
  readonly #tail: ReadonlyMap<PageId, IndexEntry>;
  /** The newest row of each page whose terms and codes were not found yet. */
  readonly #rest = new Map<PageId, { segment: number; row: number }>();

  constructor(store: PageStore, opened: Opened, { records, isAll, entries, adopted }: Stored) {
    this.#store = store;
    this.#opened = opened;
    this.#index = opened.index;
    this.#since = new Map(records.map((record) => [record.id, toKnown(record)]));
    this.#isSinceAll = isAll;
    this.#tail = new Map([...entries, ...adopted].map((entry) => [entry.pageId, entry]));
  }

  take(segment: Segment): void {
    const index = this.#index;
    const space = index.isWordsOnly ? null : this.#opened.model.id;
    const { rows, terms } = openSegment(this.#store, index, segment, space);
    const { id, order, codes } = segment;
    const revision = rows.revisions.reduce((most, each) => Math.max(most, each), 0);
    const ordinals = new Int32Array(terms.localCount).fill(-1);
    index.segments.set(id, { id, order, revision, rows, terms, ordinals });
    let end = 0;
    for (let row = 0; row < rows.length; row++) {
      const start = end;
      if (row < ordinals.length) {
        end += (rows.passageCounts[row] as number) * index.codes.codeBytes;
      }
      const pageId = rows.ids[row] as PageId;
      if (index.has(pageId) || (this.#isSinceAll && !this.#since.has(pageId))) continue;
      const isSound = row < ordinals.length && !this.#tail.has(pageId);
      const ordinal = isSound ? this.#add(id, rows, row, codes.subarray(start, end)) : undefined;
      if (ordinal !== undefined) ordinals[row] = ordinal;
      else if (!this.#rest.has(pageId)) this.#rest.set(pageId, { segment: id, row });
    }
    index.lexical.addSegment(terms, ordinals);
  }

  /** Takes in what is in the tail alone; the pages that are left have to be made again. */
  finish(): PackedPage[] {
    const index = this.#index;
    const left: PackedPage[] = [];
    for (const id of new Set([...this.#since.keys(), ...this.#rest.keys()])) {
      if (index.has(id)) continue;
      const record = this.#since.get(id) ?? this.#rowOf(id);
      if (record === undefined) continue;
      const entry = this.#tail.get(id);
      if (entry === undefined || !takes(this.#opened, record, entry)) left.push(record);
    }
    return left;
  }

  /** The page's ordinal; undefined when the row's terms and codes are not those of its content. */
  #add(segment: number, rows: PageRows, row: number, codes: Uint8Array): PageOrdinal | undefined {
    const id = rows.ids[row] as PageId;
    const since = this.#since.get(id);
    const later = this.#rest.get(id);
    const isNewest = later === undefined && (since?.revision ?? 0) <= (rows.revisions[row] ?? 0);
    const newer = isNewest ? undefined : (since ?? this.#rowOf(id));
    if (newer !== undefined) {
      const isSame =
        newer.contentMark === rows.contentMarks[row] &&
        newer.passageCount === rows.passageCounts[row];
      if (!isSame) return undefined;
    }
    this.#rest.delete(id);
    const ordinal = this.#index.putPacked(rows, row, codes, newer);
    if (newer !== undefined && newer === since) this.#index.changed.set(id, newer);
    this.#index.setPlace(ordinal, later?.segment ?? segment, later?.row ?? row);
    return ordinal;
  }

  #rowOf(id: PageId): PackedPage | undefined {
    const place = this.#rest.get(id);
    return place && this.#index.segments.get(place.segment)?.rows.page(place.row);
  }
}
