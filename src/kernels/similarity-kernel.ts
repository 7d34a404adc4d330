import type { TokenTable } from '../core/model/types.ts';
import type { SimilarityKernel } from '../core/search/similarity-kernel.ts';
import { firstPlace, growTo, instantiateKernels } from './kernels-module.ts';

/** Tokens of one call: their rows are copied into the kernel's memory. */
const sliceTokens = 512;
const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** Cosines of tokens in WebAssembly: exact integer dot products, 8 dimensions an instruction. */
export class WasmSimilarityKernel implements SimilarityKernel {
  readonly #wasm = instantiateKernels();
  readonly #table: TokenTable;
  readonly #stride: number;
  #cosines = new Float32Array(0);

  constructor(table: TokenTable) {
    this.#table = table;
    this.#stride = roundUp(table.dims, 8);
  }

  cosines(query: Uint32Array, tokens: Uint32Array): Float32Array {
    const stride = this.#stride;
    const size = query.length * tokens.length;
    if (this.#cosines.length < size) this.#cosines = new Float32Array(size);
    const cosines = this.#cosines;
    // Layout: rows of bytes, the query's rows in 16 bits, results.
    const queries = roundUp(query.length, 4);
    const queryPlace = firstPlace + roundUp(Math.max(sliceTokens, queries) * stride, 16);
    const resultsPlace = queryPlace + queries * stride * 2;
    const { memory } = this.#wasm;
    growTo(memory, resultsPlace + queries * sliceTokens * 4);
    const rows = new Int8Array(memory.buffer, firstPlace, Math.max(sliceTokens, queries) * stride);
    rows.fill(0, 0, queries * stride);
    this.#gather(query, rows);
    this.#wasm.widen(firstPlace, queryPlace, queries * stride);
    const queryUnits = Float64Array.from(query, (id) => this.#unit(id));
    for (let start = 0; start < tokens.length; start += sliceTokens) {
      const part = tokens.subarray(start, start + sliceTokens);
      const count = part.length;
      this.#gather(part, rows);
      this.#wasm.dots(queryPlace, queries, firstPlace, count, stride, resultsPlace);
      const dots = new Int32Array(memory.buffer, resultsPlace, queries * count);
      for (let t = 0; t < count; t++) {
        const unit = this.#unit(part[t] as number);
        for (let q = 0; q < query.length; q++) {
          cosines[q * tokens.length + start + t] =
            (dots[q * count + t] as number) * unit * (queryUnits[q] as number);
        }
      }
    }
    return cosines.subarray(0, size);
  }

  /** Copies the rows of `ids` one after another, each filled up with zeros to the stride. */
  #gather(ids: Uint32Array, to: Int8Array): void {
    const { dims, rows } = this.#table;
    const stride = this.#stride;
    for (let i = 0; i < ids.length; i++) {
      const place = (ids[i] as number) * dims;
      const row = rows.subarray(place, place + dims);
      to.set(row, i * stride);
      if (row.length < stride) to.fill(0, i * stride + row.length, (i + 1) * stride);
    }
  }

  /** What turns a row of small integers into a unit vector. */
  #unit(id: number): number {
    const norm = this.#table.norms[id] ?? 0;
    return norm > 0 ? (this.#table.scales[id] as number) / norm : 0;
  }
}
