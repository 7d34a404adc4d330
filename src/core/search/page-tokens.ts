import { ByteReader, ByteWriter } from '../index/bytes.ts';
import type { Encoder, StaticModel, TokenIds } from '../model/types.ts';
import { passageInput } from '../text/passages.ts';
import type { StoredText } from './context.ts';
import { type MadeBefore, nothingBefore } from './made-before.ts';

/**
 * The tokens of a page as a bag, in some two kilobytes a page of a thousand words. Late interaction
 * and the mean of vectors ask which tokens a text has and how often, never in what order, so a text
 * is a list of places among the page's different tokens. All numbers are varints but the lengths:
 *
 *   tokens in all, different tokens, texts (the title, then the passages)
 *   the different tokens, ascending: how many ids lie between one and the one before
 *   for each text: its different tokens; the length (a 32-bit float, little-endian) of the sum of
 *   its weighted token vectors, of a passage together with the title's; then for each token, ascending,
 *   twice the places passed over, plus 1 when a count follows; the count, when it is not 1
 */
export interface PageTokens {
  readonly bytes: Uint8Array;
}

/** Token ids of the title and of each passage, ascending, as often as they occur. */
export interface TokensOfTexts {
  readonly title: Uint32Array;
  readonly passages: readonly Uint32Array[];
}

/** How often each id of a text occurs, ascending by id. */
function countsOf(ids: TokenIds): [number, number][] {
  const counts: [number, number][] = [];
  for (const id of ids.slice().sort()) {
    const last = counts.at(-1);
    if (last?.[0] === id) last[1]++;
    else counts.push([id, 1]);
  }
  return counts;
}

/** The tokens of a page, those of the title once. */
export function tokensOf(
  { model, encoder }: { readonly model: Pick<StaticModel, 'tokenizer'>; readonly encoder: Encoder },
  { title, passages }: Pick<StoredText, 'title' | 'passages'>,
  before: MadeBefore = nothingBefore,
): PageTokens {
  const { tokenizer } = model;
  const head = passageInput(title, { text: '' });
  const ofTitle = tokenizer.encode(head === '' ? '' : `${head}.`);
  const ofPassages = passages.map(({ text }) => before.get(text)?.ids ?? tokenizer.encode(text));
  return bagsOf(encoder, [ofTitle, ...ofPassages]);
}

/** The tokens of some texts, the title's first. */
export function bagsOf(
  encoder: Pick<Encoder, 'length'>,
  texts: readonly [TokenIds, ...TokenIds[]],
): PageTokens {
  const bags = texts.map(countsOf);
  const distinct = [...new Set(bags.flatMap((bag) => bag.map(([id]) => id)))].sort((a, b) => a - b);
  const placeOf = new Map(distinct.map((id, place) => [id, place]));
  const writer = new ByteWriter(64 + 3 * distinct.length);
  writer.varint(texts.reduce((sum, { length }) => sum + length, 0));
  writer.varint(distinct.length);
  writer.varint(texts.length);
  for (const [place, id] of distinct.entries()) {
    writer.varint(id - (distinct[place - 1] ?? -1) - 1);
  }
  const float = new Uint8Array(4);
  bags.forEach((bag, text) => {
    writer.varint(bag.length);
    const parts = text === 0 ? [texts[0]] : [texts[0], texts[text] as TokenIds];
    new DataView(float.buffer).setFloat32(0, encoder.length(parts), true);
    for (const byte of float) writer.byte(byte);
    let before = -1;
    for (const [id, count] of bag) {
      const place = placeOf.get(id) as number;
      writer.varint((place - before - 1) * 2 + (count === 1 ? 0 : 1));
      if (count !== 1) writer.varint(count);
      before = place;
    }
  });
  return { bytes: writer.finish() };
}

/** What stands at the beginning of a page's tokens. */
export function tokenHead({ bytes }: PageTokens): {
  readonly tokens: number;
  readonly distinct: number;
  readonly texts: number;
} {
  const reader = new ByteReader(bytes);
  return { tokens: reader.varint(), distinct: reader.varint(), texts: reader.varint() };
}

/** A text as a bag: places among the page's different tokens, ascending, each with how often it is. */
export interface TokenBag {
  readonly length: number;
  readonly places: Uint32Array;
  readonly counts: Uint32Array;
}

const nothing = new Uint32Array(0);

/**
 * The page's different tokens, and each text by places among them.
 * @param wanted the texts to read; the others have their length and no tokens
 */
export function readBags(
  { bytes }: PageTokens,
  wanted?: ReadonlySet<number>,
): {
  readonly distinct: Uint32Array;
  readonly texts: readonly TokenBag[];
} {
  const reader = new ByteReader(bytes);
  reader.varint();
  const distinct = new Uint32Array(reader.varint());
  const count = reader.varint();
  let id = -1;
  for (let place = 0; place < distinct.length; place++) {
    id += reader.varint() + 1;
    distinct[place] = id;
  }
  const float = new DataView(new ArrayBuffer(4));
  const texts = Array.from({ length: count }, (_, text): TokenBag => {
    const size = reader.varint();
    for (let byte = 0; byte < 4; byte++) float.setUint8(byte, reader.byte());
    if (wanted?.has(text) === false) {
      for (let i = 0; i < size; i++) if ((reader.varint() & 1) === 1) reader.varint();
      return { length: float.getFloat32(0, true), places: nothing, counts: nothing };
    }
    let place = -1;
    const places = new Uint32Array(size);
    const counts = new Uint32Array(size);
    for (let i = 0; i < size; i++) {
      const first = reader.varint();
      place += (first >>> 1) + 1;
      places[i] = place;
      counts[i] = (first & 1) === 0 ? 1 : reader.varint();
    }
    return { length: float.getFloat32(0, true), places, counts };
  });
  return { distinct, texts };
}

/** The ids themselves, text by text. */
export function idsOfTexts(tokens: PageTokens): TokensOfTexts {
  const { distinct, texts } = readBags(tokens);
  const [title = nothing, ...passages] = texts.map(({ places, counts }) => {
    const ids = new Uint32Array(counts.reduce((sum, count) => sum + count, 0));
    let end = 0;
    places.forEach((place, i) => {
      const start = end;
      end += counts[i] as number;
      ids.fill(distinct[place] ?? 0, start, end);
    });
    return ids;
  });
  return { title, passages };
}

/** Two stretches of tokens as one. */
export function joined(a: TokenIds, b: TokenIds): TokenIds {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
