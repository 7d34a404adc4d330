import MiniSearch from 'minisearch';
import type { EvalPage } from './data.ts';

/** The peer for word search: minisearch with its own defaults, prefix for the words as typed. */
export class MiniSearchPeer {
  readonly #index: MiniSearch<{ id: number; title: string; text: string }>;
  readonly #count: number;

  constructor(pages: readonly EvalPage[]) {
    this.#index = new MiniSearch({ fields: ['title', 'text'] });
    this.#index.addAll(pages.map(({ title, text }, id) => ({ id, title, text })));
    this.#count = pages.length;
  }

  scores(query: string): Float32Array {
    const scores = new Float32Array(this.#count);
    const options = { boost: { title: 2 }, prefix: true };
    for (const { id, score } of this.#index.search(query, options)) scores[id as number] = score;
    return scores;
  }
}
