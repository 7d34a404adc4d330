import { stemEnglish } from './terms-english.ts';
import { lastingPart, stripParticle } from './terms-korean.ts';

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
const unspacedLetter =
  /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]/u;
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

/**
 * Whether words of the letter's script stand without blanks, or, as in Korean, with endings grown
 * on: a phrase may begin and end beside it.
 */
export function isUnspaced(letter: string): boolean {
  return unspacedLetter.test(letter);
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

/** Words met lately with their terms: most words of a page were met on the pages before it. */
const known = new Map<string, readonly string[]>();
const maxKnown = 16_384;
/** A longer stretch of a text would keep the whole text in memory for as long as it is known. */
const maxKnownLength = 12;

/** {@link termsOfWord}, remembered for words of long texts. */
export function termsOfKnownWord(word: string): readonly string[] {
  const found = known.get(word);
  if (found !== undefined) return found;
  const terms = termsOfWord(word);
  if (word.length > maxKnownLength) return terms;
  if (known.size === maxKnown) known.clear();
  known.set(word, terms);
  return terms;
}

/**
 * Terms that every page has on which the words of a phrase stand together, in any case and with any
 * accents, where its first word may be the end of a longer one and its last word the beginning of
 * one, as far as their scripts allow. Few, and none for a single character that is part of a word.
 */
export function termsOfPhrase(phrase: string): string[] {
  const words = [...wordSpans(phrase)].map(({ start, end }) => foldWord(phrase.slice(start, end)));
  const terms = words.flatMap((word, place) => {
    const isInside = place > 0 && place < words.length - 1;
    return [...word.matchAll(stretchPattern)].flatMap(({ 0: stretch, groups }) => {
      if (groups?.spaced !== undefined) {
        // Parts of a word by its capitals are terms only where it was written with them.
        const own = spacedTerms(stretch);
        return /[._\-'’&]/u.test(stretch) ? own.slice(-1) : own.slice(0, 1);
      }
      if (isInside) return termsOfWord(stretch);
      const sure = groups?.hangul === undefined ? stretch : lastingPart(stretch);
      return bigrams(sure).filter(isPair);
    });
  });
  return [...new Set(terms)].filter((term) => term !== '' && term.length <= maxTermLength);
}

/** Whether a term is more than one character. */
function isPair(term: string): boolean {
  return (term.match(/\P{M}\p{M}*/gu) ?? []).length > 1;
}
