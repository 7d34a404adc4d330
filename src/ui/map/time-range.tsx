import { dayDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { mapWords } from '../messages/map.ts';

/** A period, both ends included; an end left out is open. */
export interface Period {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const dayMs = 86_400_000;
const bars = 72;

export interface TimeRangeProps {
  readonly moments: readonly number[];
  /** Null: all of the time. */
  readonly period: Period | null;
  /** While a thumb is moved. */
  onMove(period: Period | null): void;
  /** When it was let go. */
  onSet(period: Period | null): void;
}

/** When pages were read, as bars, with a thumb at each end of the period that is shown. */
export function TimeRange({ moments, period, onMove, onSet }: TimeRangeProps) {
  const first = moments.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = moments.reduce((most, at) => Math.max(most, at), 0);
  const days = Math.ceil((last - first) / dayMs);
  // Of less than a day nothing can be chosen.
  if (moments.length < 2 || last - first < dayMs) return null;
  const counts = new Array<number>(bars).fill(0);
  for (const at of moments) {
    const bar = Math.min(bars - 1, Math.floor(((at - first) / (last - first)) * bars));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const { from = first, to = last } = period ?? {};
  const dayOf = (at: number) => Math.round((at - first) / dayMs);
  const periodOf = (start: number, end: number): Period | null => {
    if (start <= 0 && end >= days) return null;
    return {
      from: start <= 0 ? undefined : first + start * dayMs,
      to: end >= days ? undefined : first + end * dayMs,
    };
  };
  // The last day is a part of one: an open end is at the end all the same.
  const start = Math.max(0, dayOf(from));
  const end = period?.to === undefined ? days : Math.min(days, dayOf(to));
  const thumb = (label: string, value: number, periodAt: (day: number) => Period | null) => (
    <input
      type="range"
      aria-label={label}
      aria-valuetext={dayDate(language.value, first + value * dayMs)}
      min={0}
      max={days}
      value={value}
      onInput={(event) => onMove(periodAt(event.currentTarget.valueAsNumber))}
      onChange={(event) => onSet(periodAt(event.currentTarget.valueAsNumber))}
    />
  );
  return (
    <fieldset class="time-range">
      <legend>
        {t(mapWords.lastRead)}
        <span class="muted">
          {dayDate(language.value, from)} – {dayDate(language.value, to)}
        </span>
      </legend>
      <div class="time-range-bars" aria-hidden="true">
        {counts.map((count, bar) => {
          const middle = first + ((bar + 0.5) / bars) * (last - first);
          return (
            <span
              key={middle}
              class={middle >= from && middle <= to ? 'in' : ''}
              style={{ blockSize: `${(count / most) * 100}%` }}
            />
          );
        })}
      </div>
      <div
        class="time-range-track"
        style={{ '--from': `${(start / days) * 100}%`, '--to': `${(end / days) * 100}%` }}
      >
        {thumb(t(mapWords.readFrom), start, (day) => periodOf(Math.min(day, end), end))}
        {thumb(t(mapWords.readUntil), end, (day) => periodOf(start, Math.max(day, start)))}
      </div>
    </fieldset>
  );
}
