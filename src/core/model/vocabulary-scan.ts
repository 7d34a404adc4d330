/** The vocabulary of a `tokenizer.json`, and the rest of the file with an empty one in its place. */
export interface ScannedVocabulary {
  /** In the order of their ids, which are 0 to one less than their number. All different. */
  readonly tokens: readonly string[];
  readonly rest: string;
}

const key = '"vocab"';
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

function afterBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at;
    at++;
  }
}

/**
 * Reads the vocabulary without making an object of tens of thousands of keys, which is most of what
 * `JSON.parse` would do with such a file. Null for a file that holds anything but what is expected:
 * `JSON.parse` and the checks after it then say what is wrong.
 * @param size tokens there must be
 */
export function scanVocabulary(text: string, size: number): ScannedVocabulary | null {
  const start = text.indexOf(key);
  if (start < 0) return null;
  let at = afterBlanks(text, start + key.length);
  if (text.charCodeAt(at) !== colon) return null;
  at = afterBlanks(text, at + 1);
  if (text.charCodeAt(at) !== openingBrace) return null;
  const opening = at;
  const tokens = new Array<string>(size).fill('');
  const isKnown = new Uint8Array(size);
  for (let count = 0; count < size; count++) {
    at = afterBlanks(text, at + 1);
    if (text.charCodeAt(at) !== quote) return null;
    const first = ++at;
    let unit = text.charCodeAt(at);
    let hasEscape = false;
    while (unit !== quote) {
      if (unit === backslash) {
        hasEscape = true;
        at++;
      } else if (!(unit >= 0x20)) return null;
      unit = text.charCodeAt(++at);
    }
    const raw = text.slice(first, at);
    const token = hasEscape ? unescaped(raw) : raw;
    at = afterBlanks(text, at + 1);
    if (token === null || text.charCodeAt(at) !== colon) return null;
    at = afterBlanks(text, at + 1);
    const number = at;
    let id = 0;
    unit = text.charCodeAt(at);
    const isZero = unit === zero;
    while (unit >= zero && unit <= nine && id < size) {
      id = 10 * id + unit - zero;
      unit = text.charCodeAt(++at);
    }
    if (at === number || (isZero && at > number + 1) || id >= size || isKnown[id] === 1)
      return null;
    isKnown[id] = 1;
    tokens[id] = token;
    at = afterBlanks(text, at);
    if (text.charCodeAt(at) !== (count + 1 < size ? comma : closingBrace)) return null;
  }
  if (size === 0 || text.indexOf(key, at) >= 0 || new Set(tokens).size !== size) return null;
  return { tokens, rest: `${text.slice(0, opening)}{}${text.slice(at + 1)}` };
}

function unescaped(raw: string): string | null {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return null;
  }
}
