import type { BitCode, Embedding } from '../core/ids.ts';
import {
  codeBits,
  codeBytes,
  type Encoder,
  type EncoderModel,
  type TokenIds,
} from '../core/model/types.ts';
import { TableMemory } from './table-memory.ts';

/** Pooling, rotation and bit codes in WebAssembly, with the bits of the reference. */
export class WasmEncoder implements Encoder {
  readonly dims: number;
  readonly #encode: (text: string) => TokenIds;
  readonly #table: TableMemory;
  // Views of a memory that never grows.
  readonly #unit: Float32Array;
  readonly #values: Float32Array;
  readonly #code: Uint8Array;

  /** The model's tokenizer may be a fast one: it is asked for the ids of every text. */
  constructor(model: EncoderModel, table = TableMemory.of(model)) {
    this.dims = model.table.dims;
    this.#encode = (text) => model.tokenizer.encode(text);
    this.#table = table;
    const { buffer } = table.wasm.memory;
    this.#unit = new Float32Array(buffer, table.unit, table.stride);
    this.#values = new Float32Array(buffer, table.values, table.size);
    this.#code = new Uint8Array(buffer, table.code, codeBytes);
  }

  embed(ids: TokenIds): Embedding {
    const { wasm, sums, stride, unit } = this.#table;
    this.#table.pool([ids]);
    wasm.unit(sums, stride, unit);
    return this.#unit.slice(0, this.dims);
  }

  cosine(unit: Embedding, parts: readonly TokenIds[]): number {
    const table = this.#table;
    table.pool(parts);
    this.#unit.fill(0);
    this.#unit.set(unit);
    return table.wasm.cosine(table.sums, table.unit, table.stride);
  }

  length(parts: readonly TokenIds[]): number {
    const sums = this.#table.pool(parts);
    let squares = 0;
    for (let d = 0; d < sums.length; d++) squares += (sums[d] as number) * (sums[d] as number);
    return Math.sqrt(squares);
  }

  rotate(embedding: Embedding): Float32Array {
    this.#set(embedding);
    this.#rotate();
    return this.#values.slice(0, codeBits);
  }

  code(embedding: Embedding): BitCode {
    this.#set(embedding);
    return this.#signs();
  }

  codeOf(text: string): BitCode {
    const { wasm, sums, stride, values, size } = this.#table;
    this.#table.pool([this.#encode(text)]);
    // What the rows are filled up with is zero, as is what the rotation fills up with.
    wasm.unit(sums, stride, values);
    if (stride < size) this.#values.fill(0, stride);
    return this.#signs();
  }

  #set(embedding: Embedding): void {
    this.#values.fill(0);
    this.#values.set(embedding.subarray(0, this.#values.length));
  }

  #rotate(): void {
    const { wasm, values, signs, size, rounds } = this.#table;
    wasm.rotate(values, signs, size, rounds, 1 / Math.sqrt(size));
  }

  #signs(): BitCode {
    const { wasm, values, code } = this.#table;
    this.#rotate();
    wasm.signBits(values, code, codeBytes);
    return this.#code.slice();
  }
}
