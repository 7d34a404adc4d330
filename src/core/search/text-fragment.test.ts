import { describe, expect, it } from 'vitest';
import { openUrlAt } from './text-fragment.ts';

describe('openUrlAt', () => {
  const page = 'One two three four five. Six-seven, eight & nine ten.\nLast line here now.';

  it('points at words that stand once on the page', () => {
    expect(openUrlAt('https://a.org/', page, 0, page)).toBe(
      'https://a.org/#:~:text=One%20two%20three%20four',
    );
  });

  it('writes out the characters that part the directive', () => {
    const url = openUrlAt('https://a.org/', page, page.indexOf('Six'), page);
    expect(url).toBe('https://a.org/#:~:text=Six%2Dseven%2C%20eight%20%26%20nine');
  });

  it('stays within one line and keeps the fragment of the address', () => {
    const url = openUrlAt('https://a.org/#part', page, page.indexOf('here'), page);
    expect(url).toBe('https://a.org/#part:~:text=Last%20line%20here%20now.');
  });

  it('grows until it is alone, or says what stands before it', () => {
    const twice = 'a b c d e f\na b c d x y';
    expect(openUrlAt('https://a.org/', twice, 0, twice)).toContain('text=a%20b%20c%20d%20e');
    const context = 'first same same same same\nother';
    const repeated = `${context}\nsecond same same same same`;
    const url = openUrlAt('https://a.org/', context, context.indexOf('same'), repeated);
    expect(url).toContain('text=first-,same');
  });

  it('leaves the address alone when there is no text', () => {
    expect(openUrlAt('https://a.org/x', '', 0, '')).toBe('https://a.org/x');
  });
});
