import type { Hit } from '../../core/search/types.ts';
import { dayDate, format } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { searchWords } from '../messages/search.ts';
import { type BucketUnit, bucketsOf, type TimeBucket } from './time-buckets.ts';

/** When the hits were read, as bars from zero; one that is pressed keeps only its period. */
export function TimeBars(props: {
  readonly hits: readonly Hit[];
  choose(from: number, to: number): void;
}) {
  const { unit, buckets } = bucketsOf(props.hits.map((hit) => hit.page.lastReadAt));
  // One bar says nothing that the list does not.
  if (buckets.length < 2) return null;
  const most = Math.max(...buckets.map(({ count }) => count));
  const [first, last] = [buckets[0] as TimeBucket, buckets.at(-1) as TimeBucket];
  return (
    <>
      <ol class="time-bars" aria-label={t(searchWords.byTime)}>
        {buckets.map((bucket) => {
          const name = t(searchWords.readIn, {
            period: periodName(unit, bucket),
            count: bucket.count,
          });
          return (
            <li key={bucket.from}>
              <button
                type="button"
                aria-label={name}
                title={name}
                disabled={bucket.count === 0}
                onClick={() => props.choose(bucket.from, bucket.to)}
              >
                <span style={{ blockSize: `${(bucket.count / most) * 100}%` }} />
              </button>
            </li>
          );
        })}
      </ol>
      <p class="time-ends" aria-hidden="true">
        <span>{dayDate(language.value, first.from)}</span>
        <span>{dayDate(language.value, last.to - 1)}</span>
      </p>
    </>
  );
}

function periodName(unit: BucketUnit, { from, to }: TimeBucket): string {
  const lang = language.value;
  switch (unit) {
    case 'day':
      return dayDate(lang, from);
    case 'month':
      return format(lang, { month: 'long', year: 'numeric' }, from);
    case 'week':
    case 'quarter':
    case 'year':
      return `${dayDate(lang, from)} – ${dayDate(lang, to - 1)}`;
  }
}
