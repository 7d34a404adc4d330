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

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** Pooling, rotation and bit codes in WebAssembly: the reference's operations in its order. */
export class WasmEncoder implements Encoder {
  readonly dims: number;
  readonly #wasm = instantiateKernels();
  readonly #table: TokenTable;
  readonly #stride: number;
  readonly #size: number;
  readonly #rounds: number;
  // Layout: the signs, the values they turn, the code, the sums, scales and rows of one text.
  readonly #values: number;
  readonly #code: number;
  readonly #sums: number;
  readonly #scales: number;

  constructor({ table, code }: { readonly table: TokenTable; readonly code: CodeRecipe }) {
    this.dims = table.dims;
    this.#table = table;
    this.#stride = roundUp(table.dims, 8);
    this.#size = rotationSize(table.dims);
    this.#rounds = code.rounds;
    const signs = rotationSigns(this.#size, code.rounds, code.seed);
    this.#values = firstPlace + signs.byteLength;
    this.#code = this.#values + this.#size * 4;
    this.#sums = this.#code + codeBytes;
    this.#scales = this.#sums + this.#stride * 8;
    growTo(this.#wasm.memory, this.#scales);
    new Float32Array(this.#wasm.memory.buffer, firstPlace, signs.length).set(signs);
  }

  embed(ids: TokenIds): Embedding {
    const { dims, rows, scales } = this.#table;
    const stride = this.#stride;
    const { memory } = this.#wasm;
    const rowsPlace = roundUp(this.#scales + ids.length * 4, 16);
    growTo(memory, rowsPlace + ids.length * stride);
    const toScales = new Float32Array(memory.buffer, this.#scales, ids.length);
    const toRows = new Int8Array(memory.buffer, rowsPlace, ids.length * stride);
    let count = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      const scale = scales[id];
      if (scale === undefined) continue;
      toScales[count] = scale;
      toRows.set(rows.subarray(id * dims, (id + 1) * dims), count * stride);
      if (dims < stride) toRows.fill(0, count * stride + dims, (count + 1) * stride);
      count++;
    }
    this.#wasm.pool(rowsPlace, this.#scales, count, stride, this.#sums);
    const sums = new Float64Array(memory.buffer, this.#sums, dims);
    let squares = 0;
    for (let d = 0; d < dims; d++) squares += (sums[d] as number) ** 2;
    const embedding = new Float32Array(dims);
    if (squares === 0) return embedding;
    const factor = 1 / Math.sqrt(squares);
    for (let d = 0; d < dims; d++) embedding[d] = (sums[d] as number) * factor;
    return embedding;
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
