import type { Fused } from './fuse.ts';

/** What the divider looks at of a hit. */
export type Judged = Pick<Fused, 'parts' | 'rarestMissing'> & {
  readonly candidate: Pick<Fused['candidate'], 'latePage'>;
};

/** What speaks for a hit, as numbers; {@link evidenceOf} weighs them. */
export interface Grounds {
  /** How far its late interaction stands above that of the other candidates. */
  readonly late: number;
  /** Length of the query: a long one that is met as well is met less by chance. */
  readonly length: number;
  /** How much of the tenth counts that lies beyond nearly every token standing on the page itself. */
  readonly met: number;
  /** How far its cosine stands above the mean of the best of the other hits, in weighted deviations. */
  readonly lead: number;
  /** How rare the rarest word of the query is that the page has not, 0 to 1. */
  readonly missing: number;
}

/**
 * Weights of the logit of the probability that a page is what was meant, rounded from fits on
 * development and sample queries for pages that are there and for the same pages taken away.
 */
export const evidenceWeights: Grounds = {
  late: 0.2,
  length: 1.7,
  met: 20,
  lead: 0.27,
  missing: -1,
};
/**
 * The bias that makes both equally likely at 0 would be −4.6. A page that is there but stands below
 * is allowed half as often as one that stands above and is not it, so it weighs twice as much: a
 * hit is plain where the page is there with a probability of a third. docs/quality.md has the curve.
 */
const bias = -4.6 + Math.log(2);
/** Shorter queries were hardly among them, and are taken for so long. */
const minTerms = 5;
const metLatePage = 0.9;
/** The hits whose cosines a hit is compared with are the best so many of the first so many. */
const rivals = 4;
export const rivalHits = 20;
/** Deviations times the dense channel's weight from which a page is plain where only examples ask. */
const plainDense = 5;
/** Evidence down to which a hit stays with the plain ones before it. */
const follows = -0.9;

/** The grounds of each hit of a list, best first. */
export function groundsOf(hits: readonly Judged[], termCount: number): Grounds[] {
  const best = hits
    .slice(0, rivalHits)
    .map(({ parts }, place) => ({ place, dense: parts.dense ?? 0 }))
    .sort((a, b) => b.dense - a.dense)
    .slice(0, rivals + 1);
  return hits.map(({ parts, candidate, rarestMissing }, place) => {
    const others = best.filter((one) => one.place !== place).slice(0, rivals);
    const dense = parts.dense ?? 0;
    const ofOthers = others.reduce((sum, one) => sum + one.dense, 0) / Math.max(1, others.length);
    return {
      late: parts.late ?? 0,
      length: Math.log(1 + Math.max(minTerms, termCount)),
      met: Math.max(0, candidate.latePage - metLatePage),
      lead: others.length === 0 ? 0 : dense - ofOthers,
      missing: rarestMissing,
    };
  });
}

/** The evidence that a page is what was meant; above 0 it is shown plainly. */
export function evidenceOf(grounds: Grounds): number {
  const names = Object.keys(evidenceWeights) as (keyof Grounds)[];
  return names.reduce((sum, name) => sum + evidenceWeights[name] * grounds[name], bias);
}

/**
 * How many hits of a list, best first, stand above the divider. None, unless the evidence of the
 * first ones taken together says that the page is there; then all up to the cut that this evidence
 * makes likeliest, and those after it that do not speak against themselves. So one doubtful hit
 * between two plain ones does not part them, and the divider never changes the order.
 */
export function cutOf(evidence: readonly number[]): number {
  let plain = 0;
  let sum = 0;
  let best = 0;
  evidence.forEach((own, index) => {
    sum += own;
    if (sum < best) return;
    best = sum;
    plain = index + 1;
  });
  if (plain === 0) return 0;
  return evidence.reduce(
    (cut, own, index) => (own > follows ? Math.max(cut, index + 1) : cut),
    plain,
  );
}

/**
 * How many hits of a list, best first, stand above the divider.
 * @param termCount terms of the query's words; 0 where only examples ask
 */
export function countPlain(hits: readonly Judged[], termCount: number): number {
  if (termCount === 0) return cutOf(hits.map(({ parts }) => (parts.dense ?? 0) - plainDense));
  return cutOf(groundsOf(hits, termCount).map(evidenceOf));
}
