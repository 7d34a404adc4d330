import type { BitCode } from '../ids.ts';

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
   * Asymmetric scores: the float query (rotated, 8 × `codeBytes` components) against the signs of
   * each of `rows`: Σ ±q_i. The view is valid until the next call.
   */
  signScores(rotatedQuery: Float32Array, rows: Int32Array): Float32Array;
}
