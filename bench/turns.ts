/**
 * The best of some turns of each work, in milliseconds: noise only ever adds. Works take turns one
 * after the other, so that what else the machine does falls on all of them alike.
 */
export function best<Works extends readonly (() => unknown)[]>(
  works: readonly [...Works],
  turns = 11,
): { [Place in keyof Works]: number } {
  const least = works.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < turns; turn++) {
    works.forEach((work, place) => {
      const start = performance.now();
      work();
      least[place] = Math.min(least[place] ?? 0, performance.now() - start);
    });
  }
  return least as { [Place in keyof Works]: number };
}
