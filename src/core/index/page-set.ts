import type { PageOrdinal } from '../ids.ts';

/** Words of 32 bits that have a bit for each page ordinal below a limit. */
export function pageSetWords(limit: number): number {
  return (limit + 31) >>> 5;
}

/** A set of page ordinals below a limit, a bit each. */
export class PageSet {
  readonly #words: Uint32Array;

  /** @param words the set's own from then on */
  constructor(limit: number, words = new Uint32Array(pageSetWords(limit))) {
    this.#words = words;
  }

  add(page: PageOrdinal): void {
    this.#words[page >>> 5] = (this.#words[page >>> 5] as number) | (1 << (page & 31));
  }

  has(page: PageOrdinal): boolean {
    return (((this.#words[page >>> 5] ?? 0) >>> (page & 31)) & 1) === 1;
  }
}
