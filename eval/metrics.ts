/** One query's outcome: the 0-based rank of its page, or Infinity. */
export interface Outcome {
  readonly kind: string;
  readonly rank: number;
}

/** As `--json` writes them. */
export interface RefindFigures {
  readonly n: number;
  readonly mrr: number;
  readonly r1: number;
  readonly r10: number;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

export function refindFigures(outcomes: readonly Outcome[]): RefindFigures {
  return {
    n: outcomes.length,
    mrr: mean(outcomes.map(({ rank }) => 1 / (1 + rank))),
    r1: mean(outcomes.map(({ rank }) => (rank < 1 ? 1 : 0))),
    r10: mean(outcomes.map(({ rank }) => (rank < 10 ? 1 : 0))),
  };
}

export function figuresByKind(outcomes: readonly Outcome[]): Record<string, RefindFigures> {
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))];
  return Object.fromEntries(
    kinds.map((kind) => [kind, refindFigures(outcomes.filter((one) => one.kind === kind))]),
  );
}

/**
 * Rank of a page among scores: pages strictly above it, and half of those level with it, so that a
 * ranking which cannot tell pages apart gains nothing by their order.
 */
export function rankOf(scores: Float32Array, page: number): number {
  const own = scores[page] ?? Number.NEGATIVE_INFINITY;
  if (own === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  let above = 0;
  let level = -1;
  for (const score of scores) {
    if (score > own) above++;
    else if (score === own) level++;
  }
  return above + (level >> 1);
}

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen). */
export function ndcg10(ranked: readonly string[], judged: ReadonlyMap<string, number>): number {
  const gain = (grade: number, index: number) => grade / Math.log2(index + 2);
  const found = ranked
    .slice(0, 10)
    .reduce((sum, page, index) => sum + gain(judged.get(page) ?? 0, index), 0);
  const ideal = [...judged.values()]
    .sort((a, b) => b - a)
    .slice(0, 10)
    .reduce((sum, grade, index) => sum + gain(grade, index), 0);
  return ideal === 0 ? 0 : found / ideal;
}

/** A small generator (Numerical Recipes' constants), so that every run draws the same samples. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 95 % bootstrap interval of a mean: 1,000 resamples, the same at every run. */
export function bootstrapInterval(values: readonly number[]): readonly [number, number] {
  const random = seededRandom(1);
  const means = Array.from({ length: 1000 }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += values[Math.floor(random() * values.length)] as number;
    }
    return sum / Math.max(1, values.length);
  }).sort((a, b) => a - b);
  return [means[25] ?? 0, means[974] ?? 0];
}
