import type { Embedding, PageOrdinal } from '../ids.ts';
import { NO_DISTANCE, type PageMask } from '../index/code-index.ts';
import { type Background, backgroundOf, shrinkBackground } from './calibration.ts';
import type { SearchContext } from './context.ts';
import type { Ranking } from './ranking.ts';

/** What the coarse stage knows: some pages' estimated best cosines, and the background of all. */
export interface DenseScores {
  /** Estimated cosine of the best passage, of pages among the candidates. */
  readonly estimates: ReadonlyMap<PageOrdinal, number>;
  /** Background of the best cosines of all pages. */
  readonly background: Background;
}

/** What a page's best cosine with an unrelated query usually is, where few pages can tell. */
const expected: Background = { mean: 0.16, deviation: 0.09 };
const expectedStrength = 40;

/**
 * The expected sum of a unit query's components against a unit vector's signs is their cosine
 * times this: components of a rotated unit vector are about normal with variance 1 / bits.
 */
export function signScoreScale(bits: number): number {
  return Math.sqrt((2 * bits) / Math.PI);
}

/** Every passage by Hamming distance, then the nearest again by the float query (asymmetric). */
export function coarseScan(
  context: SearchContext,
  embedding: Embedding,
  ranking: Ranking,
  mask?: PageMask,
): DenseScores {
  const { codes, encoder } = context;
  const bits = codes.codeBytes * 8;
  const limit = Math.max(
    ranking.secondLookMin,
    Math.ceil(codes.passageCount * ranking.secondLookShare),
  );
  const scan = codes.scan(encoder.code(embedding), limit, mask);
  const scores = codes.signScores(encoder.rotate(embedding), scan.rows);
  const scale = signScoreScale(bits);
  const estimates = new Map<PageOrdinal, number>();
  scan.rows.forEach((row, index) => {
    const page = codes.pageOf(row);
    const estimate = (scores[index] as number) / scale;
    if (estimate > (estimates.get(page) ?? -2)) estimates.set(page, estimate);
  });
  return { estimates, background: backgroundOfDistances(scan.nearest, bits) };
}

/**
 * The background of cosines behind Hamming distances. The angle is π × distance / bits; the
 * variance that taking signs adds (that of a binomial) is taken away again, at most half of it all.
 */
function backgroundOfDistances(nearest: Uint16Array, bits: number): Background {
  const here = nearest.filter((distance) => distance !== NO_DISTANCE);
  const cosines = Float32Array.from(here, (distance) => Math.cos((Math.PI * distance) / bits));
  const seen = backgroundOf(cosines);
  if (seen === undefined) return expected;
  const share = Math.acos(Math.max(-1, Math.min(1, seen.mean))) / Math.PI;
  const noise = (Math.PI * Math.sin(Math.PI * share)) ** 2 * ((share * (1 - share)) / bits);
  const variance = Math.max(seen.deviation ** 2 - noise, seen.deviation ** 2 / 2);
  return shrinkBackground({ ...seen, deviation: Math.sqrt(variance) }, expected, expectedStrength);
}
