import type { PageSet } from './page-set.ts';
import type { PageMask } from './scan-kernel.ts';

/** Terms that are taken as one in a part of the index: what they count on a page is added up. */
export interface PostingGroup {
  /** Above 0. */
  readonly weight: number;
  /** The postings of each of them there (postings.ts). */
  readonly lists: readonly Uint8Array[];
}

/** What a query met in a part of the index. */
export interface ScoredPart {
  /** By local number: the page's length in terms. May have room for more. */
  readonly lengths: Uint32Array;
  /** By local number: the page, −1 for one that is removed. May have room for more. */
  readonly ordinals: Int32Array;
  /** Local numbers given. */
  readonly localCount: number;
  /** For each term of the query the groups that stand for it; the one that scores a page higher counts. */
  readonly terms: readonly (readonly PostingGroup[])[];
}

export interface ScoreRequest {
  readonly parts: readonly ScoredPart[];
  /** Terms of the query: as many as each part has. */
  readonly termCount: number;
  /**
   * A count c on a page of n terms scores `weight · saturation · c / (c + base + slope · n)`: BM25 with
   * what is the same for all pages worked out before.
   */
  readonly saturation: number;
  readonly base: number;
  readonly slope: number;
  /** One more than the highest page ordinal. */
  readonly pageLimit: number;
  readonly mask?: PageMask | undefined;
}

export interface TermScores {
  /** Accepted pages with a score above 0, and it; by part, and there by local number. */
  readonly pages: Int32Array;
  readonly scores: Float32Array;
  /** Of the scores of all pages, accepted or not, and of their squares. */
  readonly sum: number;
  readonly squares: number;
  /** For each term of the query the pages that have it in any form. */
  readonly met: readonly PageSet[];
}

/** The hot loop over compressed postings: reads them and adds up what they score. */
export interface TermKernel {
  /** @throws AppError `storage-corrupt` for postings that are not as they were written */
  score(request: ScoreRequest): TermScores;
}
