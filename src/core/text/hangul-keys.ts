/** What a final consonant, or a vowel made of two, is typed as: first consonants and plain vowels. */
const keysOfJamo: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...'ᄀ ᄁ ᄀᄉ ᄂ ᄂᄌ ᄂᄒ ᄃ ᄅ ᄅᄀ ᄅᄆ ᄅᄇ ᄅᄉ ᄅᄐ ᄅᄑ ᄅᄒ ᄆ ᄇ ᄇᄉ ᄉ ᄊ ᄋ ᄌ ᄎ ᄏ ᄐ ᄑ ᄒ'.split(
        ' ',
      ),
    ].map((keys, final) => [String.fromCharCode(0x11a8 + final), keys]),
  ),
  ᅪ: 'ᅩᅡ',
  ᅫ: 'ᅩᅢ',
  ᅬ: 'ᅩᅵ',
  ᅯ: 'ᅮᅥ',
  ᅰ: 'ᅮᅦ',
  ᅱ: 'ᅮᅵ',
  ᅴ: 'ᅳᅵ',
};

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
/** Syllables that begin with the same consonant. */
const vowelsAndFinals = 588;

/** The letters of a Korean word in the order in which they are typed; other letters as they are. */
export function keysOf(word: string): string {
  return [...word.normalize('NFKD')].map((letter) => keysOfJamo[letter] ?? letter).join('');
}

/** Letters that are no whole syllable yet, at the end of what is being typed. */
const loose = /[\u1100-\u11ff\u3131-\u318e]+$/u;

/** The word without letters at its end that are no syllable yet; as it is when it has nothing else. */
export function wholeSyllables(word: string): string {
  const whole = word.replace(loose, '');
  return whole === '' ? word : whole;
}

/**
 * What a word may begin with whose letters begin with those typed so far: a syllable that is being
 * composed may still get a final, and its final may yet begin the next one. Each of the words that
 * begin so is to be compared by its {@link keysOf}. Empty when the last letter is not Korean.
 */
export function composedBeginnings(typed: string): readonly string[] {
  const whole = typed.normalize('NFC').replace(loose, '');
  if (whole !== typed.normalize('NFC')) return whole === '' ? [] : [whole];
  const code = typed.charCodeAt(typed.length - 1);
  if (!(code >= firstSyllable && code <= lastSyllable)) return [];
  const head = typed.slice(0, -1);
  const keys = keysOf(typed.slice(-1));
  const first =
    firstSyllable + Math.floor((code - firstSyllable) / vowelsAndFinals) * vowelsAndFinals;
  const beginnings: string[] = [];
  for (let at = first; at < first + vowelsAndFinals; at++) {
    const syllable = String.fromCharCode(at);
    const own = keysOf(syllable);
    // Either it has all that was typed, or it lacks a final alone, which the next syllable begins with.
    const lacksFinal = keys.startsWith(own) && keys.length === own.length + 1;
    if (own.startsWith(keys) || lacksFinal) beginnings.push(head + syllable);
  }
  return beginnings;
}
