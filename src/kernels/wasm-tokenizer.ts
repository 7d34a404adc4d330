import { CharacterClass } from '../core/model/characters.ts';
import { textForms } from '../core/model/text-forms.ts';
import type { TokenIds, Tokenizer, TokenSpans, WordPieces } from '../core/model/types.ts';
import type { VocabularyTable } from '../core/model/vocabulary.ts';
import {
  bestVariant,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
  Places,
} from './kernels-module.ts';

/** Longest text, in UTF-16 code units, that is read at once: up to three bytes each. */
const maxUnits = 10_000;
const maxBytes = 3 * maxUnits;
/** A character of two bytes may expand to four words. */
const maxIds = 2 * maxBytes;

/** Bytes of a slot of the vocabulary. */
const slotBytes = 32;

const utf8 = new TextEncoder();

function kindOf(forms: Uint32Array, text: string, at: number): number {
  return (forms[text.charCodeAt(at)] as number) >>> 16;
}

/** Whether each character of a text becomes one character, which stands where it stood. */
function isInPlace(forms: Uint32Array, text: string): boolean {
  if (text.length > maxUnits) return false;
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf(forms, text, at);
    if (kind > CharacterClass.han || kind === CharacterClass.dropped) return false;
  }
  return true;
}

/** Whether no stretch of a word is this token: it has punctuation, which is a word by itself, and more. */
function isNoWord({ units, offsets }: VocabularyTable, forms: Uint32Array, id: number): boolean {
  const own = units.subarray(offsets[id], offsets[id + 1]);
  const isPunctuation = (unit: number) =>
    (forms[unit] as number) >>> 16 === CharacterClass.punctuation;
  return own.length > 1 && own.some(isPunctuation);
}

/**
 * The tokenizer in WebAssembly, for texts of characters that normalise by themselves; others, and
 * very long ones, go to the tokenizer it was made of. Same ids either way.
 */
export class WasmTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly unknownId: number;
  readonly #general: Tokenizer;
  readonly #wasm: KernelFunctions;
  readonly #text: number;
  readonly #tables: number;
  readonly #out: number;
  readonly #forms: Uint32Array;
  readonly #table: VocabularyTable;
  /** Whether ids say where tokens are: the unknown one is met in no word. */
  readonly #hasPlaces: boolean;
  // Views of a memory that never grows.
  readonly #bytes: Uint8Array;
  readonly #ids: Uint32Array;

  constructor(
    general: Tokenizer,
    { table, unknownId, maxWordChars, forms: prepared = textForms() }: WordPieces,
    variant: KernelVariant = bestVariant(),
  ) {
    this.#wasm = instantiateKernels(variant);
    this.#general = general;
    this.vocabularySize = general.vocabularySize;
    this.unknownId = general.unknownId;
    const { entries, expansions } = prepared;
    this.#forms = entries;
    this.#table = table;
    this.#hasPlaces = isNoWord(table, entries, unknownId);
    const { slots, hashes, offsets, units, longest } = table;
    const places = new Places();
    this.#text = places.take(maxBytes + 1);
    this.#out = places.take(maxIds * 4);
    this.#tables = places.take(12 * 4);
    const letters = places.take(256);
    const word = places.take((maxWordChars + 1) * 2 + 8);
    const prefixes = places.take((maxWordChars + 1) * 4);
    const expanded = places.take(expansions.length);
    const forms = places.take(entries.length * 4);
    const tags = places.take(slots.length);
    const entriesPlace = places.take(slots.length * slotBytes);
    const unitsPlace = places.take(units.length * 2 + 8);
    // Read once, to lay out the slots.
    const slotsPlace = places.take(slots.length * 4);
    const hashesPlace = places.take(hashes.length * 4);
    const offsetsPlace = places.take(offsets.length * 4);
    growTo(this.#wasm.memory, places.end);
    const { buffer } = this.#wasm.memory;
    this.#bytes = new Uint8Array(buffer, this.#text, maxBytes);
    this.#ids = new Uint32Array(buffer, this.#out, maxIds);
    new Uint32Array(buffer, this.#tables, 12).set([
      forms,
      expanded,
      letters,
      tags,
      entriesPlace,
      slots.length - 1,
      unitsPlace,
      longest,
      maxWordChars,
      unknownId,
      word,
      prefixes,
    ]);
    new Uint32Array(buffer, forms, entries.length).set(entries);
    new Uint8Array(buffer, expanded, expansions.length).set(expansions);
    // What ASCII characters inside words become, in a byte; 0 for all others.
    const toLetters = new Uint8Array(buffer, letters, 256);
    for (let unit = 0; unit < 128; unit++) {
      const entry = entries[unit] as number;
      if (entry >>> 16 === 0) toLetters[unit] = entry;
    }
    new Uint16Array(buffer, unitsPlace, units.length).set(units);
    new Uint32Array(buffer, slotsPlace, slots.length).set(slots);
    new Uint32Array(buffer, hashesPlace, hashes.length).set(hashes);
    new Uint32Array(buffer, offsetsPlace, offsets.length).set(offsets);
    this.#wasm.layVocabulary(
      slotsPlace,
      hashesPlace,
      offsetsPlace,
      unitsPlace,
      slots.length,
      tags,
      entriesPlace,
    );
  }

  encode(text: string): TokenIds {
    if (text.length > maxUnits) return this.#general.encode(text);
    const { written } = utf8.encodeInto(text, this.#bytes);
    const count = this.#wasm.tokenise(this.#text, written, this.#tables, this.#out);
    return count < 0 ? this.#general.encode(text) : this.#ids.slice(0, count);
  }

  encodeWithOffsets(text: string): TokenSpans {
    const ids = this.#hasPlaces && isInPlace(this.#forms, text) ? this.encode(text) : null;
    if (ids === null) return this.#general.encodeWithOffsets(text);
    return this.#placed(text, ids);
  }

  /** The places of a text's tokens, where each of its characters becomes one: tokens cover each word. */
  #placed(text: string, ids: TokenIds): TokenSpans {
    const forms = this.#forms;
    const { offsets } = this.#table;
    const starts = new Uint32Array(ids.length);
    const ends = new Uint32Array(ids.length);
    let token = 0;
    for (let at = 0; at < text.length; ) {
      const kind = kindOf(forms, text, at);
      if (kind === CharacterClass.space) {
        at++;
        continue;
      }
      let end = at + 1;
      if (kind === CharacterClass.word) {
        while (end < text.length && kindOf(forms, text, end) === CharacterClass.word) end++;
      }
      while (at < end) {
        const id = ids[token] as number;
        starts[token] = at;
        // A word that cannot be covered is one token as a whole.
        if (id === this.unknownId) at = end;
        else at += (offsets[id + 1] as number) - (offsets[id] as number);
        ends[token++] = at;
      }
    }
    return { ids, starts, ends };
  }

  token(id: number): string | undefined {
    return this.#general.token(id);
  }
}
