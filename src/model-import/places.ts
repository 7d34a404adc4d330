import type { TokenIds } from '../core/model/types.ts';

/** UTF-16 offsets of tokens in the text they came from. */
export interface Places {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** How far ahead a token's characters are looked for: past what normalisers drop between two. */
const reach = 64;

/** A text folded for comparison, code unit by code unit: each has the same length as before. */
function fold(text: string): string {
  let out = '';
  for (const character of text) {
    const folded = character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
    out += folded.length === character.length ? folded : character;
  }
  return out;
}

/** The visible characters of a vocabulary's entry: no mark of a word's start or middle. */
function surfaceOf(token: string): string {
  const bare = token.startsWith('##') ? token.slice(2) : token;
  return fold(bare.replace(/^[▁Ġ ]+|[▁Ġ ]+$|<\/w>$/gu, ''));
}

/**
 * Finds the tokens in the text by walking both from the left; the library gives no offsets. A
 * token whose characters the text shows otherwise (ligatures, single bytes of a character) lies
 * on the word under way. Offsets never decrease and never leave the text.
 */
export function placeTokens(text: string, ids: TokenIds, tokens: readonly string[]): Places {
  const folded = fold(text);
  const starts = new Uint32Array(ids.length);
  const ends = new Uint32Array(ids.length);
  let place = 0;
  for (let t = 0; t < ids.length; t++) {
    while (place < text.length && /\s/.test(text[place] as string)) place++;
    const surface = surfaceOf(tokens[ids[t] as number] ?? '');
    const found =
      surface === '' ? -1 : folded.slice(place, place + reach + surface.length).indexOf(surface);
    if (found < 0) {
      starts[t] = place;
      let end = place;
      while (end < text.length && !/\s/.test(text[end] as string)) end++;
      ends[t] = end;
      continue;
    }
    starts[t] = place + found;
    place += found + surface.length;
    ends[t] = place;
  }
  return { starts, ends };
}
