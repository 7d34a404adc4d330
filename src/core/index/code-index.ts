import { AppError } from '../errors.ts';
import type { BitCode, PageOrdinal } from '../ids.ts';
import type { NearRows, PageMask, ScanKernel } from './scan-kernel.ts';

/** What a coarse scan found. */
export interface CodeScan {
  /** Rows of the nearest accepted passages, nearest first; equal distances in the order of pages. */
  readonly rows: Int32Array;
  /** Hamming distance in bits of each of `rows`. */
  readonly distances: Uint16Array;
  /**
   * The distance of each page's nearest passage by page ordinal, {@link NO_DISTANCE} for one that
   * is not here. All pages, accepted or not: the background that scores are calibrated against.
   */
  readonly nearest: Uint16Array;
}

/** Codes are most of an engine's memory, and a memory of WebAssembly grows without being copied. */
const growth = 1.125;

/** Marks the row of a removed page. */
const NOBODY = -1;

/**
 * Every passage's bit code in one growable array, with the page it belongs to. Removing a page
 * only marks its rows; {@link CodeIndex.vacuumStep} takes them out.
 */
export class CodeIndex {
  readonly #kernel: ScanKernel;
  /** Rows that there is room for. */
  #capacity = 0;
  #rowCount = 0;
  #liveCount = 0;
  // Runs of rows that follow each other: the page of each, and its first row, which ascend. A page has
  // some dozen rows, so this is a tenth of what an owner for each row would take.
  #runPages = new Int32Array(0);
  #runFirsts = new Int32Array(0);
  #runCount = 0;
  /** A vacuum under way has moved the live runs below the former to below the latter. */
  #vacuumedFrom = 0;
  #vacuumedTo = 0;
  /** First row and number of rows by page ordinal; 0 rows for a page that is not here. */
  #firstRows = new Int32Array(0);
  #counts = new Int32Array(0);

  constructor(kernel: ScanKernel) {
    this.#kernel = kernel;
  }

  get codeBytes(): number {
    return this.#kernel.codeBytes;
  }

  /** Rows in memory, those of removed pages included. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Passages that can be found. */
  get passageCount(): number {
    return this.#liveCount;
  }

  /** Bytes of codes in memory, those of removed pages included. */
  get sizeBytes(): number {
    return this.#rowCount * this.codeBytes;
  }

  /**
   * Adds a page's codes, one passage after the other. A page that is here already is replaced.
   * @throws AppError `bad-request` when the length is not a whole number of codes
   */
  addPage(page: PageOrdinal, codes: Uint8Array): void {
    const { codeBytes } = this;
    const count = codes.length / codeBytes;
    if (!Number.isInteger(count)) {
      throw new AppError(
        'bad-request',
        `Codes of page ${page} are ${codes.length} bytes; a multiple of ${codeBytes} is needed.`,
        { details: { page, bytes: codes.length } },
      );
    }
    this.removePage(page);
    const first = this.#rowCount;
    this.#reserve(first + count);
    this.#kernel.codes().set(codes, first * codeBytes);
    if (count > 0) this.#addRun(page, first);
    this.#reservePages(page + 1);
    this.#firstRows[page] = first;
    this.#counts[page] = count;
    this.#rowCount += count;
    this.#liveCount += count;
  }

  /** Grows once for what is about to be added. */
  reserve(rows: number): void {
    this.#reserve(rows);
  }

  /** Takes a page out of every later scan; says whether it was here. */
  removePage(page: PageOrdinal): boolean {
    const count = this.#counts[page] ?? 0;
    if (count === 0) return false;
    const first = this.#firstRows[page] ?? 0;
    this.#runPages[this.#runOf(first)] = NOBODY;
    this.#kernel.codes().fill(0, first * this.codeBytes, (first + count) * this.codeBytes);
    this.#counts[page] = 0;
    this.#liveCount -= count;
    return true;
  }

  /** A copy of a page's codes; empty when it is not here. */
  codesOf(page: PageOrdinal): Uint8Array {
    const first = this.#firstRows[page] ?? 0;
    const count = this.#counts[page] ?? 0;
    return this.#kernel.codes().slice(first * this.codeBytes, (first + count) * this.codeBytes);
  }

  /** Copies a page's codes to a place in `into`; says how many bytes they are. */
  copyCodes(page: PageOrdinal, into: Uint8Array, at: number): number {
    const first = (this.#firstRows[page] ?? 0) * this.codeBytes;
    const size = (this.#counts[page] ?? 0) * this.codeBytes;
    into.set(this.#kernel.codes().subarray(first, first + size), at);
    return size;
  }

  /**
   * Moves live rows together over those of removed pages, some at a time: looks at `rows` of them or a
   * few more, and goes on from there the next time. Between two steps every page is found where it is.
   * @returns whether it came to the end, so that what is behind the last live row is free
   */
  vacuumStep(rows: number): boolean {
    const { codeBytes } = this;
    const codes = this.#kernel.codes();
    let from = this.#vacuumedFrom;
    let to = this.#vacuumedTo;
    let toRow = this.#firstOfRun(to);
    const end = this.#firstOfRun(from) + rows;
    for (; from < this.#runCount && this.#firstOfRun(from) < end; from++) {
      const owner = this.#runPages[from] as number;
      if (owner === NOBODY) continue;
      const first = this.#firstOfRun(from);
      const next = first + (this.#counts[owner] ?? 0);
      if (toRow < first) {
        codes.copyWithin(toRow * codeBytes, first * codeBytes, next * codeBytes);
        const left = Math.max(first, toRow + next - first);
        codes.fill(0, left * codeBytes, next * codeBytes);
        this.#firstRows[owner] = toRow;
      }
      this.#runPages[to] = owner;
      this.#runFirsts[to] = toRow;
      to++;
      toRow += next - first;
    }
    // Of nobody, and in the order of rows, until the next step.
    this.#runPages.fill(NOBODY, to, from);
    this.#runFirsts.fill(toRow, to, from);
    const isDone = from >= this.#runCount;
    if (isDone) {
      this.#runCount = to;
      this.#rowCount = toRow;
    }
    this.#vacuumedFrom = isDone ? 0 : from;
    this.#vacuumedTo = isDone ? 0 : to;
    return isDone;
  }

  /** The page that a row belongs to; −1 for a row of a removed page. */
  pageOf(row: number): PageOrdinal {
    const isHere = row < this.#rowCount && this.#runCount > 0;
    return (isHere ? this.#runPages[this.#runOf(row)] : NOBODY) as PageOrdinal;
  }

  /** A row's 0-based passage index within its page. */
  passageOf(row: number): number {
    return row - (this.#firstRows[this.pageOf(row)] ?? 0);
  }

  /** The rows of a page's passages, in their order; empty when it is not here. */
  rowsOf(page: PageOrdinal): Int32Array {
    const first = this.#firstRows[page] ?? 0;
    const rows = new Int32Array(this.#counts[page] ?? 0);
    for (let index = 0; index < rows.length; index++) rows[index] = first + index;
    return rows;
  }

  /** How many passages a page has; 0 when it is not here. */
  passagesOf(page: PageOrdinal): number {
    return this.#counts[page] ?? 0;
  }

  /**
   * How many of a page's first passages have nearly the same code as one of another page's; any number
   * below `needed` when it is less.
   */
  countAlike(
    page: PageOrdinal,
    other: PageOrdinal,
    { passages, bits, needed }: { passages: number; bits: number; needed: number },
  ): number {
    const range = (one: PageOrdinal) => ({
      first: this.#firstRows[one] ?? 0,
      count: Math.min(passages, this.passagesOf(one)),
    });
    return this.#kernel.countAlike(range(page), range(other), bits, needed);
  }

  /** Compares the query with every passage and gives the `limit` nearest accepted ones. */
  scan(query: BitCode, limit: number, mask?: PageMask): CodeScan {
    const { codeBytes } = this;
    if (query.length !== codeBytes) {
      throw new AppError(
        'bad-request',
        `A query code of ${query.length} bytes cannot be compared with codes of ${codeBytes}.`,
      );
    }
    const pages = { firsts: this.#firstRows, counts: this.#counts, end: this.#rowCount };
    const near = this.#kernel.near(query, pages, limit, mask);
    return { ...nearestFirst(near, limit, codeBytes * 8), nearest: near.nearest.slice() };
  }

  /** Asymmetric scores of candidates: the rotated float query against each code's signs. */
  signScores(rotatedQuery: Float32Array, rows: Int32Array): Float32Array {
    return this.#kernel.signScores(rotatedQuery, rows);
  }

  /** The last run that begins at or before a row. */
  #runOf(row: number): number {
    let low = 0;
    let high = this.#runCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#runFirsts[middle] as number) > row) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /** Where a run begins; behind the last one, where all rows end. */
  #firstOfRun(run: number): number {
    return run < this.#runCount ? (this.#runFirsts[run] as number) : this.#rowCount;
  }

  #addRun(page: PageOrdinal, first: number): void {
    const run = this.#runCount++;
    this.#runPages = grown(this.#runPages, run + 1);
    this.#runFirsts = grown(this.#runFirsts, run + 1);
    this.#runPages[run] = page;
    this.#runFirsts[run] = first;
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = Math.max(rows, Math.ceil(this.#capacity * growth), 1024);
    this.#kernel.reserve(this.#capacity);
  }

  #reservePages(pages: number): void {
    this.#firstRows = grown(this.#firstRows, pages);
    this.#counts = grown(this.#counts, pages);
  }
}

/** A list with room for so many; with some to spare where it had to grow. */
function grown(list: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  if (size <= list.length) return list;
  const larger = new Int32Array(Math.max(size, Math.ceil(list.length * 1.5), 256));
  larger.set(list);
  return larger;
}

/** The `limit` nearest rows, by counting sort: the histogram says where each distance's run begins. */
function nearestFirst(
  { rows, distances }: Pick<NearRows, 'rows' | 'distances'>,
  limit: number,
  bits: number,
): Pick<CodeScan, 'rows' | 'distances'> {
  const histogram = new Uint32Array(bits + 1);
  for (let i = 0; i < rows.length; i++) {
    const distance = distances[i] as number;
    histogram[distance] = (histogram[distance] as number) + 1;
  }
  const starts = new Uint32Array(histogram.length);
  let total = 0;
  let last = -1;
  for (let distance = 0; distance < histogram.length && total < limit; distance++) {
    starts[distance] = total;
    total += histogram[distance] as number;
    last = distance;
  }
  const sorted = new Int32Array(total);
  const found = new Uint16Array(total);
  for (let i = 0; i < rows.length; i++) {
    const distance = distances[i] as number;
    if (distance > last) continue;
    const place = starts[distance] as number;
    starts[distance] = place + 1;
    sorted[place] = rows[i] as number;
    found[place] = distance;
  }
  return { rows: sorted.subarray(0, limit), distances: found.subarray(0, limit) };
}
