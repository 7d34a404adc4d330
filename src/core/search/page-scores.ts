import type { PageOrdinal } from '../ids.ts';

/** Scores above 0 of some pages, side by side: there may be as many as there are pages. */
export class PageScores {
  readonly pages: Int32Array;
  readonly scores: Float32Array;
  #byPage: Float32Array | undefined;

  constructor(pages: Int32Array, scores: Float32Array) {
    this.pages = pages;
    this.scores = scores;
  }

  /** 0 for a page without a score. */
  of(page: PageOrdinal): number {
    this.#byPage ??= this.#spread();
    return this.#byPage[page] ?? 0;
  }

  #spread(): Float32Array {
    const last = this.pages.reduce((most, page) => Math.max(most, page), -1);
    const byPage = new Float32Array(last + 1);
    this.pages.forEach((page, place) => {
      byPage[page] = this.scores[place] as number;
    });
    return byPage;
  }
}
