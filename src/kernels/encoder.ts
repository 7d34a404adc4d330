import type { BitCode, Embedding } from '../core/ids.ts';
import { rotationSigns, rotationSize } from '../core/model/rotation.ts';
import {
  type CodeRecipe,
  codeBits,
  codeBytes,
  type Encoder,
  type TokenIds,
  type TokenTable,
} from '../core/model/types.ts';
import { firstPlace, growTo, instantiateKernels } from './kernels-module.ts';
import { TableMemory } from './table-memory.ts';

/** Pooling, rotation and bit codes in WebAssembly: the reference's operations in its order. */
export class WasmEncoder implements Encoder {
  readonly dims: number;
  readonly #wasm = instantiateKernels();
  readonly #table: TableMemory;
  readonly #size: number;
  readonly #rounds: number;
  // Layout: the signs, the values they turn, the code.
  readonly #values: number;
  readonly #code: number;

  constructor({ table, code }: { readonly table: TokenTable; readonly code: CodeRecipe }) {
    this.dims = table.dims;
    this.#table = TableMemory.of(table);
    this.#size = rotationSize(table.dims);
    this.#rounds = code.rounds;
    const signs = rotationSigns(this.#size, code.rounds, code.seed);
    this.#values = firstPlace + signs.byteLength;
    this.#code = this.#values + this.#size * 4;
    growTo(this.#wasm.memory, this.#code + codeBytes);
    new Float32Array(this.#wasm.memory.buffer, firstPlace, signs.length).set(signs);
  }

  embed(ids: TokenIds): Embedding {
    const { dims } = this;
    const table = this.#table;
    const sums = new Float64Array(table.wasm.memory.buffer, table.sums, table.stride).fill(0);
    table.forSlices(ids, (count) => {
      table.wasm.pool(
        table.ids,
        count,
        table.rows,
        table.scales,
        table.vocabulary,
        table.stride,
        table.sums,
      );
    });
    let squares = 0;
    for (let d = 0; d < dims; d++) squares += (sums[d] as number) * (sums[d] as number);
    const embedding = new Float32Array(dims);
    if (squares === 0) return embedding;
    const factor = 1 / Math.sqrt(squares);
    for (let d = 0; d < dims; d++) embedding[d] = (sums[d] as number) * factor;
    return embedding;
  }

  cosine(unit: Embedding, parts: readonly TokenIds[]): number {
    const table = this.#table;
    const { buffer } = table.wasm.memory;
    new Float32Array(buffer, table.sums, table.stride).fill(0);
    for (const ids of parts) {
      table.forSlices(ids, (count) => {
        table.wasm.poolFloats(
          table.ids,
          count,
          table.rows,
          table.scales,
          table.vocabulary,
          table.stride,
          table.sums,
        );
      });
    }
    new Float32Array(buffer, table.unit, this.dims).set(unit);
    return table.wasm.cosine(table.sums, table.unit, table.stride);
  }

  rotate(embedding: Embedding): Float32Array {
    return this.#rotate(embedding).slice(0, codeBits);
  }

  code(embedding: Embedding): BitCode {
    this.#rotate(embedding);
    this.#wasm.signBits(this.#values, this.#code, codeBytes);
    return new Uint8Array(this.#wasm.memory.buffer, this.#code, codeBytes).slice();
  }

  #rotate(embedding: Embedding): Float32Array {
    const size = this.#size;
    const values = new Float32Array(this.#wasm.memory.buffer, this.#values, size);
    values.fill(0);
    values.set(embedding.length > size ? embedding.subarray(0, size) : embedding);
    this.#wasm.rotate(this.#values, firstPlace, size, this.#rounds, 1 / Math.sqrt(size));
    return values;
  }
}
