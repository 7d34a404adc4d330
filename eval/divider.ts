import {
  cutOf,
  evidenceOf,
  evidenceWeights,
  type Grounds,
  groundsOf,
  type Judged,
} from '../src/core/search/weak.ts';
import { halfOf } from './experiments.ts';
import { bootstrapInterval } from './metrics.ts';

/** How many hits the popup asks for; the divider is set within them. */
const shownLength = 20;

/** A query's hits at the divider: with its page there, and with it taken away. */
export interface Divided {
  readonly kind: string;
  readonly page: string;
  readonly away: readonly Grounds[];
  /** How like the page taken away the first of `away` is: the cosine of their whole texts. */
  readonly likeness?: number;
  /** With every page taken away that any query asks for, where others are left. */
  readonly absent?: readonly Grounds[];
  /** `undefined` for what was never read; `own` is the place of its page, −1 when not listed. */
  readonly there?: { readonly hits: readonly Grounds[]; readonly own: number };
}

/** What the divider would see of a list. */
export function seenOf(fused: readonly Judged[], termCount: number): Grounds[] {
  return groundsOf(fused.slice(0, shownLength), termCount);
}

export interface DividerFigures {
  /** Queries whose page was taken away or never read: share with nothing above the divider. */
  readonly honest: number;
  readonly honestInterval: readonly [number, number];
  readonly honestCount: number;
  /** Queries whose page is among the hits shown: share that have it below the divider. */
  readonly below: number;
  readonly belowInterval: readonly [number, number];
  readonly belowCount: number;
  /** Of all queries whose page is there, the share whose page is not among the hits shown. */
  readonly unlisted: number;
}

/** From this likeness on, another page answers what asked for the one taken away. */
const sameStory = 0.5;

/**
 * The queries whose page was taken away and that no other page answers: where the first hit instead
 * of it is not like it.
 */
export function withoutAnswers(divided: readonly Divided[]): readonly Divided[] {
  return divided.filter(({ likeness = 0 }) => likeness < sameStory);
}

/** The queries as if none of the pages that any query asks for had ever been read. */
export function withTopicAbsent(divided: readonly Divided[]): readonly Divided[] {
  return divided.flatMap((one) => (one.absent === undefined ? [] : [{ ...one, away: one.absent }]));
}

type Evidence = (grounds: Grounds) => number;

const share = (values: readonly boolean[]) =>
  values.filter(Boolean).length / Math.max(1, values.length);

/**
 * Both errors of the divider.
 * @param shift added to the evidence of every hit; above 0 more is plain
 */
export function dividerFigures(
  divided: readonly Divided[],
  evidence: (one: Divided) => Evidence = () => evidenceOf,
  shift = 0,
): DividerFigures {
  const cut = (one: Divided, hits: readonly Grounds[]) =>
    cutOf(hits.map((grounds) => evidence(one)(grounds) + shift));
  const honest = divided.map((one) => cut(one, one.away) === 0);
  const answered = divided.filter(({ there }) => there !== undefined);
  const below = answered.flatMap((one) => {
    const { hits, own } = one.there ?? { hits: [], own: -1 };
    return own < 0 ? [] : [own >= cut(one, hits)];
  });
  return {
    honest: share(honest),
    honestInterval: bootstrapInterval(honest.map(Number)),
    honestCount: honest.length,
    below: share(below),
    belowInterval: bootstrapInterval(below.map(Number)),
    belowCount: below.length,
    unlisted: share(answered.map(({ there }) => (there?.own ?? -1) < 0)),
  };
}

export const groundNames = Object.keys(evidenceWeights) as (keyof Grounds)[];

/** The first hit's grounds with whether the page is among the hits shown: what is fitted. */
function cases(divided: readonly Divided[]): { grounds: Grounds; isThere: boolean }[] {
  return divided.flatMap(({ away, there }) => [
    ...(away[0] === undefined ? [] : [{ grounds: away[0], isThere: false }]),
    ...(there?.hits[0] === undefined ? [] : [{ grounds: there.hits[0], isThere: there.own >= 0 }]),
  ]);
}

/** Logistic regression by gradient descent on standardised grounds; both outcomes weigh the same. */
export function fitEvidence(
  divided: readonly Divided[],
  names: readonly (keyof Grounds)[] = groundNames,
): Evidence {
  const all = cases(divided);
  const there = all.filter(({ isThere }) => isThere).length;
  const scales = names.map((name) => {
    const values = all.map(({ grounds }) => grounds[name]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { name, mean, deviation: Math.sqrt(variance) || 1 };
  });
  const rows = all.map(({ grounds, isThere }) => ({
    x: [1, ...scales.map(({ name, mean, deviation }) => (grounds[name] - mean) / deviation)],
    y: isThere ? 1 : 0,
    weight: 0.5 / Math.max(1, isThere ? there : all.length - there),
  }));
  const weights = [0, ...names.map(() => 0)];
  const logit = (x: readonly number[]) => x.reduce((sum, v, i) => sum + v * (weights[i] ?? 0), 0);
  for (let step = 0; step < 1500; step++) {
    const slopes = weights.map(() => 0);
    for (const { x, y, weight } of rows) {
      const error = weight * (y - 1 / (1 + Math.exp(-logit(x))));
      x.forEach((value, i) => {
        slopes[i] = (slopes[i] as number) + error * value;
      });
    }
    slopes.forEach((slope, i) => {
      weights[i] = (weights[i] as number) + slope;
    });
  }
  return (grounds) =>
    logit([1, ...scales.map(({ name, mean, deviation }) => (grounds[name] - mean) / deviation)]);
}

/** For each query the evidence fitted on the other half of the pages. */
export function heldOut(
  divided: readonly Divided[],
  names: readonly (keyof Grounds)[] = groundNames,
): (one: Divided) => Evidence {
  const fits = [0, 1].map((half) =>
    fitEvidence(
      divided.filter(({ page }) => halfOf(page) !== half),
      names,
    ),
  );
  return ({ page }) => fits[halfOf(page)] as Evidence;
}

/**
 * Area under the curve: how often the first hit of a query whose page is there has more evidence
 * than that of a query whose page is not; .5 is a guess.
 */
export function areaUnderCurve(
  divided: readonly Divided[],
  evidence: (one: Divided) => Evidence,
): number {
  const first = (one: Divided, hits: readonly Grounds[]) =>
    hits[0] === undefined ? Number.NEGATIVE_INFINITY : evidence(one)(hits[0]);
  const away = divided.map((one) => first(one, one.away));
  const there = divided.flatMap((one) =>
    one.there === undefined ? [] : [first(one, one.there.hits)],
  );
  let sum = 0;
  for (const a of there) for (const b of away) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / Math.max(1, there.length * away.length);
}
