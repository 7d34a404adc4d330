import type { TokenIds, Tokenizer, TokenSpans, WordPieces } from '../core/model/types.ts';
import {
  bestVariant,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
  Places,
} from './kernels-module.ts';
import { textForms } from './text-forms.ts';

/** Longest text, in UTF-16 code units, that is read at once: up to three bytes each. */
const maxUnits = 10_000;
const maxBytes = 3 * maxUnits;
/** A character of two bytes may expand to four words. */
const maxIds = 2 * maxBytes;

/** Bytes of a slot of the vocabulary. */
const slotBytes = 32;

const utf8 = new TextEncoder();

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
  // Views of a memory that never grows.
  readonly #bytes: Uint8Array;
  readonly #ids: Uint32Array;

  constructor(
    general: Tokenizer,
    { table, unknownId, maxWordChars }: WordPieces,
    variant: KernelVariant = bestVariant(),
  ) {
    this.#wasm = instantiateKernels(variant);
    this.#general = general;
    this.vocabularySize = general.vocabularySize;
    this.unknownId = general.unknownId;
    const { entries, expansions } = textForms();
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
    return this.#general.encodeWithOffsets(text);
  }

  token(id: number): string | undefined {
    return this.#general.token(id);
  }
}
