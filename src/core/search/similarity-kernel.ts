import type { Embedding } from '../ids.ts';
import type { TokenIds } from '../model/types.ts';
import type { PageTokens } from './page-tokens.ts';

/** What a query meets in the texts of a page, the title first. */
export interface Meeting {
  /**
   * Each query token's best cosine with any token of each text: row-major, texts × query.length; −1
   * for a text without tokens.
   */
  readonly best: Float32Array;
  /** The sum of each text's weighted token vectors, as far as it goes in the query's direction. */
  readonly sums: Float64Array;
  /** The length of that sum, of a passage together with the title's. */
  readonly lengths: Float64Array;
  /** How many different tokens each text has. */
  readonly sizes: Float64Array;
}

/**
 * The hot loop of late interaction: cosines between single tokens of the model's table.
 * An id outside the table, or a token whose vector is zero, has the cosine 0 with everything.
 */
export interface SimilarityKernel {
  /**
   * Cosines of every query token with every token of `tokens`: row-major,
   * `query.length × tokens.length`. The view is valid until the next call.
   */
  cosines(query: TokenIds, tokens: TokenIds): Float32Array;
  /**
   * Each query token's best cosine with any token of each of `texts`: row-major,
   * `texts.length × query.length`; −1 for a text without tokens. The view is valid until the next
   * call of it.
   */
  nearest(query: TokenIds, texts: readonly TokenIds[]): Float32Array;
  /**
   * The same with the texts of some pages, and what their cosines with a unit vector are made of: a
   * passage's is the sum of the title and its own over its length.
   */
  meet(query: TokenIds, unit: Embedding, pages: readonly PageTokens[]): readonly Meeting[];
}
