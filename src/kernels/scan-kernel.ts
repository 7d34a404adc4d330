import type { BitCode } from '../core/ids.ts';
import { signTables } from '../core/index/reference-scan-kernel.ts';
import type {
  NearRows,
  PageMask,
  PageRows,
  RowRange,
  ScanKernel,
} from '../core/index/scan-kernel.ts';
import {
  bestVariant,
  firstPlace,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
  Places,
} from './kernels-module.ts';

const codeBytes = 64;
const tableBytes = codeBytes * 256 * 4;
/** Rows of one call: what it writes stays small beside the codes. */
const sliceRows = 1 << 16;

// Layout: query (64), byte tables, rows asked for, results of a slice, codes.
const queryPlace = firstPlace;
const tablesPlace = queryPlace + codeBytes;
const rowsPlace = tablesPlace + tableBytes;
const resultsPlace = rowsPlace + sliceRows * 4;
const codesPlace = resultsPlace + sliceRows * 4;

const allBits = codeBytes * 8;
/** Pages that are looked at to guess how far the rows that are wanted lie. */
const samplePages = 1 << 14;
/** A guess aims at so many times the rows wanted, and there is room for so many. */
const aimOfGuess = 1.3;
const roomOfGuess = 3;

/**
 * A distance within which a little more than `limit` accepted rows probably lie, from one row of
 * some pages; all bits where most rows are wanted.
 */
function guessBound(
  distances: Uint16Array,
  { firsts, counts }: PageRows,
  limit: number,
  mask: PageMask | undefined,
): number {
  const step = Math.ceil(counts.length / samplePages);
  const histogram = new Float64Array(allBits + 1);
  let total = 0;
  for (let page = 0; page < counts.length; page += step) {
    const count = counts[page] as number;
    if (count === 0 || (mask !== undefined && mask[page] !== 1)) continue;
    const distance = distances[(firsts[page] as number) + (page % count)] as number;
    histogram[distance] = (histogram[distance] as number) + count;
    total += count;
  }
  const wanted = (aimOfGuess * limit) / step;
  if (wanted * 2 > total) return allBits;
  let bound = 0;
  for (let sum = histogram[0] as number; sum < wanted; sum += histogram[++bound] as number);
  return bound;
}

/** The scan over codes of 64 bytes in WebAssembly, 16 bytes an instruction. */
export class WasmScanKernel implements ScanKernel {
  readonly codeBytes = codeBytes;
  readonly #wasm: KernelFunctions;
  #rows = 0;
  #distances = new Uint16Array(0);
  #scores = new Float32Array(0);

  constructor(variant: KernelVariant = bestVariant()) {
    this.#wasm = instantiateKernels(variant);
    // Codes of no rows are asked for too: of an empty index, whose first page may have no passage.
    growTo(this.#wasm.memory, codesPlace);
  }

  reserve(rows: number): void {
    if (rows <= this.#rows) return;
    // A scan reads whole groups of 8 rows.
    growTo(this.#wasm.memory, codesPlace + (rows + 8) * codeBytes);
    this.#rows = rows;
  }

  codes(): Uint8Array {
    return new Uint8Array(this.#wasm.memory.buffer, codesPlace, this.#rows * codeBytes);
  }

  distances(query: BitCode, from: number, to: number): Uint16Array {
    const { buffer } = this.#wasm.memory;
    const count = to - from;
    if (this.#distances.length < count) this.#distances = new Uint16Array(count);
    new Uint8Array(buffer, queryPlace, codeBytes).set(query);
    for (let start = from; start < to; start += sliceRows) {
      const size = Math.min(sliceRows, to - start);
      this.#wasm.distances(codesPlace + start * codeBytes, queryPlace, resultsPlace, size);
      this.#distances.set(new Uint16Array(buffer, resultsPlace, size), start - from);
    }
    return this.#distances.subarray(0, count);
  }

  near(query: BitCode, pages: PageRows, limit: number, mask?: PageMask): NearRows {
    const count = pages.counts.length;
    // Behind the codes; made anew each time, because they grow over it.
    const places = new Places(codesPlace + (this.#rows + 8) * codeBytes);
    const distances = places.take((this.#rows + 8) * 2);
    const firsts = places.take(count * 4);
    const counts = places.take(count * 4);
    const accepted = mask === undefined ? 0 : places.take(count);
    const nearest = places.take(count * 2);
    growTo(this.#wasm.memory, places.end);
    let { buffer } = this.#wasm.memory;
    new Uint8Array(buffer, queryPlace, codeBytes).set(query);
    new Int32Array(buffer, firsts, count).set(pages.firsts);
    new Int32Array(buffer, counts, count).set(pages.counts);
    if (mask !== undefined) {
      const own = new Uint8Array(buffer, accepted, count);
      own.fill(0);
      own.set(mask.subarray(0, count));
    }
    this.#wasm.distances(codesPlace, queryPlace, distances, pages.end);
    const all = new Uint16Array(buffer, distances, pages.end);
    const guess = guessBound(all, pages, limit, mask);
    const kept = places.end;
    for (const bound of guess < allBits ? [guess, allBits] : [allBits]) {
      const room = bound < allBits ? roomOfGuess * limit : pages.end;
      places.end = kept;
      const rows = places.take(room * 4);
      const found = places.take(room * 2);
      growTo(this.#wasm.memory, places.end);
      buffer = this.#wasm.memory.buffer;
      const size = this.#wasm.select(
        distances,
        firsts,
        counts,
        count,
        accepted,
        bound,
        nearest,
        rows,
        found,
        room,
      );
      if (bound < allBits && size < limit) continue;
      return {
        nearest: new Uint16Array(buffer, nearest, count),
        rows: new Int32Array(buffer, rows, size),
        distances: new Uint16Array(buffer, found, size),
      };
    }
    throw new Error('More rows are near than there are rows.'); // not reached
  }

  signScores(rotatedQuery: Float32Array, rows: Int32Array): Float32Array {
    const { buffer } = this.#wasm.memory;
    if (this.#scores.length < rows.length) this.#scores = new Float32Array(rows.length);
    new Float32Array(buffer, tablesPlace, tableBytes / 4).set(signTables(rotatedQuery));
    for (let start = 0; start < rows.length; start += sliceRows) {
      const part = rows.subarray(start, start + sliceRows);
      new Int32Array(buffer, rowsPlace, part.length).set(part);
      this.#wasm.signScores(codesPlace, tablesPlace, rowsPlace, resultsPlace, part.length);
      this.#scores.set(new Float32Array(buffer, resultsPlace, part.length), start);
    }
    return this.#scores.subarray(0, rows.length);
  }

  countAlike(rows: RowRange, others: RowRange, bits: number, needed: number): number {
    const place = ({ first }: RowRange) => codesPlace + first * codeBytes;
    const { countAlike } = this.#wasm;
    return countAlike(place(rows), rows.count, place(others), others.count, bits, needed);
  }

  /** Reads the first `rows` codes without comparing them, for benchmarks. */
  readOnly(rows: number): number {
    return this.#wasm.readOnly(codesPlace, rows);
  }
}
