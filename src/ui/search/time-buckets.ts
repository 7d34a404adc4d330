import type { Timestamp } from '../../core/ids.ts';

/** A calendar period in local time, up to and not including `to`, with what falls into it. */
export interface TimeBucket {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly count: number;
}

export type BucketUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** As many as fit beside each other with room for a finger. */
export const mostBuckets = 8;

const units: readonly BucketUnit[] = ['day', 'week', 'month', 'quarter', 'year'];

/** The start of the period, `offset` periods later, that a moment is in. Weeks begin on Monday. */
function startOf(unit: BucketUnit, at: Timestamp, offset: number): Timestamp {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  switch (unit) {
    case 'day':
      return new Date(year, month, day + offset).getTime();
    case 'week':
      return new Date(year, month, day - ((date.getDay() + 6) % 7) + offset * 7).getTime();
    case 'month':
      return new Date(year, month + offset, 1).getTime();
    case 'quarter':
      return new Date(year, month - (month % 3) + offset * 3, 1).getTime();
    case 'year':
      return new Date(year + offset, 0, 1).getTime();
  }
}

/**
 * Moments counted by the smallest calendar unit that covers them with at most
 * {@link mostBuckets} periods, from the first moment's to the last one's, empty ones in between
 * included. What is older than so many years falls into the first. None for no moments.
 */
export function bucketsOf(moments: readonly Timestamp[]): {
  readonly unit: BucketUnit;
  readonly buckets: readonly TimeBucket[];
} {
  if (moments.length === 0) return { unit: 'day', buckets: [] };
  const first = moments.reduce((least, at) => Math.min(least, at));
  const last = moments.reduce((most, at) => Math.max(most, at));
  const reach = (unit: BucketUnit) => startOf(unit, last, 1 - mostBuckets);
  const unit = units.find((candidate) => first >= reach(candidate)) ?? 'year';
  const buckets: TimeBucket[] = [];
  for (let back = mostBuckets - 1; back >= 0; back--) {
    const to = startOf(unit, last, 1 - back);
    if (to <= first) continue;
    const begin = startOf(unit, last, -back);
    const from = buckets.length === 0 ? Math.min(begin, startOf(unit, first, 0)) : begin;
    buckets.push({ from, to, count: moments.filter((at) => at >= from && at < to).length });
  }
  return { unit, buckets };
}
