import type { TokenIds } from '../model/types.ts';

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
}
