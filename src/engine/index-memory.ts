import type { ModelId, PageId, PageOrdinal } from '../core/ids.ts';
import { CodeIndex } from '../core/index/code-index.ts';
import { LexicalIndex } from '../core/index/lexical-index.ts';
import type { PackedPage, PageRows } from '../core/index/page-rows.ts';
import { type PageRow, PageTable } from '../core/index/page-table.ts';
import { decodePageTerms } from '../core/index/page-terms.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import type { TermKernel } from '../core/index/term-kernel.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { entryChecksum } from './checksum.ts';
import type { PackedSegment } from './packed-segment.ts';
import type { IndexEntry, PageRecord, TokenPlace } from './ports.ts';
import { RecentReads } from './recent-reads.ts';

const NOWHERE = -1;
/** Codes of two million passages. */
const mostReservedBytes = 128 << 20;
/** Codes of some twenty thousand pages. */
const smallBytes = 16 << 20;
/** Rows of codes looked at between two places where other work may run: two megabytes at most are moved. */
const vacuumedTogether = 32_768;

/** What the index knows of a record: all but what only the store needs. */
export function toKnown(record: PageRecord): PackedPage {
  const { key: _key, contentHash, ...rest } = record;
  return { ...rest, contentMark: Number.parseInt(contentHash.slice(0, 8), 16) >>> 0 };
}

export interface IndexOptions {
  /** See {@link IndexMemory.isWordsOnly}. */
  readonly isWordsOnly?: boolean;
  /** An index whose codes take less is kept in memory whole. */
  readonly smallBytes?: number | undefined;
}

/** The index in memory: what answers queries. Changed only after the store has committed. */
export class IndexMemory {
  readonly codes: CodeIndex;
  readonly lexical: LexicalIndex;
  readonly pages = new PageTable();
  readonly segments = new Map<number, PackedSegment>();
  /** Pages whose records are in no segment yet, or in an older form; changed last, last. */
  readonly changed = new Map<PageId, PackedPage>();
  passageCount = 0;
  /** Bytes of all compressed texts. */
  textBytes = 0;
  // By ordinal: where the newest packed row of the page is; no segment when there is none.
  #segmentOf = new Int32Array(0);
  #rowOf = new Int32Array(0);
  #readers = 0;
  #isVacuumDue = false;

  /**
   * Whether pages are taken in by their words alone, because the model of their codes is gone. Their
   * codes are noise then, so that meaning tells no page from another: a few true codes among them
   * would stand out for any query, and equal ones would make all pages near-duplicates.
   */
  readonly isWordsOnly: boolean;

  /** What was read of segments last. */
  readonly recentReads = new RecentReads();
  readonly #smallBytes: number;
  #expectedBytes = 0;

  constructor(scan: ScanKernel, terms: TermKernel, options: IndexOptions = {}) {
    this.codes = new CodeIndex(scan);
    this.lexical = new LexicalIndex(terms);
    this.isWordsOnly = options.isWordsOnly ?? false;
    this.#smallBytes = options.smallBytes ?? smallBytes;
  }

  /** Makes room for so many bytes of codes, which are about to be taken in. */
  expect(bytes: number): void {
    this.#expectedBytes = bytes;
    // What is said may be damaged: with more than this it grows as segments are taken in.
    this.codes.reserve(Math.floor(Math.min(bytes, mostReservedBytes) / this.codes.codeBytes));
  }

  /**
   * Whether all of a segment is kept in memory, because there is not much of it; of a large index a query
   * reads what it needs.
   */
  get keepsParts(): boolean {
    return Math.max(this.#expectedBytes, this.codes.sizeBytes) < this.#smallBytes;
  }

  get pageCount(): number {
    return this.pages.pageCount;
  }

  has(id: PageId): boolean {
    return this.pages.ordinalOf(id) !== undefined;
  }

  /** Ascending. */
  ids(): readonly PageId[] {
    const ids: PageId[] = [];
    for (const ordinal of this.pages.ordinals()) ids.push(this.pages.idOf(ordinal) as PageId);
    return ids.sort((a, b) => a - b);
  }

  record(id: PageId): PackedPage | undefined {
    const ordinal = this.pages.ordinalOf(id);
    return ordinal === undefined ? undefined : (this.changed.get(id) ?? this.#packed(ordinal));
  }

  recordAt(ordinal: PageOrdinal): PackedPage | undefined {
    const id = this.pages.idOf(ordinal);
    return id === undefined ? undefined : this.record(id);
  }

  /** Bytes of a page's compressed text; 0 for a page that is not here. */
  textBytesAt(ordinal: PageOrdinal): number {
    const changed = this.changed.get(this.pages.idOf(ordinal) as PageId);
    if (changed !== undefined) return changed.textBytes;
    const place = this.placeOf(ordinal);
    return (place && this.segments.get(place.segment)?.rows.textBytes[place.row]) ?? 0;
  }

  /**
   * Takes a page in, or takes in its new content.
   * @returns false for an entry that is damaged or of another space: the page must be made again
   */
  put(record: PackedPage, entry: IndexEntry, space: ModelId): boolean {
    const size = record.passageCount * this.codes.codeBytes;
    const codes = this.isWordsOnly
      ? noise(record.id, size)
      : entry.spaces.find((each) => each.space === space)?.codes;
    if (codes?.length !== size || entry.checksum !== entryChecksum(entry)) return false;
    const terms = decodePageTerms(entry.terms);
    this.remove(record.id);
    const ordinal = this.#add(record, codes);
    this.lexical.addPage(ordinal, terms);
    this.#note(record);
    return true;
  }

  /**
   * Takes a page's record and codes from a segment; its terms come with the segment's.
   * @param newer the page's record where that of the row is not the newest
   */
  putPacked(rows: PageRows, row: number, codes: Uint8Array, newer?: PackedPage): PageOrdinal {
    const textBytes = rows.textBytes[row] as number;
    const page = newer ?? { ...rows.numbers(row), textBytes };
    return this.#add(page, this.isWordsOnly ? noise(page.id, codes.length) : codes);
  }

  /** Takes in a record whose text is as it was. */
  change(record: PackedPage): void {
    const ordinal = this.pages.ordinalOf(record.id);
    if (ordinal === undefined) return;
    this.pages.update(ordinal, record);
    this.#note(record);
  }

  remove(id: PageId): void {
    const ordinal = this.pages.ordinalOf(id);
    if (ordinal === undefined) return;
    this.passageCount -= this.pages.row(ordinal).passageCount;
    this.textBytes -= this.textBytesAt(ordinal);
    this.codes.removePage(ordinal);
    this.lexical.removePage(ordinal);
    this.pages.remove(ordinal);
    this.changed.delete(id);
    // Rows of removed pages are passed over by every scan; half of them is enough.
    if (this.codes.rowCount > 2 * this.codes.passageCount + 4_096) this.#isVacuumDue = true;
  }

  /** Lets go of a segment whose pages others have, and of all that was read of it. */
  removeSegment(id: number): void {
    this.segments.delete(id);
    this.recentReads.clear();
  }

  /** Older ones first. */
  segmentsInOrder(): readonly PackedSegment[] {
    return [...this.segments.values()].sort((a, b) => a.order - b.order);
  }

  /** Where the newest packed row of a page is; undefined when its record is in no segment. */
  placeOf(ordinal: PageOrdinal): { readonly segment: number; readonly row: number } | undefined {
    const segment = this.#segmentOf[ordinal] ?? NOWHERE;
    return segment === NOWHERE ? undefined : { segment, row: this.#rowOf[ordinal] as number };
  }

  /** Where a page's terms and codes are packed; null for one of the tail. */
  contentPlaceOf(id: PageId): TokenPlace['place'] {
    const ordinal = this.pages.ordinalOf(id);
    const place = ordinal === undefined ? undefined : this.lexical.placeOf(ordinal);
    if (place === undefined) return null;
    for (const { id: segment, terms } of this.segments.values()) {
      if (terms === place.source) return { segment, row: place.local };
    }
    return null;
  }

  setPlace(ordinal: PageOrdinal, segment: number, row: number): void {
    this.#segmentOf[ordinal] = segment;
    this.#rowOf[ordinal] = row;
  }

  /** Runs a search. A search may keep numbers of rows between its stages, so none moves meanwhile. */
  async reading<T>(search: () => Promise<T>): Promise<T> {
    this.#readers++;
    try {
      return await search();
    } finally {
      this.#readers--;
    }
  }

  /** Idle work is to take out the rows of removed pages, which every scan passes over until then. */
  askForVacuum(): void {
    this.#isVacuumDue = true;
  }

  /** Takes out some rows of removed pages; says whether there are more, and none while a search runs. */
  vacuumStep(): boolean {
    if (!this.#isVacuumDue || this.#readers > 0) return false;
    this.#isVacuumDue = !this.codes.vacuumStep(vacuumedTogether);
    return this.#isVacuumDue;
  }

  #note(record: PackedPage): void {
    this.changed.delete(record.id);
    this.changed.set(record.id, record);
  }

  #packed(ordinal: PageOrdinal): PackedPage | undefined {
    const place = this.placeOf(ordinal);
    return place && this.segments.get(place.segment)?.rows.page(place.row);
  }

  #add(page: PageRow & { readonly textBytes: number }, codes: Uint8Array): PageOrdinal {
    const ordinal = this.pages.add(page);
    if (ordinal >= this.#segmentOf.length) {
      const grown = (former: Int32Array) => {
        const larger = new Int32Array(Math.max(256, 2 * former.length)).fill(NOWHERE);
        larger.set(former);
        return larger;
      };
      this.#segmentOf = grown(this.#segmentOf);
      this.#rowOf = grown(this.#rowOf);
    }
    this.codes.addPage(ordinal, codes);
    this.passageCount += page.passageCount;
    this.textBytes += page.textBytes;
    return ordinal;
  }
}

/** Codes that are about half of all bits away from any other. */
function noise(seed: number, length: number): Uint8Array {
  const next = mulberry32(seed);
  return Uint8Array.from({ length }, () => next() >>> 24);
}
