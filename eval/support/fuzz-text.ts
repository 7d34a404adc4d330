import fc from 'fast-check';

/** Ranges of code points of the scripts that the fuzzing covers. */
export const scriptRanges: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  latin: [
    [0x41, 0x5a],
    [0x61, 0x7a],
    [0xc0, 0x24f],
    [0x1e00, 0x1eff],
  ],
  greek: [
    [0x370, 0x3ff],
    [0x1f00, 0x1fff],
  ],
  cyrillic: [[0x400, 0x52f]],
  armenian: [[0x531, 0x58f]],
  hebrew: [[0x591, 0x5f4]],
  arabic: [
    [0x600, 0x6ff],
    [0xfb50, 0xfdff],
    [0xfe70, 0xfeff],
  ],
  devanagari: [[0x900, 0x97f]],
  bengali: [[0x980, 0x9fe]],
  gurmukhi: [[0xa01, 0xa76]],
  tamil: [[0xb82, 0xbfa]],
  telugu: [[0xc00, 0xc7f]],
  malayalam: [[0xd00, 0xd7f]],
  sinhala: [[0xd81, 0xdf4]],
  thai: [[0xe01, 0xe5b]],
  tibetan: [[0xf00, 0xfd4]],
  myanmar: [[0x1000, 0x109f]],
  georgian: [[0x10a0, 0x10ff]],
  ethiopic: [[0x1200, 0x137c]],
  khmer: [[0x1780, 0x17f9]],
  kana: [
    [0x3041, 0x30ff],
    [0xff66, 0xff9f],
  ],
  hangul: [
    [0xac00, 0xd7a3],
    [0x1100, 0x11ff],
    [0x3131, 0x318e],
  ],
  han: [
    [0x4e00, 0x9fff],
    [0x3400, 0x4dbf],
    [0xf900, 0xfaff],
    [0x20000, 0x2a6df],
  ],
};

const inRange = ([first, last]: readonly [number, number]) =>
  fc.integer({ min: first, max: last }).map((point) => String.fromCodePoint(point));

/** A character of one script, marks and unassigned places of its blocks included. */
export function scriptCharacter(script: string): fc.Arbitrary<string> {
  return fc.oneof(...(scriptRanges[script] ?? []).map(inRange));
}

const blanks = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  '\n',
  '\t',
  '\r\n',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\u3000',
  '\v',
  '\f',
);
const odd = fc.oneof(
  inRange([0x00, 0x1f]), // control characters
  inRange([0x7f, 0x9f]),
  inRange([0xd800, 0xdbff]), // lone halves of surrogate pairs
  inRange([0xdc00, 0xdfff]),
  inRange([0x300, 0x36f]), // combining marks without a base
  inRange([0xe000, 0xf8ff]), // private use
  inRange([0xfff0, 0xffff]),
  inRange([0xe0001, 0xe007f]), // tags
  inRange([0x1f300, 0x1faff]), // emoji
  inRange([0x2000, 0x2bff]), // punctuation and symbols
  inRange([0x10000, 0x10ffff]),
  inRange([0xff01, 0xffee]), // full and half width
  fc.constantFrom(
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u00ad',
    '\ufffd',
    'İ',
    'ß',
    'ﬁ',
    '①',
    '㍿',
    '\u2126',
    'K',
    'Å',
    'ﷺ',
    '👩‍👩‍👧',
    '🇰🇷',
    '1️⃣',
    'é',
    'e\u0301',
    '가',
    '\u1100\u1161\u11a8',
  ),
);
const ascii = fc.string({ unit: inRange([0x20, 0x7e]), maxLength: 12 });

const stretches = [
  ascii,
  blanks,
  odd,
  ...Object.keys(scriptRanges).map((script) =>
    fc.string({ unit: scriptCharacter(script), minLength: 1, maxLength: 10 }),
  ),
];

/** Text that mixes the scripts with blanks, signs, control characters and broken surrogate pairs. */
export function fuzzText(maxStretches = 8): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(blanks, ...stretches), { maxLength: maxStretches })
    .map((list) => list.join(''));
}

/** Words of `words` and stretches of fuzzed text, as a text with a known vocabulary has them. */
export function fuzzWords(words: readonly string[], maxWords = 12): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words);
  const joint = fc.constantFrom(' ', ' ', ' ', '', '-', '. ', '\n', ', ');
  return fc
    .array(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: fuzzText(2) }), {
      maxLength: maxWords,
    })
    .chain((list) =>
      fc
        .array(joint, { minLength: list.length, maxLength: list.length })
        .map((joints) => list.map((text, i) => text + (joints[i] ?? '')).join('')),
    );
}
