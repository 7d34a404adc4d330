import type { Embedding } from '../ids.ts';
import type { TokenIds, TokenTable } from '../model/types.ts';
import { type PageTokens, readBags } from './page-tokens.ts';
import type { Meeting, SimilarityKernel } from './similarity-kernel.ts';

/** The kernel in plain TypeScript: the reference that each faster one must equal. */
export class ReferenceSimilarityKernel implements SimilarityKernel {
  readonly #table: TokenTable;
  #cosines = new Float32Array(0);

  constructor(table: TokenTable) {
    this.#table = table;
  }

  cosines(query: TokenIds, tokens: TokenIds): Float32Array {
    const { dims, rows } = this.#table;
    const size = query.length * tokens.length;
    if (this.#cosines.length < size) this.#cosines = new Float32Array(size);
    const cosines = this.#cosines;
    const wanted = new Float32Array(query.length * dims);
    query.forEach((id, q) => {
      const factor = this.#unit(id);
      const start = id * dims;
      for (let d = 0; d < dims; d++) wanted[q * dims + d] = (rows[start + d] ?? 0) * factor;
    });
    for (let t = 0; t < tokens.length; t++) {
      const id = tokens[t] as number;
      const factor = this.#unit(id);
      const start = id * dims;
      for (let q = 0; q < query.length; q++) {
        let dot = 0;
        const from = q * dims;
        if (factor !== 0) {
          for (let d = 0; d < dims; d++) {
            dot += (rows[start + d] as number) * (wanted[from + d] as number);
          }
        }
        cosines[q * tokens.length + t] = dot * factor;
      }
    }
    return cosines.subarray(0, size);
  }

  nearest(query: TokenIds, texts: readonly TokenIds[]): Float32Array {
    const columns = new Map<number, number>();
    for (const text of texts) {
      for (const id of text) if (!columns.has(id)) columns.set(id, columns.size);
    }
    const cosines = this.cosines(query, Uint32Array.from(columns.keys()));
    const best = new Float32Array(texts.length * query.length).fill(-1);
    texts.forEach((text, t) => {
      for (let q = 0; q < query.length; q++) {
        const place = t * query.length + q;
        for (const id of text) {
          const cosine = cosines[q * columns.size + (columns.get(id) as number)] as number;
          if (cosine > (best[place] as number)) best[place] = cosine;
        }
      }
    });
    return best;
  }

  meet(query: TokenIds, unit: Embedding, pages: readonly PageTokens[]): Meeting[] {
    const { dims, rows, weights } = this.#table;
    const shadowOf = (id: number) => {
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += (rows[id * dims + d] ?? 0) * (unit[d] as number);
      return sum * (weights[id] ?? 0);
    };
    return pages.map((page) => {
      const { distinct, texts } = readBags(page);
      const shadows = Float64Array.from(distinct, shadowOf);
      const own = texts.map(({ places }) => places.map((place) => distinct[place] as number));
      const sums = Float64Array.from(texts, ({ places, counts }) =>
        places.reduce(
          (sum, place, i) => sum + (counts[i] as number) * (shadows[place] as number),
          0,
        ),
      );
      const lengths = Float64Array.from(texts, ({ length }) => length);
      const sizes = Float64Array.from(own, (ids) => ids.length);
      return { best: this.nearest(query, own), sums, lengths, sizes };
    });
  }

  /** What turns a row of small integers into a unit vector. */
  #unit(id: number): number {
    const norm = this.#table.norms[id] ?? 0;
    return norm > 0 ? (this.#table.scales[id] as number) / norm : 0;
  }
}
