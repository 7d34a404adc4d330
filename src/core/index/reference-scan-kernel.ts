import type { BitCode } from '../ids.ts';
import {
  type NearRows,
  NO_DISTANCE,
  type PageMask,
  type PageRows,
  type RowRange,
  type ScanKernel,
} from './scan-kernel.ts';

/** Number of set bits of a 32-bit integer, by adding neighbouring fields (Hacker's Delight, 5-1). */
export function popcount32(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  v = (v + (v >>> 4)) & 0x0f0f0f0f;
  return Math.imul(v, 0x01010101) >>> 24;
}

/**
 * Look-up tables of a float query against sign bits: entry `b × 256 + v` is what the byte value `v`
 * at place `b` of a code contributes, Σ ±q over its eight components.
 */
export function signTables(rotatedQuery: Float32Array): Float32Array {
  const places = rotatedQuery.length >> 3;
  const tables = new Float32Array(places * 256);
  for (let place = 0; place < places; place++) {
    const table = tables.subarray(place * 256, place * 256 + 256);
    let allNegative = 0;
    for (let bit = 0; bit < 8; bit++) allNegative -= rotatedQuery[place * 8 + bit] as number;
    table[0] = allNegative;
    for (let value = 1; value < 256; value++) {
      // The value without its lowest set bit is known already; setting the bit turns −q into +q.
      const lowest = 31 - Math.clz32(value & -value);
      const rest = table[value & (value - 1)] as number;
      table[value] = rest + 2 * (rotatedQuery[place * 8 + lowest] as number);
    }
  }
  return tables;
}

/** The kernel in plain TypeScript: the reference that each faster one must equal. */
export class ReferenceScanKernel implements ScanKernel {
  readonly codeBytes: number;
  #codes: Uint8Array;
  #words: Uint32Array;
  #distances = new Uint16Array(0);
  #scores = new Float32Array(0);

  constructor(codeBytes = 64) {
    this.codeBytes = codeBytes;
    this.#codes = new Uint8Array(0);
    this.#words = new Uint32Array(0);
  }

  reserve(rows: number): void {
    const bytes = rows * this.codeBytes;
    if (bytes <= this.#codes.length) return;
    const codes = new Uint8Array(bytes);
    codes.set(this.#codes);
    this.#codes = codes;
    this.#words = new Uint32Array(codes.buffer);
  }

  codes(): Uint8Array {
    return this.#codes;
  }

  distances(query: BitCode, from: number, to: number): Uint16Array {
    const words = this.#words;
    const size = this.codeBytes >> 2;
    const wanted = new Uint32Array(query.slice().buffer);
    const count = to - from;
    if (this.#distances.length < count) this.#distances = new Uint16Array(count);
    const distances = this.#distances;
    for (let row = from; row < to; row++) {
      let distance = 0;
      const start = row * size;
      for (let w = 0; w < size; w++) {
        distance += popcount32((words[start + w] as number) ^ (wanted[w] as number));
      }
      distances[row - from] = distance;
    }
    return distances.subarray(0, count);
  }

  near(query: BitCode, pages: PageRows, _limit: number, mask?: PageMask): NearRows {
    const { firsts, counts } = pages;
    const all = this.distances(query, 0, pages.end);
    const nearest = new Uint16Array(counts.length).fill(NO_DISTANCE);
    const rows = new Int32Array(pages.end);
    const found = new Uint16Array(pages.end);
    let size = 0;
    for (let page = 0; page < counts.length; page++) {
      const first = firsts[page] as number;
      const isAccepted = mask === undefined || mask[page] === 1;
      let least = NO_DISTANCE;
      for (let row = first; row < first + (counts[page] as number); row++) {
        const distance = all[row] as number;
        if (distance < least) least = distance;
        if (!isAccepted) continue;
        rows[size] = row;
        found[size++] = distance;
      }
      nearest[page] = least;
    }
    return { nearest, rows: rows.subarray(0, size), distances: found.subarray(0, size) };
  }

  signScores(rotatedQuery: Float32Array, rows: Int32Array): Float32Array {
    const { codeBytes } = this;
    const codes = this.#codes;
    const tables = signTables(rotatedQuery);
    if (this.#scores.length < rows.length) this.#scores = new Float32Array(rows.length);
    const scores = this.#scores;
    for (let i = 0; i < rows.length; i++) {
      const start = (rows[i] as number) * codeBytes;
      let score = 0;
      for (let place = 0; place < codeBytes; place++) {
        score += tables[place * 256 + (codes[start + place] as number)] as number;
      }
      scores[i] = score;
    }
    return scores.subarray(0, rows.length);
  }

  countAlike(rows: RowRange, others: RowRange, bits: number, needed: number): number {
    let alike = 0;
    for (let i = 0; i < rows.count; i++) {
      if (alike + rows.count - i < needed) break;
      for (let j = 0; j < others.count; j++) {
        if (!this.#isAlike(rows.first + i, others.first + j, bits)) continue;
        alike++;
        break;
      }
    }
    return alike;
  }

  /** Most pairs differ in more bits after a few words already. */
  #isAlike(row: number, other: number, bits: number): boolean {
    const words = this.#words;
    const size = this.codeBytes >> 2;
    let distance = 0;
    for (let w = 0; w < size; w++) {
      distance += popcount32(
        (words[row * size + w] as number) ^ (words[other * size + w] as number),
      );
      if (distance > bits) return false;
    }
    return true;
  }
}
