import { describe, expect, test } from 'vitest';
import { daysBetween, whenRead } from './dates.ts';
import { chooseLang, defaultAppearance, parseAppearance } from './language.ts';
import { fileSize } from './sizes.ts';
import { defineWords, textIn } from './words.ts';

const words = defineWords({
  pages: {
    en: { one: '{count} page on {site}', other: '{count} pages on {site}' },
    ko: { other: '{site}에 {count}개' },
  },
});

test('plurals and numbers follow the language', () => {
  expect(textIn('en', words.pages, { count: 1, site: 'a' })).toBe('1 page on a');
  expect(textIn('en', words.pages, { count: 1204, site: 'a' })).toBe('1,204 pages on a');
  expect(textIn('en', words.pages, { count: 0, site: '{count}' })).toBe('0 pages on {count}');
  expect(textIn('ko', words.pages, { count: 1, site: 'a' })).toBe('a에 1개');
});

describe('dates', () => {
  const now = new Date(2026, 10, 24, 10, 0).getTime();
  const at = (day: number, hour: number, month = 10, year = 2026) =>
    new Date(year, month, day, hour, 5).getTime();

  test('days are calendar days, not 24 hours', () => {
    expect(daysBetween(at(23, 23), at(24, 0))).toBe(1);
    expect(daysBetween(at(24, 0), at(24, 23))).toBe(0);
    expect(daysBetween(at(1, 12, 2), at(1, 12, 3))).toBe(31);
  });

  test('are relative up to a week', () => {
    expect(whenRead('en', at(24, 9), now)).toMatch(/^today, 0?9:05/);
    expect(whenRead('en', at(23, 23), now)).toBe('yesterday');
    expect(whenRead('en', at(18, 9), now)).toBe('Wednesday');
    expect(whenRead('ko', at(18, 9), now)).toBe('수요일');
    expect(whenRead('en', at(17, 9), now)).toMatch(/17/);
    expect(whenRead('en', at(3, 9, 2, 2024), now)).toMatch(/2024/);
  });
});

test('sizes use the largest unit that stays at one or more', () => {
  expect(fileSize('en', 0)).toBe('0 bytes');
  expect(fileSize('en', 999)).toBe('999 bytes');
  expect(fileSize('en', 6_000_000)).toBe('6 MB');
  expect(fileSize('en', 1500)).toBe('1.5 kB');
});

test('a stored look of another shape is the default', () => {
  for (const text of [null, '', '{', '3', 'null', '{"theme":"pink","lang":7}']) {
    expect(parseAppearance(text)).toEqual(defaultAppearance);
  }
  expect(parseAppearance('{"theme":"dark","lang":"ko","showScores":true}')).toEqual({
    theme: 'dark',
    lang: 'ko',
    showScores: true,
    followsPage: false,
  });
});

test('the first language that the interface speaks is chosen', () => {
  expect(chooseLang(['de-DE', 'ko-KR', 'en'])).toBe('ko');
  expect(chooseLang(['de', 'fr'])).toBe('en');
});
