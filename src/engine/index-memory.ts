import type { ModelId, PageId, PageKey, PageOrdinal } from '../core/ids.ts';
import { CodeIndex } from '../core/index/code-index.ts';
import { LexicalIndex } from '../core/index/lexical-index.ts';
import { PageTable } from '../core/index/page-table.ts';
import { decodePageTerms } from '../core/index/page-terms.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { entryChecksum } from './checksum.ts';
import type { IndexEntry, PageRecord } from './ports.ts';

/** The index in memory: what answers queries. Changed only after the store has committed. */
export class IndexMemory {
  readonly codes: CodeIndex;
  readonly lexical = new LexicalIndex();
  readonly pages = new PageTable();
  readonly records = new Map<PageId, PageRecord>();
  readonly byKey = new Map<PageKey, PageId>();
  passageCount = 0;
  #readers = 0;
  #isVacuumDue = false;

  /**
   * Whether pages are taken in by their words alone, because the model of their codes is gone. Their
   * codes are noise then, so that meaning tells no page from another: a few true codes among them
   * would stand out for any query, and equal ones would make all pages near-duplicates.
   */
  readonly isWordsOnly: boolean;

  constructor(kernel: ScanKernel, isWordsOnly = false) {
    this.codes = new CodeIndex(kernel);
    this.isWordsOnly = isWordsOnly;
  }

  /**
   * Takes a page in, or takes in its new content.
   * @returns false for an entry that is damaged or of another space: the page must be made again
   */
  put(record: PageRecord, entry: IndexEntry, space: ModelId): boolean {
    const size = record.passageCount * this.codes.codeBytes;
    const codes = this.isWordsOnly
      ? noise(record.id, size)
      : entry.spaces.find((each) => each.space === space)?.codes;
    if (codes?.length !== size || entry.checksum !== entryChecksum(entry)) return false;
    const terms = decodePageTerms(entry.terms);
    this.remove(record.id);
    const ordinal = this.pages.add(record);
    this.codes.addPage(ordinal, codes);
    this.lexical.addPage(ordinal, terms);
    this.records.set(record.id, record);
    this.byKey.set(record.key, record.id);
    this.passageCount += record.passageCount;
    return true;
  }

  /** Takes in a record whose text is as it was. */
  change(record: PageRecord): void {
    const ordinal = this.pages.ordinalOf(record.id);
    if (ordinal === undefined) return;
    this.pages.update(ordinal, record);
    this.records.set(record.id, record);
  }

  remove(id: PageId): void {
    const record = this.records.get(id);
    const ordinal = this.pages.ordinalOf(id);
    if (record === undefined || ordinal === undefined) return;
    this.codes.removePage(ordinal);
    this.lexical.removePage(ordinal);
    this.pages.remove(ordinal);
    this.records.delete(id);
    this.byKey.delete(record.key);
    this.passageCount -= record.passageCount;
    // Rows of removed pages are passed over by every scan; half of them is enough.
    if (this.codes.rowCount > 2 * this.codes.passageCount + 4_096) this.vacuum();
  }

  /** Runs a search. A search may keep numbers of rows between its stages, so none moves meanwhile. */
  async reading<T>(search: () => Promise<T>): Promise<T> {
    this.#readers++;
    try {
      return await search();
    } finally {
      this.#readers--;
      if (this.#readers === 0 && this.#isVacuumDue) this.vacuum();
    }
  }

  /** Takes out the rows of removed pages, now or when the last running search has ended. */
  vacuum(): void {
    this.#isVacuumDue = this.#readers > 0;
    if (!this.#isVacuumDue) this.codes.vacuum();
  }

  recordAt(ordinal: PageOrdinal): PageRecord | undefined {
    const id = this.pages.idOf(ordinal);
    return id === undefined ? undefined : this.records.get(id);
  }
}

/** Codes that are about half of all bits away from any other. */
function noise(seed: number, length: number): Uint8Array {
  const next = mulberry32(seed);
  return Uint8Array.from({ length }, () => next() >>> 24);
}
