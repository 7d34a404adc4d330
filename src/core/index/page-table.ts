import { AppError } from '../errors.ts';
import type { PageId, PageOrdinal, Timestamp } from '../ids.ts';
import { type PageType, pageTypes } from '../page/types.ts';

/** What the index keeps of a page in memory: enough for filters, priors and lists of ids. */
export interface PageRow {
  readonly id: PageId;
  /** Host name without `www.`. */
  readonly site: string;
  /** BCP 47; `und` when unknown. */
  readonly lang: string;
  readonly type: PageType;
  readonly firstReadAt: Timestamp;
  readonly lastReadAt: Timestamp;
  readonly readCount: number;
  readonly wordCount: number;
  readonly passageCount: number;
  readonly isPinned: boolean;
}

/** Strings kept once, by a small number. */
class Interner {
  readonly #values: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#values.length;
    this.#values.push(value);
    this.#numbers.set(value, number);
    return number;
  }

  valueOf(number: number): string {
    return this.#values[number] ?? '';
  }

  get values(): readonly string[] {
    return this.#values;
  }
}

/** A removed page's place stays empty until the table is rebuilt. */
const FREE = -1;

/**
 * The pages of the index, a column a field, by page ordinal. Ordinals are given in the order of
 * {@link PageTable.add} and are not used again while the table lives.
 */
export class PageTable {
  readonly #sites = new Interner();
  readonly #langs = new Interner();
  readonly #ordinals = new Map<PageId, PageOrdinal>();
  #length = 0;
  #ids = new Float64Array(256);
  #siteOf = new Uint32Array(256);
  #langOf = new Uint16Array(256);
  #typeOf = new Uint8Array(256);
  #firstReadAt = new Float64Array(256);
  #lastReadAt = new Float64Array(256);
  #readCount = new Uint32Array(256);
  #wordCount = new Uint32Array(256);
  #passageCount = new Uint32Array(256);
  #isPinned = new Uint8Array(256);

  /** One more than the highest ordinal given so far. */
  get length(): number {
    return this.#length;
  }

  /** Pages that are here. */
  get pageCount(): number {
    return this.#ordinals.size;
  }

  /** @throws AppError `internal` when a page of this id is here already */
  add(row: PageRow): PageOrdinal {
    if (this.#ordinals.has(row.id)) {
      throw new AppError('internal', `Page ${row.id} is in the page table already.`);
    }
    if (this.#length === this.#ids.length) this.#grow();
    const ordinal = this.#length as PageOrdinal;
    this.#length++;
    this.#ordinals.set(row.id, ordinal);
    this.#write(ordinal, row);
    return ordinal;
  }

  /** Replaces a page's row. @throws AppError `internal` when the page is not here */
  update(ordinal: PageOrdinal, row: PageRow): void {
    if (this.idOf(ordinal) !== row.id) {
      throw new AppError('internal', `Ordinal ${ordinal} is not page ${row.id}.`);
    }
    this.#write(ordinal, row);
  }

  /** Says whether it was here. */
  remove(ordinal: PageOrdinal): boolean {
    const id = this.idOf(ordinal);
    if (id === undefined) return false;
    this.#ordinals.delete(id);
    this.#ids[ordinal] = FREE;
    return true;
  }

  ordinalOf(id: PageId): PageOrdinal | undefined {
    return this.#ordinals.get(id);
  }

  /** `undefined` for a removed page. */
  idOf(ordinal: PageOrdinal): PageId | undefined {
    const id = ordinal < this.#length ? this.#ids[ordinal] : undefined;
    return id === undefined || id === FREE ? undefined : (id as PageId);
  }

  has(ordinal: PageOrdinal): boolean {
    return this.idOf(ordinal) !== undefined;
  }

  /** @throws AppError `internal` when the page is not here */
  row(ordinal: PageOrdinal): PageRow {
    const id = this.idOf(ordinal);
    if (id === undefined) throw new AppError('internal', `No page has the ordinal ${ordinal}.`);
    return {
      id,
      site: this.#sites.valueOf(this.#siteOf[ordinal] as number),
      lang: this.#langs.valueOf(this.#langOf[ordinal] as number),
      type: pageTypes[this.#typeOf[ordinal] as number] ?? 'other',
      firstReadAt: this.#firstReadAt[ordinal] as number,
      lastReadAt: this.#lastReadAt[ordinal] as number,
      readCount: this.#readCount[ordinal] as number,
      wordCount: this.#wordCount[ordinal] as number,
      passageCount: this.#passageCount[ordinal] as number,
      isPinned: this.#isPinned[ordinal] === 1,
    };
  }

  langOf(ordinal: PageOrdinal): string {
    return this.#langs.valueOf(this.#langOf[ordinal] ?? 0);
  }

  /** All languages that pages are in, by {@link PageTable.langNumberOf}. */
  get langs(): readonly string[] {
    return this.#langs.values;
  }

  /** All sites, by {@link PageTable.siteNumberOf}. */
  get sites(): readonly string[] {
    return this.#sites.values;
  }

  siteNumberOf(ordinal: PageOrdinal): number {
    return this.#siteOf[ordinal] ?? 0;
  }

  langNumberOf(ordinal: PageOrdinal): number {
    return this.#langOf[ordinal] ?? 0;
  }

  lastReadAt(ordinal: PageOrdinal): Timestamp {
    return this.#lastReadAt[ordinal] ?? 0;
  }

  /** The ordinals of the pages that are here, in ascending order. */
  *ordinals(): IterableIterator<PageOrdinal> {
    for (let ordinal = 0; ordinal < this.#length; ordinal++) {
      if (this.#ids[ordinal] !== FREE) yield ordinal as PageOrdinal;
    }
  }

  #write(ordinal: PageOrdinal, row: PageRow): void {
    this.#ids[ordinal] = row.id;
    this.#siteOf[ordinal] = this.#sites.numberOf(row.site);
    this.#langOf[ordinal] = this.#langs.numberOf(row.lang);
    this.#typeOf[ordinal] = pageTypes.indexOf(row.type);
    this.#firstReadAt[ordinal] = row.firstReadAt;
    this.#lastReadAt[ordinal] = row.lastReadAt;
    this.#readCount[ordinal] = row.readCount;
    this.#wordCount[ordinal] = row.wordCount;
    this.#passageCount[ordinal] = row.passageCount;
    this.#isPinned[ordinal] = row.isPinned ? 1 : 0;
  }

  #grow(): void {
    const capacity = this.#length * 2;
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#ids = grown(new Float64Array(capacity), this.#ids);
    this.#siteOf = grown(new Uint32Array(capacity), this.#siteOf);
    this.#langOf = grown(new Uint16Array(capacity), this.#langOf);
    this.#typeOf = grown(new Uint8Array(capacity), this.#typeOf);
    this.#firstReadAt = grown(new Float64Array(capacity), this.#firstReadAt);
    this.#lastReadAt = grown(new Float64Array(capacity), this.#lastReadAt);
    this.#readCount = grown(new Uint32Array(capacity), this.#readCount);
    this.#wordCount = grown(new Uint32Array(capacity), this.#wordCount);
    this.#passageCount = grown(new Uint32Array(capacity), this.#passageCount);
    this.#isPinned = grown(new Uint8Array(capacity), this.#isPinned);
  }
}
