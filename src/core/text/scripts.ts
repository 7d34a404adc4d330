/** Writing systems that the text functions tell apart; every other letter is `other`. */
const ranges = {
  latin: /\p{Script=Latin}/u,
  han: /\p{Script=Han}/u,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u,
  hangul: /\p{Script=Hangul}/u,
  cyrillic: /\p{Script=Cyrillic}/u,
  greek: /\p{Script=Greek}/u,
  arabic: /\p{Script=Arabic}/u,
  hebrew: /\p{Script=Hebrew}/u,
  devanagari: /\p{Script=Devanagari}/u,
  bengali: /\p{Script=Bengali}/u,
  tamil: /\p{Script=Tamil}/u,
  telugu: /\p{Script=Telugu}/u,
  thai: /\p{Script=Thai}/u,
  lao: /\p{Script=Lao}/u,
  khmer: /\p{Script=Khmer}/u,
  myanmar: /\p{Script=Myanmar}/u,
  georgian: /\p{Script=Georgian}/u,
  armenian: /\p{Script=Armenian}/u,
  ethiopic: /\p{Script=Ethiopic}/u,
} as const;

export type Script = keyof typeof ranges | 'other';

const scriptNames = Object.keys(ranges) as (keyof typeof ranges)[];
const letter = /[\p{L}\p{M}]/u;
const scriptIndex = new Map<Script, number>(
  [...scriptNames, 'other' as const].map((name, index) => [name, index + 2]),
);
const indexScript = new Map<number, Script>([...scriptIndex].map(([name, index]) => [index, name]));

/** Code of each code unit's script, filled as text is met: 0 not asked yet, 1 no letter. */
const known = new Uint8Array(65536);

/** The script of a letter or mark; `undefined` for digits, signs, blanks, lone surrogates. */
export function scriptOf(codePoint: number): Script | undefined {
  let code = codePoint < 65536 ? (known[codePoint] as number) : 0;
  if (code === 0) {
    const character = String.fromCodePoint(codePoint);
    const name = letter.test(character)
      ? (scriptNames.find((script) => ranges[script].test(character)) ?? 'other')
      : undefined;
    code = name === undefined ? 1 : (scriptIndex.get(name) ?? 1);
    if (codePoint < 65536) known[codePoint] = code;
  }
  return indexScript.get(code);
}

/** Letters of each script in a text, the most frequent first. */
export function countScripts(text: string): [Script, number][] {
  const counts = new Map<Script, number>();
  for (const character of text) {
    const script = scriptOf(character.codePointAt(0) ?? 0);
    if (script !== undefined) counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The script of most letters of a text; `undefined` when it has none. */
export function dominantScript(text: string): Script | undefined {
  return countScripts(text)[0]?.[0];
}

/**
 * How many words a letter of a script that sets no blanks between words stands for: Han and kana
 * some 2.5 letters a word, the scripts of South-East Asia some 5. `undefined`: blanks part words.
 */
export function wordsPerLetter(script: Script | undefined): number | undefined {
  switch (script) {
    case 'han':
    case 'kana':
      return 0.4;
    case 'thai':
    case 'lao':
    case 'khmer':
    case 'myanmar':
      return 0.2;
    default:
      return undefined;
  }
}
