import type { EncoderModel, TokenIds } from '../core/model/types.ts';
import type { SimilarityKernel } from '../core/search/similarity-kernel.ts';
import { TableMemory } from './table-memory.ts';

/** Floats of a token's cosines, and of the best of a text. */
const width = 16;

/** Cosines of tokens in WebAssembly: exact integer dot products, each distinct token once. */
export class WasmSimilarityKernel implements SimilarityKernel {
  readonly #memory: TableMemory;
  #cosines = new Float32Array(0);
  #best = new Float32Array(0);

  constructor(model: Pick<EncoderModel, 'table' | 'code'>) {
    this.#memory = TableMemory.of(model);
  }

  cosines(query: TokenIds, tokens: TokenIds): Float32Array {
    const memory = this.#memory;
    const { buffer } = memory.wasm.memory;
    const size = query.length * tokens.length;
    if (this.#cosines.length < size) this.#cosines = new Float32Array(size);
    const cosines = this.#cosines;
    const all = new Float32Array(buffer, memory.cosines, (memory.vocabulary + 1) * width);
    memory.forQueries(query, (start, count, raise) => {
      raise(tokens);
      for (let t = 0; t < tokens.length; t++) {
        const place = Math.min(tokens[t] as number, memory.vocabulary) * width;
        for (let q = 0; q < count; q++) {
          cosines[(start + q) * tokens.length + t] = all[place + q] as number;
        }
      }
    });
    return cosines.subarray(0, size);
  }

  nearest(query: TokenIds, texts: readonly TokenIds[]): Float32Array {
    const memory = this.#memory;
    const size = query.length * texts.length;
    if (this.#best.length < size) this.#best = new Float32Array(size);
    const best = this.#best;
    const ofText = new Float32Array(memory.wasm.memory.buffer, memory.best, width);
    memory.forQueries(query, (start, count, raise) => {
      for (let t = 0; t < texts.length; t++) {
        ofText.fill(-1);
        raise(texts[t] as TokenIds);
        for (let q = 0; q < count; q++) {
          best[t * query.length + start + q] = ofText[q] as number;
        }
      }
    });
    return best.subarray(0, size);
  }
}
