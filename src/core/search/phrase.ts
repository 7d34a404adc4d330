import { foldWord, wordSpans } from '../text/terms-words.ts';

/** A text's words, folded, parted by single blanks: what phrases are looked for in. */
function foldedWords(text: string): string {
  let folded = ' ';
  for (const { start, end } of wordSpans(text)) folded += `${foldWord(text.slice(start, end))} `;
  return folded;
}

/** Scripts without blanks, and Korean with its particles: a phrase may begin and end in a word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;

/** Whether the words of the phrase stand together in one of the texts; case and accents aside. */
export function hasPhrase(texts: readonly string[], phrase: string): boolean {
  const words = foldedWords(phrase).trim();
  if (words === '') return true;
  const wanted = unspaced.test(words) ? words : ` ${words} `;
  return texts.some((text) => foldedWords(text).includes(wanted));
}
