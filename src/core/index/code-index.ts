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
  #owners = new Int32Array(0);
  #rowCount = 0;
  #liveCount = 0;
  /** A vacuum under way has moved the live rows below the former to below the latter. */
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
    this.#owners.fill(page, first, first + count);
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
    this.#owners.fill(NOBODY, first, first + count);
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
   * Moves live rows together over those of removed pages, some at a time: looks at `rows` of them, and
   * goes on from there the next time. Between two steps every page is found where it is.
   * @returns whether it came to the end, so that what is behind the last live row is free
   */
  vacuumStep(rows: number): boolean {
    const { codeBytes } = this;
    const codes = this.#kernel.codes();
    const end = Math.min(this.#rowCount, this.#vacuumedFrom + rows);
    let from = this.#vacuumedFrom;
    let to = this.#vacuumedTo;
    while (from < end) {
      const owner = this.#owners[from] ?? NOBODY;
      if (owner === NOBODY) {
        from++;
        continue;
      }
      // A page's rows follow each other.
      const next = from + (this.#counts[owner] ?? 0);
      if (to < from) {
        codes.copyWithin(to * codeBytes, from * codeBytes, next * codeBytes);
        this.#owners.copyWithin(to, from, next);
        this.#firstRows[owner] = to;
        const left = Math.max(from, to + next - from);
        codes.fill(0, left * codeBytes, next * codeBytes);
        this.#owners.fill(NOBODY, left, next);
      }
      to += next - from;
      from = next;
    }
    const isDone = from >= this.#rowCount;
    if (isDone) this.#rowCount = to;
    this.#vacuumedFrom = isDone ? 0 : from;
    this.#vacuumedTo = isDone ? 0 : to;
    return isDone;
  }

  /** The page that a row belongs to; −1 for a row of a removed page. */
  pageOf(row: number): PageOrdinal {
    return (this.#owners[row] ?? NOBODY) as PageOrdinal;
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

  #reserve(rows: number): void {
    if (rows <= this.#owners.length) return;
    const capacity = Math.max(rows, Math.ceil(this.#owners.length * growth), 1024);
    this.#kernel.reserve(capacity);
    const owners = new Int32Array(capacity);
    owners.set(this.#owners);
    this.#owners = owners;
  }

  #reservePages(pages: number): void {
    if (pages <= this.#counts.length) return;
    const capacity = Math.max(pages, Math.ceil(this.#counts.length * 1.5), 256);
    const firstRows = new Int32Array(capacity);
    firstRows.set(this.#firstRows);
    this.#firstRows = firstRows;
    const counts = new Int32Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
  }
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
