import type { PageOrdinal } from '../ids.ts';

/** A set of page ordinals below a limit, a bit each. */
export class PageSet {
  readonly #words: Uint32Array;

  constructor(limit: number) {
    this.#words = new Uint32Array((limit + 31) >>> 5);
  }

  add(page: PageOrdinal): void {
    this.#words[page >>> 5] = (this.#words[page >>> 5] as number) | (1 << (page & 31));
  }

  has(page: PageOrdinal): boolean {
    return (((this.#words[page >>> 5] ?? 0) >>> (page & 31)) & 1) === 1;
  }
}
