import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composedBeginnings, keysOf, wholeSyllables } from './hangul-keys.ts';

/** Whether a word would still be looked for at some moment of its typing. */
const isMet = (typed: string, word: string) =>
  composedBeginnings(typed).some((beginning) => word.startsWith(beginning)) &&
  keysOf(word).startsWith(keysOf(typed));

describe('what is being typed in Korean', () => {
  it('is the letters in the order of the keys', () => {
    expect(keysOf('닭')).toBe(keysOf('ㄷㅏㄹㄱ'));
    expect(keysOf('과')).toBe(keysOf('ㄱㅗㅏ'));
    expect(keysOf('a1닭')).toBe(`a1${keysOf('닭')}`);
  });

  it('meets the word at every letter', () => {
    // As an input method shows 자동차, 달걀 and 안녕하세요 while they are typed.
    for (const typed of ['자', '자ㄷ', '자도', '자동', '자동ㅊ', '자동차']) {
      expect(isMet(typed, '자동차'), typed).toBe(true);
    }
    for (const typed of ['달', '닭', '달갸', '달걀'])
      expect(isMet(typed, '달걀'), typed).toBe(true);
    for (const typed of ['안녕핫', '안녕하셍'])
      expect(isMet(typed, '안녕하세요'), typed).toBe(true);
    for (const typed of ['고', '과', '광', '관ㅇ'])
      expect(isMet(typed, '광역'), typed).toBe(typed !== '관ㅇ');
  });

  it('does not meet a word of other letters', () => {
    expect(isMet('자두', '자동차')).toBe(false);
    expect(isMet('안녕핫', '안녕하다')).toBe(false);
    expect(composedBeginnings('frog')).toEqual([]);
    expect(composedBeginnings('ㅊ')).toEqual([]);
  });

  it('meets any word by its first syllables', () => {
    const syllables = fc.array(fc.integer({ min: 0xac00, max: 0xd7a3 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(syllables, fc.nat(), (codes, cut) => {
        const word = String.fromCharCode(...codes);
        expect(isMet(word.slice(0, 1 + (cut % word.length)), word)).toBe(true);
      }),
    );
  });

  it('is cut to its whole syllables, unless it has none', () => {
    expect(wholeSyllables('자동ㅊ')).toBe('자동');
    expect(wholeSyllables('ㅊ')).toBe('ㅊ');
  });
});
