import type { TokenIds, TokenTable } from '../core/model/types.ts';
import { firstPlace, growTo, instantiateKernels, type KernelFunctions } from './kernels-module.ts';

/** Tokens of one call. */
const sliceTokens = 4096;
/** Query tokens of one call of `nearest`, and bytes of their cosines with one token. */
const queryTokens = 16;
const cosineBytes = queryTokens * 4;
const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

const memories = new WeakMap<TokenTable, TableMemory>();

/**
 * A model's table in the memory of an instance of its own, with what pooling and late interaction
 * need beside it. It never grows: no call needs more than what is laid out here. One more row, of
 * zeros, stands for ids outside the table.
 */
export class TableMemory {
  readonly wasm: KernelFunctions;
  readonly vocabulary: number;
  /** Bytes of a row: the dims rounded up to 8, filled with zeros. */
  readonly stride: number;
  // Places of: ids of a slice, best cosines, the query's rows in 16 bits, its units, sums, a unit
  // vector, scales, units, stamps, rows, cosines.
  readonly ids = firstPlace;
  readonly best = this.ids + sliceTokens * 4;
  readonly query = this.best + cosineBytes;
  readonly queryUnits: number;
  readonly sums: number;
  readonly unit: number;
  readonly scales: number;
  readonly units: number;
  readonly stamps: number;
  readonly rows: number;
  readonly cosines: number;
  // The memory never grows, so views of it stay valid.
  readonly #slice: Uint32Array;
  readonly #units: Float64Array;
  readonly #queryUnits: Float64Array;
  #epoch = 0;

  /** The memory of a table, made when it is asked for the first time. */
  static of(table: TokenTable): TableMemory {
    const known = memories.get(table) ?? new TableMemory(table);
    memories.set(table, known);
    return known;
  }

  private constructor({ dims, rows, scales, norms }: TokenTable) {
    const vocabulary = scales.length;
    const stride = roundUp(dims, 8);
    this.vocabulary = vocabulary;
    this.stride = stride;
    this.queryUnits = this.query + queryTokens * stride * 2;
    this.sums = this.queryUnits + queryTokens * 8;
    this.unit = this.sums + stride * 8;
    this.scales = this.unit + stride * 4;
    this.units = roundUp(this.scales + (vocabulary + 1) * 4, 16);
    this.stamps = this.units + (vocabulary + 1) * 8;
    this.rows = roundUp(this.stamps + (vocabulary + 1) * 4, 16);
    this.cosines = roundUp(this.rows + (vocabulary + 1) * stride, 64);
    this.wasm = instantiateKernels();
    growTo(this.wasm.memory, this.cosines + (vocabulary + 1) * cosineBytes);
    const { buffer } = this.wasm.memory;
    new Float32Array(buffer, this.scales, vocabulary).set(scales);
    this.#slice = new Uint32Array(buffer, this.ids, sliceTokens);
    this.#units = new Float64Array(buffer, this.units, vocabulary + 1);
    this.#queryUnits = new Float64Array(buffer, this.queryUnits, queryTokens);
    const toRows = new Int8Array(buffer, this.rows, vocabulary * stride);
    for (let id = 0; id < vocabulary; id++) {
      const norm = norms[id] ?? 0;
      // What turns a row of small integers into a unit vector.
      this.#units[id] = norm > 0 ? (scales[id] as number) / norm : 0;
      if (stride !== dims) toRows.set(rows.subarray(id * dims, (id + 1) * dims), id * stride);
    }
    if (stride === dims) toRows.set(rows.subarray(0, vocabulary * dims));
  }

  /** Calls back for each slice of `ids` that lies at the place of ids, with how many it has. */
  forSlices(ids: TokenIds, use: (count: number) => void): void {
    for (let start = 0; start < ids.length; start += sliceTokens) {
      const part = ids.subarray(start, start + sliceTokens);
      this.#slice.set(part);
      use(part.length);
    }
  }

  /**
   * Lays out up to {@link queryTokens} tokens of a query, and calls back with their number and a
   * function that raises the best cosines, 16 floats, by those of a text's tokens.
   */
  forQueries(
    query: TokenIds,
    use: (start: number, count: number, raise: (ids: TokenIds) => void) => void,
  ): void {
    const { wasm, stride } = this;
    for (let start = 0; start < query.length; start += queryTokens) {
      const part = query.subarray(start, start + queryTokens);
      const queries = roundUp(part.length, 4);
      for (let q = 0; q < queries; q++) {
        const id = Math.min(part[q] ?? this.vocabulary, this.vocabulary);
        wasm.widen(this.rows + id * stride, this.query + q * stride * 2, stride);
        this.#queryUnits[q] = this.#units[id] as number;
      }
      const epoch = this.#nextEpoch();
      use(start, part.length, (ids) => {
        this.forSlices(ids, (count) => {
          wasm.nearest(
            this.ids,
            count,
            this.best,
            this.query,
            queries,
            this.queryUnits,
            this.rows,
            stride,
            this.units,
            this.vocabulary,
            this.stamps,
            epoch,
            this.cosines,
          );
        });
      });
    }
  }

  #nextEpoch(): number {
    if (this.#epoch === 0xffffffff) {
      new Uint32Array(this.wasm.memory.buffer, this.stamps, this.vocabulary + 1).fill(0);
      this.#epoch = 0;
    }
    return ++this.#epoch;
  }
}
