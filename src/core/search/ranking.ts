/**
 * The numbers that the ranking is made of: weights rounded from fits on either half of the
 * development pages, and kept where small collections agree. docs/quality.md has what they reach;
 * the evaluation turns them to measure each signal.
 */
export interface Ranking {
  /** Pages whose text is read to score them exactly. */
  readonly candidates: number;
  /** Share of all passages that get the second, asymmetric look, the least number of them, the most. */
  readonly secondLookShare: number;
  readonly secondLookMin: number;
  readonly secondLookMax: number;
  /** Weights of the channels' z-scores. */
  readonly dense: number;
  readonly latePassage: number;
  readonly latePage: number;
  readonly lateTitle: number;
  /** Most that the words' own channel weighs; how much of it a query gets depends on its hits. */
  readonly lexical: number;
  /** Most that recency and frequency of reading together add to a score. */
  readonly prior: number;
  /** Take the words' channel of pages in another script than the query's for missing, not for 0. */
  readonly isScriptAware: boolean;
  /** Passages of a candidate page whose cosine is computed exactly: those of the best codes. */
  readonly exactPassages: number;
}

export const defaultRanking: Ranking = {
  candidates: 200,
  secondLookShare: 0.05,
  secondLookMin: 1000,
  secondLookMax: 16_000,
  dense: 2,
  latePassage: 0.8,
  latePage: 0.7,
  lateTitle: 0.45,
  lexical: 1.6,
  prior: 0.15,
  isScriptAware: true,
  exactPassages: 6,
};
