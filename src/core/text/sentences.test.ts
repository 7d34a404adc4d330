import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzText } from '../../../eval/support/fuzz-text.ts';
import { splitSentences } from './sentences.ts';

const sentences = (text: string) =>
  splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('splitSentences', () => {
  it.each([
    ['One. Two! Three? Four', ['One.', 'Two!', 'Three?', 'Four']],
    [
      'Dr. Smith and J. Doe paid 3.50 dollars. Then left.',
      ['Dr. Smith and J. Doe paid 3.50 dollars.', 'Then left.'],
    ],
    [
      'He said “Stop.” Then (she agreed.) Fine.',
      ['He said “Stop.”', 'Then (she agreed.)', 'Fine.'],
    ],
    ['Wait... what?! Yes.', ['Wait... what?!', 'Yes.']],
    [
      'これは文です。次の文です！「終わり。」はい',
      ['これは文です。', '次の文です！', '「終わり。」', 'はい'],
    ],
    ['이것은 문장입니다. 다음 문장이에요? 네.', ['이것은 문장입니다.', '다음 문장이에요?', '네.']],
    ['यह एक वाक्य है। यह दूसरा है।', ['यह एक वाक्य है।', 'यह दूसरा है।']],
    ['هل هذا سؤال؟ نعم.', ['هل هذا سؤال؟', 'نعم.']],
    ['z. B. das hier. Ende.', ['z. B. das hier.', 'Ende.']],
    ['a line\nthat goes on\n \nA new one', ['a line\nthat goes on', 'A new one']],
    [' \n\t', []],
  ])('splits %j', (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it('covers all but blanks, in order, whatever the text', () => {
    fc.assert(
      fc.property(fuzzText(), (text) => {
        const list = splitSentences(text);
        let last = 0;
        for (const { start, end } of list) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        const blank = (s: string) => s.replace(/[\s\0-\x20]+/g, '');
        expect(blank(sentences(text).join(''))).toBe(blank(text));
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});
