import { CharacterClass, characterClasses } from './characters.ts';
import { normaliseText } from './normalise.ts';
import { encodeUtf8 } from './safetensors.ts';

/** Kinds of entries beside those of {@link CharacterClass}; the compiled tokenizer knows them too. */
const expanded = 6;
const refused = 7;

/** Code units that one character may become. */
const maxUnits = 4;

/**
 * Stretches of characters that normalise by themselves, whatever stands beside them, once marks and
 * jamo are out: those compose with what is before them, and a capital sigma looks around itself.
 */
const stretches: readonly (readonly [number, number])[] = [
  [0x0000, 0x02af], // Latin
  [0x0400, 0x052f], // Cyrillic
  [0x1e00, 0x1eff], // Latin with more marks
  [0x2000, 0x312f], // signs, kana, bopomofo
  [0x3190, 0x4dbf], // signs of East Asia, Han
  [0x4e00, 0x9fff], // Han
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff], // Han for compatibility
  [0xff01, 0xff65], // full width
];
/** Han and Hangul syllables, most of all characters, are their own normal form. */
const isOwnForm = (unit: number) =>
  (unit >= 0x3400 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7a3);
const isMark = /^\p{M}$/u;

/** What each character up to U+FFFF becomes when it is normalised by itself. */
export interface TextForms {
  /**
   * One entry a code unit: its kind in the high half; in the low half the code unit it becomes, or
   * the place in `expansions` of several.
   */
  readonly entries: Uint32Array;
  /** UTF-8 of the characters that others expand to, each stretch with a byte 255 behind it. */
  readonly expansions: Uint8Array;
}

let forms: TextForms | undefined;

/** The forms of all characters that need no look at their neighbours; computed once. */
export function textForms(): TextForms {
  if (forms !== undefined) return forms;
  const classes = characterClasses();
  const entries = new Uint32Array(65_536).fill(refused << 16);
  const entryOf = (unit: number) => ((classes[unit] as number) << 16) | unit;
  const expansions: number[] = [];
  const several: [number, string][] = [];
  /** Characters that become one other, or themselves. */
  const single: number[] = [];
  for (const [first, last] of stretches) {
    for (let unit = first; unit <= last; unit++) {
      if (isOwnForm(unit)) {
        entries[unit] = ((classes[unit] as number) << 16) | unit;
        continue;
      }
      const character = String.fromCharCode(unit);
      if (isMark.test(character)) continue;
      const form = normaliseText(character);
      if (form.length === 1) {
        entries[unit] = entryOf(form.charCodeAt(0));
        single.push(unit);
      } else several.push([unit, form]);
    }
  }
  // A lone surrogate arrives as U+FFFD; both vanish.
  entries[0xfffd] = CharacterClass.dropped << 16;
  const isOwn = (unit: number) => ((entries[unit] as number) & 0xffff) === unit;
  const isKnown = (unit: number) => (entries[unit] as number) >>> 16 < expanded && isOwn(unit);
  for (const unit of single) {
    const entry = entries[unit] as number;
    // Only what stays as it is when it is normalised again: its neighbours need no look either.
    if (entry >>> 16 !== CharacterClass.dropped && !isKnown(entry & 0xffff)) {
      entries[unit] = refused << 16;
    }
  }
  for (const [unit, form] of several) {
    const units = Array.from(form, (character) => character.charCodeAt(0));
    if (units.length > maxUnits || units.length !== form.length || !units.every(isKnown)) continue;
    entries[unit] = (expanded << 16) | expansions.length;
    expansions.push(...encodeUtf8(form), 255);
  }
  forms = { entries, expansions: Uint8Array.from(expansions) };
  return forms;
}
