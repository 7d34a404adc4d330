import type { Filters, Hit } from '../../core/search/types.ts';

/** One value of a filter with the number of hits that have it. */
export interface Facet<T extends string> {
  readonly value: T;
  readonly count: number;
  readonly isOn: boolean;
}

/** Values of a field among the hits, the most frequent first; values that are on always show. */
export function facetsOf<T extends string>(
  hits: readonly Hit[],
  pick: (hit: Hit) => T,
  on: readonly T[] = [],
  most = 8,
): readonly Facet<T>[] {
  const counts = new Map<T, number>(on.map((value) => [value, 0]));
  for (const hit of hits) {
    const value = pick(hit);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count, isOn: on.includes(value) }))
    .sort((a, b) => Number(b.isOn) - Number(a.isOn) || b.count - a.count)
    .slice(0, Math.max(most, on.length));
}

/** A list with a value put in, or taken out when it was there. */
export function toggled<T>(list: readonly T[] | undefined, value: T): readonly T[] {
  const without = (list ?? []).filter((other) => other !== value);
  return without.length === (list ?? []).length ? [...without, value] : without;
}

/** Filters without their empty lists and absent fields, so that "no filters" is `{}`. */
export function tidyFilters(
  filters: { readonly [K in keyof Filters]: Filters[K] | undefined },
): Filters {
  return Object.fromEntries(
    Object.entries(filters).filter(
      ([, value]) =>
        value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
