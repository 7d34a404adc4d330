import { stemEnglish } from './terms-english.ts';
import { stripParticle } from './terms-korean.ts';

/** A word of a text with its place: UTF-16 offsets into the text as given. */
export interface WordSpan {
  readonly start: number;
  readonly end: number;
}

/** Letters and digits, joined by the marks that hold names, versions and codes together. */
const wordPattern = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[._\-'’&][\p{L}\p{N}\p{M}]+)*(?:\+\+|#)?/gu;
/** Stretches of one kind of script within a word. Thai and its kin have no spaces either. */
const stretchPattern =
  /(?<hangul>\p{Script=Hangul}+)|(?<unspaced>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]+)|(?<spaced>[^\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]+)/gu;
const camelBorder = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const accents = /[\u0300-\u036f]/g;
/** Longer ones are encoded data, not words. */
const maxTermLength = 64;

/** The places of the words of a text, in order. A word may hold joiners: `node.js`, `e-mail`. */
export function* wordSpans(text: string): IterableIterator<WordSpan> {
  for (const match of text.matchAll(wordPattern)) {
    yield { start: match.index, end: match.index + match[0].length };
  }
}

/** One spelling for what a reader takes for the same: width, case and accents folded. */
export function foldWord(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(accents, '')
    .normalize('NFC');
}

/** Pairs of neighbouring characters (with their combining marks); a single one by itself. */
function bigrams(stretch: string): string[] {
  const characters = stretch.match(/\P{M}\p{M}*/gu) ?? [];
  if (characters.length < 2) return [stretch];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

function hangulTerms(stretch: string): string[] {
  const stem = stripParticle(stretch);
  return stem.length > 2 ? [stem, ...bigrams(stem)] : [stem];
}

/** Terms of a stretch written with spaces: its parts, and whole when it has several. */
function spacedTerms(stretch: string): string[] {
  const parts = stretch
    .split(/[._\-'’&]+/u)
    .flatMap((part) => part.split(camelBorder))
    .filter((part) => part !== '');
  const folded = parts.map(foldWord);
  // A possessive or a contraction is not a word of its own.
  if (/['’]\p{L}{1,2}$/u.test(stretch) && folded.length > 1) folded.pop();
  const terms = folded.map(stemEnglish);
  if (parts.length > 1) {
    // `e-mail` and `email` are one word; dots and underscores tell codes and versions apart.
    const whole = foldWord(stretch.replace(/['’]\p{L}{1,2}$/u, '').replace(/[-'’&]/gu, ''));
    terms.push(stemEnglish(whole));
  } else if (/[+#]$/.test(stretch)) terms.push(stretch.replace(/[+#]+$/, '').toLowerCase());
  return terms;
}

/** The terms of one word as {@link wordSpans} cut it: distinct, the most telling last. */
export function termsOfWord(word: string): string[] {
  const terms: string[] = [];
  for (const { groups } of word.matchAll(stretchPattern)) {
    if (groups?.hangul !== undefined) terms.push(...hangulTerms(groups.hangul.normalize('NFC')));
    else if (groups?.unspaced !== undefined) terms.push(...bigrams(foldWord(groups.unspaced)));
    else if (groups?.spaced !== undefined) terms.push(...spacedTerms(groups.spaced));
  }
  return [...new Set(terms)].filter((term) => term !== '' && term.length <= maxTermLength);
}
