import type { Fused } from './fuse.ts';

/** What the divider looks at of a hit. */
export type Judged = Pick<Fused, 'parts'> & {
  readonly candidate: Pick<Fused['candidate'], 'latePage'>;
};

/**
 * Logit of the probability that a page is what was meant, by two things: how far its late
 * interaction stands above that of the other candidates, and how many terms the query has, since a
 * long query met as well is met less by chance. Fitted on development queries for pages that are
 * there and for the same pages taken away; docs/quality.md has both errors by kind.
 */
const lateWeight = 0.4;
const termsWeight = 1.405;
const bias = -4.8;
/** Shorter queries were hardly among them, and are taken for so long. */
const minTerms = 5;
/** A page on which nearly every token of the query stands itself is plain, however short the query. */
const metLatePage = 0.9;
const metWeight = 10;
/** Deviations times the dense channel's weight from which a page is plain where only examples ask. */
const plainDense = 5;

/** The evidence that a page is what was meant; above 0 it is shown plainly. */
export function evidenceOf({ candidate, parts }: Judged, termCount: number): number {
  if (termCount === 0) return (parts.dense ?? 0) - plainDense;
  return Math.max(
    bias +
      lateWeight * (parts.late ?? 0) +
      termsWeight * Math.log(1 + Math.max(minTerms, termCount)),
    metWeight * (candidate.latePage - metLatePage),
  );
}

/**
 * How many hits of a list, best first, stand above the divider: the cut that the evidence taken
 * together makes likeliest, so that one doubtful hit between two plain ones does not part them and
 * the divider never changes the order.
 * @param termCount terms of the query's words; 0 where only examples ask
 */
export function countPlain(hits: readonly Judged[], termCount: number): number {
  let plain = 0;
  let sum = 0;
  let best = 0;
  hits.forEach((hit, index) => {
    sum += evidenceOf(hit, termCount);
    if (sum < best) return;
    best = sum;
    plain = index + 1;
  });
  return plain;
}
