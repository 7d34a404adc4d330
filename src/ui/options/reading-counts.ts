import type { Timestamp } from '../../core/ids.ts';

export interface DayCount {
  /** Local midnight of the day. */
  readonly at: Timestamp;
  readonly count: number;
  /** 0 for no visit, 1 to 4 by quarters of the busiest day. */
  readonly level: 0 | 1 | 2 | 3 | 4;
}

/** Visits of each local day of the last `weeks` weeks, whole weeks from Monday, up to today. */
export function countByDay(
  visits: readonly Timestamp[],
  now: Timestamp,
  weeks: number,
): readonly DayCount[] {
  const today = new Date(now);
  const sinceMonday = (today.getDay() + 6) % 7;
  const dayAt = (back: number) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - back).getTime();
  const counts = new Map<Timestamp, number>();
  for (const visit of visits) {
    const date = new Date(visit);
    const day = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const days = Array.from({ length: (weeks - 1) * 7 + sinceMonday + 1 }, (_, place) => {
    const at = dayAt((weeks - 1) * 7 + sinceMonday - place);
    return { at, count: counts.get(at) ?? 0 };
  });
  const busiest = days.reduce((most, day) => Math.max(most, day.count), 0);
  return days.map((day) => ({ ...day, level: levelOf(day.count, busiest) }));
}

function levelOf(count: number, busiest: number): DayCount['level'] {
  if (count === 0) return 0;
  const quarter = Math.ceil((count * 4) / busiest);
  return quarter <= 1 ? 1 : quarter === 2 ? 2 : quarter === 3 ? 3 : 4;
}

/** The sites with the most visits, the most first. */
export function countBySite(
  sites: readonly string[],
  most: number,
): readonly { readonly site: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const site of sites) counts.set(site, (counts.get(site) ?? 0) + 1);
  return [...counts]
    .map(([site, count]) => ({ site, count }))
    .sort((a, b) => b.count - a.count || (a.site < b.site ? -1 : 1))
    .slice(0, most);
}
