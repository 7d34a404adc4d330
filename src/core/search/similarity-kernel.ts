/**
 * The hot loop of late interaction: cosines between single tokens of the model's table.
 * An id outside the table, or a token whose vector is zero, has the cosine 0 with everything.
 */
export interface SimilarityKernel {
  /**
   * Cosines of every query token with every token of `tokens`: row-major,
   * `query.length × tokens.length`. The view is valid until the next call.
   */
  cosines(query: Uint32Array, tokens: Uint32Array): Float32Array;
}
