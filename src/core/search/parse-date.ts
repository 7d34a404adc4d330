import type { Timestamp } from '../ids.ts';

/** A period: from its first moment up to, not including, `to`. Local time. */
export interface DateRange {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

const names: Readonly<Record<string, string>> = {
  오늘: 'today',
  어제: 'yesterday',
  이번주: 'this-week',
  지난주: 'last-week',
  저번주: 'last-week',
  이번달: 'this-month',
  지난달: 'last-month',
  저번달: 'last-month',
  올해: 'this-year',
  작년: 'last-year',
  지난해: 'last-year',
};

/**
 * Reads `2026`, `2026-03`, `2026-03-05` (also with dots or slashes), `today`, `yesterday`, `this-` and
 * `last-` `week`, `month`, `year`, `3d`, `2w`, `6m`, `1y` (so long ago), a month or a weekday by its
 * name, with `last` or a year or without, and the Korean names. `march` is the one that began last,
 * `last march` the one that ended last. Weeks begin on Monday. `null` for anything else, impossible
 * days included.
 */
export function parseDate(value: string, now: Timestamp): DateRange | null {
  const text = value.toLowerCase().replace(/\s+/g, '');
  const numbers = /^(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?$/.exec(text);
  if (numbers !== null) return calendarRange(numbers[1], numbers[2], numbers[3]);
  const today = new Date(now);
  const day = (offset: number) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + offset).getTime();
  const ago = /^(\d{1,4})(d|w|m|y)$/.exec(text);
  if (ago !== null) {
    const count = Number(ago[1]);
    const from = new Date(day(0));
    if (ago[2] === 'd') from.setDate(from.getDate() - count);
    else if (ago[2] === 'w') from.setDate(from.getDate() - 7 * count);
    else if (ago[2] === 'm') from.setMonth(from.getMonth() - count);
    else from.setFullYear(from.getFullYear() - count);
    return { from: from.getTime(), to: now };
  }
  const named = namedMonth(text, today) ?? namedWeekday(text, today);
  if (named !== null) return named;
  const monday = -((today.getDay() + 6) % 7);
  const month = (offset: number) =>
    new Date(today.getFullYear(), today.getMonth() + offset, 1).getTime();
  const year = (offset: number) => new Date(today.getFullYear() + offset, 0, 1).getTime();
  switch ((names[text] ?? text).replaceAll('_', '-')) {
    case 'today':
      return { from: day(0), to: day(1) };
    case 'yesterday':
      return { from: day(-1), to: day(0) };
    case 'this-week':
      return { from: day(monday), to: day(monday + 7) };
    case 'last-week':
      return { from: day(monday - 7), to: day(monday) };
    case 'this-month':
      return { from: month(0), to: month(1) };
    case 'last-month':
      return { from: month(-1), to: month(0) };
    case 'this-year':
      return { from: year(0), to: year(1) };
    case 'last-year':
      return { from: year(-1), to: year(0) };
    default:
      return null;
  }
}

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const koreanWeekdays = '일월화수목금토';

/** The place of a name among names, whole or by its first three letters; −1 for none. */
function placeOf(names: readonly string[], name: string): number {
  return names.findIndex((each) => each === name || each.slice(0, 3) === name);
}

/** `march`, `last march`, `march 2025`, `3월`, `지난 3월`, `작년 3월`, `2025년 3월`, `2025년`. */
function namedMonth(text: string, today: Date): DateRange | null {
  const english = /^(last)?[-_]?([a-z]{3,9})[-_]?(\d{4})?$/.exec(text);
  const korean = /^(지난|작년|올해|(\d{4})년)?(?:(\d{1,2})월)?$/.exec(text);
  const thisYear = today.getFullYear();
  if (english !== null) {
    const month = placeOf(monthNames, english[2] ?? '');
    if (month < 0) return null;
    if (english[3] !== undefined) return monthRange(Number(english[3]), month);
    return latestMonth(month, english[1] !== undefined, today);
  }
  if (korean === null || (korean[2] === undefined && korean[3] === undefined)) return null;
  if (korean[3] === undefined) return calendarRange(korean[2], undefined, undefined);
  const month = Number(korean[3]) - 1;
  if (month < 0 || month > 11) return null;
  if (korean[2] !== undefined) return monthRange(Number(korean[2]), month);
  if (korean[1] === '작년') return monthRange(thisYear - 1, month);
  if (korean[1] === '올해') return monthRange(thisYear, month);
  return latestMonth(month, korean[1] !== undefined, today);
}

function monthRange(year: number, month: number): DateRange {
  return { from: new Date(year, month, 1).getTime(), to: new Date(year, month + 1, 1).getTime() };
}

/** The month of this name that began last, or the one that ended last. */
function latestMonth(month: number, hasEnded: boolean, today: Date): DateRange {
  const now = today.getMonth();
  const isThisYear = hasEnded ? month < now : month <= now;
  return monthRange(today.getFullYear() - (isThisYear ? 0 : 1), month);
}

/** `monday`, `last monday`, `월요일`, `지난 월요일`: the last one before today. */
function namedWeekday(text: string, today: Date): DateRange | null {
  const english = /^(?:last[-_]?)?([a-z]{3,9})$/.exec(text);
  const korean = /^(?:지난)?([일월화수목금토])요일$/.exec(text);
  const weekday =
    english !== null
      ? placeOf(weekdayNames, english[1] ?? '')
      : korean !== null
        ? koreanWeekdays.indexOf(korean[1] ?? '')
        : -1;
  if (weekday < 0) return null;
  const back = (today.getDay() - weekday + 7) % 7 || 7;
  const day = (offset: number) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - back + offset).getTime();
  return { from: day(0), to: day(1) };
}

function calendarRange(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
): DateRange | null {
  const year = Number(yearText);
  if (monthText === undefined) {
    return { from: new Date(year, 0, 1).getTime(), to: new Date(year + 1, 0, 1).getTime() };
  }
  const month = Number(monthText) - 1;
  if (month < 0 || month > 11) return null;
  if (dayText === undefined) {
    return { from: new Date(year, month, 1).getTime(), to: new Date(year, month + 1, 1).getTime() };
  }
  const day = Number(dayText);
  const from = new Date(year, month, day);
  if (from.getMonth() !== month || day < 1) return null;
  return { from: from.getTime(), to: new Date(year, month, day + 1).getTime() };
}
