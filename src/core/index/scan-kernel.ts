import type { BitCode } from '../ids.ts';

/** 1 for each page ordinal that may be found. Shorter than the pages: the rest may not. */
export type PageMask = Uint8Array;

/** Where the rows of each page are, by page ordinal: the first one and how many; 0 for none. */
export interface PageRows {
  readonly firsts: Int32Array;
  readonly counts: Int32Array;
  /** All of them lie before this row. */
  readonly end: number;
}

/** Rows that follow each other. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** Rows near a query, before they are put in order. Views, valid until the next call. */
export interface NearRows {
  /** The least distance of each page, {@link NO_DISTANCE} for one without rows. */
  readonly nearest: Uint16Array;
  /** Rows of accepted pages with their distances, page after page. */
  readonly rows: Int32Array;
  readonly distances: Uint16Array;
}

/** Stands for the distance of a page without codes. */
export const NO_DISTANCE = 65_535;

/**
 * The hot loops over bit codes and the memory the codes live in. The kernel owns the memory, so
 * that a WebAssembly one can keep the codes where its instructions reach them.
 *
 * Rows are `codeBytes` long, one after the other, in the order they were written.
 */
export interface ScanKernel {
  /** Bytes of one code; a multiple of 8. */
  readonly codeBytes: number;
  /** Makes room for at least `rows` codes and keeps those written. Views fetched before are stale. */
  reserve(rows: number): void;
  /** The code memory, at least as long as was reserved. Fetch it anew after each `reserve`. */
  codes(): Uint8Array;
  /**
   * Hamming distances of `query` to the rows `from` to `to` (exclusive); element i belongs to row
   * `from + i`. The view is valid until the next call.
   */
  distances(query: BitCode, from: number, to: number): Uint16Array;
  /**
   * The least distance of every page, and rows of accepted pages: at least the `limit` nearest with
   * all that are as near as the farthest of them, or all rows where they are fewer.
   */
  near(query: BitCode, pages: PageRows, limit: number, mask?: PageMask): NearRows;
  /**
   * Asymmetric scores: the float query (rotated, 8 × `codeBytes` components) against the signs of
   * each of `rows`: Σ ±q_i. The view is valid until the next call.
   */
  signScores(rotatedQuery: Float32Array, rows: Int32Array): Float32Array;
  /**
   * How many of some rows have one among others that differs in `bits` bits at most. May stop early,
   * with any number below `needed`, once so many cannot be reached.
   */
  countAlike(rows: RowRange, others: RowRange, bits: number, needed: number): number;
}
