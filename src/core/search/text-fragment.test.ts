import { describe, expect, it } from 'vitest';
import { openUrlAt } from './text-fragment.ts';

describe('openUrlAt', () => {
  const page = 'One two three four five. Six-seven, eight & nine ten.\nLast line here now.';

  it('points at words that stand once on the page', () => {
    expect(openUrlAt('https://a.org/', page, 0, page)).toBe(
      'https://a.org/#:~:text=One%20two%20three%20four&text=five.%20Six%2Dseven%2C%20eight%20%26',
    );
  });

  it('writes out the characters that part the directive', () => {
    const url = openUrlAt('https://a.org/', page, page.indexOf('Six'), page);
    expect(url).toContain('#:~:text=Six%2Dseven%2C%20eight%20%26%20nine');
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

  it('points at a second stretch beside the first, where one stands once on the page', () => {
    const long = 'one two three four five six seven eight nine ten eleven twelve';
    const stretches = (at: string, text = long) =>
      openUrlAt('https://a.org/', text, text.indexOf(at), text)
        .split(':~:')[1]
        ?.split('&')
        .map((one) => decodeURIComponent(one.replace('text=', '')));
    expect(stretches('two')).toEqual(['two three four five', 'six seven eight nine']);
    expect(stretches('eleven')).toEqual(['nine ten eleven twelve', 'five six seven eight']);
    expect(stretches('one', `${long}\nfive six seven eight nine`)).toEqual([
      'one two three four',
      'five six seven eight nine ten',
    ]);
    expect(stretches('b', 'a b c d e')).toEqual(['b c d e']);
  });

  it('takes what differs in case or blanks alone for the same, as browsers do', () => {
    const text = 'Of frogs and ice in March\nof  Frogs and\u00a0ice in April';
    expect(openUrlAt('https://a.org/', text, 0, text)).toContain(
      'text=Of%20frogs%20and%20ice%20in%20March',
    );
  });

  it('cuts scripts without blanks where a browser parts words', () => {
    const text =
      '冬の間、森の蛙は氷のように凍り、春になると目を覚まして池へ向かう。仲間も同じ頃に集まる。';
    const [stretch = ''] = /text=([^&]*)/
      .exec(openUrlAt('https://a.org/', text, 4, text))!
      .slice(1);
    expect(text).toContain(decodeURIComponent(stretch));
    expect(decodeURIComponent(stretch).length).toBeLessThan(20);
  });

  it('tells a line of a few words by what is beside it, which a menu has not', () => {
    const passage = 'Looping\nAsk for the next list until there is none.';
    expect(openUrlAt('https://a.org/', passage, 0, passage)).toContain(
      '#:~:text=Looping,-Ask&text=Ask%20for%20the%20next',
    );
    const last = 'Ask for the next list.\nThe end';
    expect(openUrlAt('https://a.org/', last, last.indexOf('end'), last)).toContain(
      '#:~:text=list.-,The%20end',
    );
  });

  it('leaves the address alone when there is no text', () => {
    expect(openUrlAt('https://a.org/x', '', 0, '')).toBe('https://a.org/x');
  });
});
