/** Mean and standard deviation that scores are measured by. */
export interface Background {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation of some values; `undefined` without any. */
export function backgroundOf(
  values: Iterable<number>,
): (Background & { count: number }) | undefined {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    count++;
    sum += value;
    squares += value * value;
  }
  if (count === 0) return undefined;
  const mean = sum / count;
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/**
 * The background of few values leans on what is expected: as if `strength` values of the expected
 * background had been seen too. A z-score over three pages would mean nothing by itself.
 */
export function shrinkBackground(
  seen: (Background & { readonly count: number }) | undefined,
  expected: Background,
  strength: number,
): Background {
  if (seen === undefined) return expected;
  const share = seen.count / (seen.count + strength);
  const mean = share * seen.mean + (1 - share) * expected.mean;
  const variance =
    share * (seen.deviation ** 2 + (seen.mean - mean) ** 2) +
    (1 - share) * (expected.deviation ** 2 + (expected.mean - mean) ** 2);
  return { mean, deviation: Math.sqrt(variance) };
}

/** The deviation that scores are divided by; never 0. */
export function spreadOf({ deviation }: Background): number {
  return Math.max(deviation, 1e-6);
}

/** How many deviations above the background a value is. */
export function standardise(value: number, background: Background): number {
  return (value - background.mean) / spreadOf(background);
}
