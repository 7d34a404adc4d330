import type { Fused } from './fuse.ts';

/**
 * The evidence that a page is what was meant, by what does not depend on the other pages found: how
 * well the whole page answers the query's tokens, and how far its meaning stands above all pages.
 * Above 0 it is shown plainly. Set by the evaluation (docs/quality.md), where one in ten of the
 * pages asked for in their own language lies below; a stricter divider would lose more of them.
 */
const latePageWeight = 7;
const denseWeight = 0.15;
const bias = -5.4;

export function evidenceOf({ candidate, parts }: Pick<Fused, 'candidate' | 'parts'>): number {
  return bias + latePageWeight * candidate.latePage + denseWeight * (parts.dense ?? 0);
}

/**
 * How many hits of a list, best first, stand above the divider: the cut that the evidence taken
 * together makes likeliest, so that one doubtful hit between two plain ones does not part them and
 * the divider never changes the order.
 */
export function countPlain(hits: readonly Pick<Fused, 'candidate' | 'parts'>[]): number {
  let plain = 0;
  let sum = 0;
  let best = 0;
  hits.forEach((hit, index) => {
    sum += evidenceOf(hit);
    if (sum < best) return;
    best = sum;
    plain = index + 1;
  });
  return plain;
}
