import { describe, expect, it } from 'vitest';
import { parseDate } from './parse-date.ts';
import { parseQuery } from './parse-query.ts';

const now = new Date(2026, 10, 24, 15).getTime();
const local = (year: number, month: number, day: number) =>
  new Date(year, month - 1, day).getTime();

describe('parseQuery', () => {
  it('reads every operator, in any order, and leaves the words', () => {
    const query = parseQuery(
      'site:www.Example.com frog -site:old.example.com lang:KO type:docs after:2026-03 before:2026-04-02 title:ice -toad "wood frog"',
      now,
    );
    expect(query.problems).toEqual([]);
    expect(query.words).toBe('frog ice wood frog ');
    expect(query.filters).toEqual({
      sites: ['example.com'],
      notSites: ['old.example.com'],
      langs: ['ko'],
      types: ['docs'],
      after: local(2026, 3, 1),
      before: local(2026, 4, 2),
    });
    expect([query.titleWords, query.without, query.phrases]).toEqual([
      ['ice'],
      ['toad'],
      ['wood frog'],
    ]);
  });

  it('reads Korean names of operators and dates', () => {
    const query = parseQuery('제목:개구리 이후:지난주', now);
    expect(query.titleWords).toEqual(['개구리']);
    expect(query.filters.after).toBe(local(2026, 11, 16));
  });

  it('says what is wrong and where, and goes on without it', () => {
    const query = parseQuery('frog type:song before:2026-13 site: "open', now);
    expect(query.words.trim()).toBe('frog open');
    expect(query.filters).toEqual({});
    const places = query.problems.map(({ start, end }) => [start, end]);
    expect(places).toEqual([
      [5, 14],
      [15, 29],
      [30, 35],
      [36, 41],
    ]);
    expect(query.problems[0]).toMatchObject({ code: 'bad-type', operator: 'type', value: 'song' });
  });

  it('says that a site is none, and that a time ends before it begins', () => {
    const query = parseQuery(
      'site:/ after:2026-05 before:2026-03 -site:? before:2026-06 frog',
      now,
    );
    expect(query.words).toBe('frog');
    expect(query.filters).toEqual({ after: local(2026, 5, 1), before: local(2026, 6, 1) });
    expect(query.problems.map(({ code, start }) => [code, start])).toEqual([
      ['bad-site', 0],
      ['empty-time', 21],
      ['bad-site', 36],
    ]);
  });

  it('takes a pasted address for the page itself', () => {
    expect(parseQuery(' https://example.com/a?b=c ', now).url).toBe('https://example.com/a?b=c');
    expect(parseQuery('file:///home/me/a.pdf', now).url).toBe('file:///home/me/a.pdf');
    expect(parseQuery('https://example.com frogs', now).url).toBeUndefined();
    expect(parseQuery('en.example.org/a?b ', now)).toMatchObject({
      bareUrl: 'en.example.org/a?b',
      words: 'en.example.org/a?b ',
    });
    expect(parseQuery('and/or', now).bareUrl).toBeUndefined();
  });

  it('leaves words with colons and dashes alone', () => {
    const query = parseQuery('std::vector e-mail 12:30 - x', now);
    expect(query.words).toBe('std::vector e-mail 12:30 - x');
    expect([query.problems, query.without]).toEqual([[], []]);
  });
});

describe('parseDate', () => {
  it('reads days, months, years and names', () => {
    expect(parseDate('2026', now)).toEqual({ from: local(2026, 1, 1), to: local(2027, 1, 1) });
    expect(parseDate('2026.2', now)).toEqual({ from: local(2026, 2, 1), to: local(2026, 3, 1) });
    expect(parseDate('yesterday', now)).toEqual({
      from: local(2026, 11, 23),
      to: local(2026, 11, 24),
    });
    expect(parseDate('last-month', now)?.from).toBe(local(2026, 10, 1));
    expect(parseDate('어제', now)?.from).toBe(local(2026, 11, 23));
  });

  it('reads months and weekdays by their names', () => {
    const march = { from: local(2026, 3, 1), to: local(2026, 4, 1) };
    for (const words of [
      'march',
      'last March',
      'last-mar',
      '3월',
      '지난 3월',
      '올해 3월',
      '2026년 3월',
    ]) {
      expect(parseDate(words, now), words).toEqual(march);
    }
    expect(parseDate('november', now)?.from).toBe(local(2026, 11, 1));
    expect(parseDate('last november', now)?.from).toBe(local(2025, 11, 1));
    expect(parseDate('december', now)?.from).toBe(local(2025, 12, 1));
    expect(parseDate('may 2024', now)?.from).toBe(local(2024, 5, 1));
    expect(parseDate('작년 12월', now)?.from).toBe(local(2025, 12, 1));
    expect(parseDate('2025년', now)).toEqual({ from: local(2025, 1, 1), to: local(2026, 1, 1) });
    // Now is a Tuesday.
    expect(parseDate('last Tuesday', now)).toEqual({
      from: local(2026, 11, 17),
      to: local(2026, 11, 18),
    });
    expect(parseDate('mon', now)?.from).toBe(local(2026, 11, 23));
    expect(parseDate('지난 금요일', now)?.from).toBe(local(2026, 11, 20));
    for (const words of ['13월', 'last', 'smarch', '지난', 'last 2025']) {
      expect(parseDate(words, now), words).toBeNull();
    }
    expect(parseDate('2w', now)?.from).toBe(local(2026, 11, 10));
  });

  it('refuses days that do not exist', () => {
    for (const value of ['2026-02-30', '2026-00', '20266', 'soon']) {
      expect(parseDate(value, now), value).toBeNull();
    }
  });
});
