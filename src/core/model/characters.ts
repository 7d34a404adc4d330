/**
 * What the tokenizer does with a character of normalised text. The classes and their order of
 * precedence are those of BERT's cleaning and pre-tokenizing.
 */
export const CharacterClass = {
  /** Part of a word. */
  word: 0,
  /** Ends a word. */
  space: 1,
  /** Vanishes; the word goes on. */
  dropped: 2,
  /** A word by itself. */
  punctuation: 3,
  /** A Han character: a word by itself. */
  han: 4,
  /** Half of a character beyond U+FFFF: see {@link classOfPair}. */
  surrogate: 5,
} as const;

const droppedRuns = /[\0\ufffd\p{Cc}\p{Cf}\p{Co}]+/gu;
const spaceRuns = /\s+/gu;
const punctuationRuns = /[\p{P}!-/:-@[-`{-~]+/gu;
/** CJK Unified Ideographs, Extension A and the compatibility ideographs. */
const hanRuns = /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]+/gu;

let table: Uint8Array | undefined;

/** The class of every UTF-16 code unit: 65,536 bytes, computed once. */
export function characterClasses(): Uint8Array {
  if (table !== undefined) return table;
  const classes = new Uint8Array(65536);
  for (const [first, last] of [
    [0, 0xd7ff],
    [0xe000, 0xffff],
  ] as const) {
    const units = Uint16Array.from({ length: last - first + 1 }, (_, place) => first + place);
    let all = '';
    for (let start = 0; start < units.length; start += 8_192) {
      all += String.fromCharCode(...units.subarray(start, start + 8_192));
    }
    const mark = (runs: RegExp, value: number) => {
      for (const run of all.matchAll(runs)) {
        classes.fill(value, first + run.index, first + run.index + run[0].length);
      }
    };
    // The later one wins: what is dropped is dropped, but for the three that end a line or a cell.
    mark(punctuationRuns, CharacterClass.punctuation);
    mark(hanRuns, CharacterClass.han);
    mark(spaceRuns, CharacterClass.space);
    mark(droppedRuns, CharacterClass.dropped);
  }
  for (const unit of [0x09, 0x0a, 0x0d]) classes[unit] = CharacterClass.space;
  classes.fill(CharacterClass.surrogate, 0xd800, 0xe000);
  table = classes;
  return classes;
}

const droppedPair = /^[\p{Cf}\p{Co}]$/u;
const punctuationPair = /^\p{P}$/u;

/**
 * The class of a character beyond U+FFFF. Han beyond U+FFFF stays inside its word, as
 * `@huggingface/tokenizers` has it; the vocabulary has none of it.
 */
export function classOfPair(high: number, low: number): number {
  // Emoji and pictographs, the common case, are parts of words.
  if (high === 0xd83d || high === 0xd83e) return CharacterClass.word;
  const character = String.fromCharCode(high, low);
  if (droppedPair.test(character)) return CharacterClass.dropped;
  return punctuationPair.test(character) ? CharacterClass.punctuation : CharacterClass.word;
}
