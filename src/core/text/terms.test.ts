import { describe, expect, it } from 'vitest';
import { pageTerms, queryTerms, titleTerm } from './terms.ts';
import { stemEnglish } from './terms-english.ts';
import { stripParticle } from './terms-korean.ts';
import { termsOfWord, wordSpans } from './terms-words.ts';

const termsOf = (text: string) =>
  [...wordSpans(text)].flatMap(({ start, end }) => termsOfWord(text.slice(start, end)));

describe('terms', () => {
  it('bring the inflections of a word together', () => {
    for (const family of [
      ['running', 'runs', 'run'],
      ['gaming', 'game', 'games', 'gamed'],
      ['studies', 'study', 'studied'],
      ['stopped', 'stopping', 'stop'],
      ['boxes', 'box'],
      ['classes', 'class'],
    ]) {
      expect(new Set(family.map(stemEnglish)).size, family.join()).toBe(1);
    }
    expect(stemEnglish('news')).not.toBe(stemEnglish('newt'));
  });

  it('keep names, versions and codes whole and in parts', () => {
    expect(termsOf('getUserMedia')).toEqual(['get', 'user', 'media', 'getusermedia']);
    expect(termsOf('ERR_CONNECTION_REFUSED').at(-1)).toBe('err_connection_refused');
    expect(termsOf('v1.22.3')).toContain('v1.22.3');
    expect(termsOf('0x80070057')).toEqual(['0x80070057']);
    expect(termsOf('C++ and C#')).toEqual(expect.arrayContaining(['c++', 'c#']));
    expect(termsOf('e-mail')).toEqual(expect.arrayContaining(termsOf('email')));
  });

  it('fold case, accents and width', () => {
    expect(termsOf('Café ＡＰＰＬＥ')).toEqual(termsOf('cafe apple'));
  });

  it('take Korean particles off and add bigrams', () => {
    expect(stripParticle('자동차를')).toBe('자동차');
    expect(stripParticle('서울에서')).toBe('서울');
    expect(stripParticle('나는')).toBe('나는');
    expect(termsOf('전기자동차가')).toEqual(['전기자동차', '전기', '기자', '자동', '동차']);
  });

  it('cut scripts without blanks into bigrams', () => {
    expect(termsOf('東京都')).toEqual(['東京', '京都']);
    expect(termsOf('犬')).toEqual(['犬']);
    expect(termsOf('LG전자')).toEqual(['lg', '전자']);
  });

  it('count a title twice and mark its words for title:', () => {
    const { terms, counts, length } = pageTerms('Frog', [{ text: 'The frog sleeps' }]);
    const count = (term: string) => counts[terms.indexOf(term)];
    expect([count('frog'), count('sleep'), count('the'), count(titleTerm('frog'))]).toEqual([
      3, 1, 1, 1,
    ]);
    expect(length).toBe(4);
    expect([...terms]).toEqual([...terms].sort());
  });

  it('leave stop words out of a query that has others, and type on its last word only', () => {
    expect(queryTerms('the frog in ice')).toEqual([
      { term: 'frog', weight: 1 },
      { term: 'ice', weight: 1, prefix: 'ice' },
    ]);
    // Letters that are no syllable yet are typed, and no part of a term.
    expect(queryTerms('자동ㅊ')).toEqual([{ term: '자동', weight: 1, prefix: '자동ᄎ' }]);
    expect(queryTerms('frog ')).toEqual([{ term: 'frog', weight: 1 }]);
    expect(queryTerms('to be').map(({ term }) => term)).toEqual(['to', 'be']);
  });
});
