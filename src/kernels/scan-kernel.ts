import type { BitCode } from '../core/ids.ts';
import { signTables } from '../core/index/reference-scan-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { firstPlace, growTo, instantiateKernels } from './kernels-module.ts';

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

/** The scan over codes of 64 bytes in WebAssembly, 16 bytes an instruction. */
export class WasmScanKernel implements ScanKernel {
  readonly codeBytes = codeBytes;
  readonly #wasm = instantiateKernels();
  #rows = 0;
  #distances = new Uint16Array(0);
  #scores = new Float32Array(0);

  constructor() {
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

  /** Reads the first `rows` codes without comparing them, for benchmarks. */
  readOnly(rows: number): number {
    return this.#wasm.readOnly(codesPlace, rows);
  }
}
