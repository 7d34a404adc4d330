import type { Embedding } from '../core/ids.ts';
import type { EncoderModel, TokenIds } from '../core/model/types.ts';
import { type PageTokens, tokenHead } from '../core/search/page-tokens.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import type { Meeting, SimilarityKernel } from '../core/search/similarity-kernel.ts';
import { TableMemory } from './table-memory.ts';

/** Floats of a token's cosines, and of the best of a text. */
const width = 16;

/** The different tokens of a query, and which of them each is: what it has twice meets the same. */
function differentOf(query: TokenIds): { asked: Uint32Array; columns: readonly number[] } {
  const asked = Uint32Array.from(new Set(query));
  return { asked, columns: Array.from(query, (id) => asked.indexOf(id)) };
}

/** Cosines of tokens in WebAssembly: exact integer dot products, each distinct token once. */
export class WasmSimilarityKernel implements SimilarityKernel {
  readonly #memory: TableMemory;
  /** For pages too large for the memory. */
  readonly #reference: ReferenceSimilarityKernel;
  #cosines = new Float32Array(0);
  #best = new Float32Array(0);

  constructor(model: Pick<EncoderModel, 'table' | 'code'>, memory = TableMemory.of(model)) {
    this.#memory = memory;
    this.#reference = new ReferenceSimilarityKernel(model.table);
  }

  cosines(query: TokenIds, tokens: TokenIds): Float32Array {
    const memory = this.#memory;
    const { buffer } = memory.wasm.memory;
    const size = query.length * tokens.length;
    if (this.#cosines.length < size) this.#cosines = new Float32Array(size);
    const cosines = this.#cosines;
    const all = new Float32Array(buffer, memory.cosines, (memory.vocabulary + 1) * width);
    const { asked, columns } = differentOf(query);
    memory.forQueries(asked, (start, count, raise) => {
      raise(tokens);
      for (let q = 0; q < query.length; q++) {
        const column = (columns[q] as number) - start;
        if (column < 0 || column >= count) continue;
        const row = q * tokens.length;
        for (let t = 0; t < tokens.length; t++) {
          const place = Math.min(tokens[t] as number, memory.vocabulary) * width;
          cosines[row + t] = all[place + column] as number;
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

  meet(query: TokenIds, unit: Embedding, pages: readonly PageTokens[]): Meeting[] {
    const memory = this.#memory;
    const size = query.length;
    const { asked, columns } = differentOf(query);
    const fits = pages.map((page) => memory.hasRoomFor(page));
    const meetings = pages.map((page, place): Meeting => {
      if (fits[place] === false) {
        return this.#reference.meet(query, unit, [page])[0] as Meeting;
      }
      const { texts } = tokenHead(page);
      return {
        best: new Float32Array(texts * size),
        sums: new Float64Array(texts),
        lengths: new Float64Array(texts),
        sizes: new Float64Array(texts),
      };
    });
    const { buffer } = memory.wasm.memory;
    memory.forPages(asked, query, unit, (start, count, meet) => {
      const own = [...columns.entries()].filter(([, c]) => c >= start && c < start + count);
      pages.forEach((page, place) => {
        if (fits[place] === false) return;
        meet(page);
        const { best, sums, lengths, sizes } = meetings[place] as Meeting;
        const bests = new Float32Array(buffer, memory.bests, sums.length * width);
        const ofTexts = new Float64Array(buffer, memory.textSums, sums.length * 3);
        for (let text = 0; text < sums.length; text++) {
          for (const [q, column] of own) {
            best[text * size + q] = bests[text * width + column - start] as number;
          }
          sums[text] = ofTexts[text * 3] as number;
          lengths[text] = ofTexts[text * 3 + 1] as number;
          sizes[text] = ofTexts[text * 3 + 2] as number;
        }
      });
    });
    return meetings;
  }
}
