import { scriptOf, wordsPerLetter } from './scripts.ts';

const wordSign = /[\p{L}\p{M}\p{N}]/u;

/**
 * How many words a stretch of text has, as a measure of length: a run of letters and digits is a
 * word, in scripts without blanks a letter is a fraction of one. Additive where a word ends.
 */
export function measureWords(text: string, start = 0, end = text.length): number {
  let words = 0;
  let isInside = false;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    let isWord: boolean;
    if (unit < 128) {
      // Letters and digits; an apostrophe or a dot does not end a word, a blank does.
      isWord = (unit > 47 && unit < 58) || ((unit | 32) > 96 && (unit | 32) < 123);
      if (!isWord && unit > 32) continue;
    } else {
      const point = text.codePointAt(i) ?? unit;
      if (point > 0xffff) i++;
      const fraction = wordsPerLetter(scriptOf(point));
      if (fraction !== undefined) {
        words += fraction;
        isInside = false;
        continue;
      }
      isWord = scriptOf(point) !== undefined || wordSign.test(String.fromCodePoint(point));
    }
    if (isWord && !isInside) words++;
    isInside = isWord;
  }
  return words;
}

/** Number of words of a text, rounded up. */
export function countWords(text: string): number {
  return Math.max(0, Math.ceil(measureWords(text) - 1e-6));
}
