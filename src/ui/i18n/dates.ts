import type { Timestamp } from '../../core/ids.ts';
import { dateWords } from '../messages/dates.ts';
import { type Lang, textIn } from './words.ts';

const dayMs = 86_400_000;

/** Whole calendar days from `then` to `now` in local time; 0 on the same day, negative ahead. */
export function daysBetween(then: Timestamp, now: Timestamp): number {
  const start = (moment: Timestamp) => {
    const date = new Date(moment);
    // The hours of a local day differ where clocks change; its number in UTC does not.
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((start(now) - start(then)) / dayMs);
}

/** When a page was read, short: today, yesterday, a weekday within a week, else the date. */
export function whenRead(lang: Lang, at: Timestamp, now: Timestamp): string {
  const days = daysBetween(at, now);
  if (days === 0) return textIn(lang, dateWords.todayAt, { time: clockTime(lang, at) });
  if (days === 1) return textIn(lang, dateWords.yesterday);
  if (days > 1 && days < 7) return format(lang, { weekday: 'long' }, at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(
    lang,
    isThisYear
      ? { day: 'numeric', month: 'short' }
      : { day: 'numeric', month: 'short', year: 'numeric' },
    at,
  );
}

export function clockTime(lang: Lang, at: Timestamp): string {
  return format(lang, { hour: 'numeric', minute: '2-digit' }, at);
}

/** A date in full, for tooltips and tables. */
export function fullDate(lang: Lang, at: Timestamp): string {
  return format(lang, { dateStyle: 'full', timeStyle: 'short' }, at);
}

export function dayDate(lang: Lang, at: Timestamp): string {
  return format(lang, { dateStyle: 'medium' }, at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function format(lang: Lang, options: Intl.DateTimeFormatOptions, at: Timestamp): string {
  const key = lang + JSON.stringify(options);
  const found = formats.get(key) ?? new Intl.DateTimeFormat(localeOf(lang), options);
  formats.set(key, found);
  return found.format(at);
}

/** The user's own region for the language where the browser names one: `en-GB` for `en`. */
function localeOf(lang: Lang): string {
  const own = typeof navigator === 'undefined' ? [] : navigator.languages;
  return own.find((tag) => tag === lang || tag.startsWith(`${lang}-`)) ?? lang;
}
