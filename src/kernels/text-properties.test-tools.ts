import fc from 'fast-check';
import { deflateSync, inflateSync } from 'fflate';
import { fuzzText, fuzzWords } from '../../eval/support/fuzz-text.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { createTokenizer } from '../core/model/tokenizer.ts';
import type { Tokenizer, WordPieces } from '../core/model/types.ts';
import { ReferenceTurnKernel } from '../core/sync/turn.ts';
import { expectSame, type KernelProperty, knownWords, smallTokenizer } from './fuzz.test-tools.ts';
import { WasmInflateKernel } from './inflate-kernel.ts';
import type { KernelVariant } from './kernels-module.ts';
import { WasmTurnKernel } from './turn-kernel.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

/** Expects the ids of a tokenizer in TypeScript, and their places. */
function comparing(general: Tokenizer, variant: KernelVariant): (text: string) => void {
  const fast = new WasmTokenizer(general, general.pieces as WordPieces, variant);
  return (text) => {
    const shown = text.length > 60 ? `${text.length} code units` : JSON.stringify(text);
    expectSame(fast.encode(text), general.encode(text), `ids of ${shown}`);
    const found = fast.encodeWithOffsets(text);
    const expected = general.encodeWithOffsets(text);
    for (const part of ['ids', 'starts', 'ends'] as const) {
      expectSame(found[part], expected[part], `${part} of ${shown}`);
    }
  };
}

const tokenizerProperty = (
  name: string,
  check: (expectSameIds: (text: string) => void, seed: number) => void,
): KernelProperty => ({
  kernel: 'tokenizer',
  name,
  check: (variant, seed) => check(comparing(smallTokenizer, variant), seed),
});

/** Around what a slot has room for, and beyond every word. */
const lengths = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 10_000 }));

/** Words and pieces as no maker of a vocabulary meant them. */
const oddTokens = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom('', '#', '##', '###', '####', ' ', '\0', '## ', '\ud800', '##\udc00', '\uffff'),
    fc.constantFrom(...'abAB한'),
    fuzzText(1),
    fc
      .tuple(fc.boolean(), fc.constantFrom('a', 'ab', '한'), lengths)
      .map(([continues, unit, times]) => (continues ? '##' : '') + unit.repeat(times)),
  ),
  { minLength: 1, maxLength: 30 },
);

/** Bytes that repeat themselves as a text does, or not at all, or over and over. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fuzzText(60).map((text) => new TextEncoder().encode(text)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 9_000 }))
    .map(([some, times]) =>
      Uint8Array.from({ length: times }, (_, i) => some[i % some.length] ?? 0),
    ),
);
const levels = fc.constantFrom(0, 1, 3, 6, 9);

/** What is unpacked; null where it is refused. */
function unpacked(unpack: () => Uint8Array): Uint8Array | null {
  try {
    return unpack();
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
    return null;
  }
}

/** Against fflate; zlib, which packs in more ways, is met in the unit tests alone. */
const inflateProperty: KernelProperty = {
  kernel: 'inflate',
  name: 'what was packed, and the same damaged',
  check(variant, seed) {
    const kernel = new WasmInflateKernel(variant);
    const limit = 1 << 20;
    fc.assert(
      fc.property(anyBytes, levels, (bytes, level) => {
        const packed = deflateSync(bytes, { level: level as 0 | 1 | 3 | 6 | 9 });
        expectSame(kernel.inflate(packed, limit), bytes, 'unpacked');
        const dictionary = bytes.slice(-100);
        const short = deflateSync(bytes, { level: level as 0 | 1 | 3 | 6 | 9, dictionary });
        expectSame(kernel.inflate(short, limit, dictionary), bytes, 'unpacked by a dictionary');
      }),
      { seed, numRuns: 500 },
    );
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(anyBytes, levels, change, (bytes, level, [place, bits]) => {
        const packed = deflateSync(bytes, { level: level as 0 | 1 | 3 | 6 | 9 });
        const at = place % packed.length;
        packed[at] = (packed[at] as number) ^ bits;
        const found = unpacked(() => kernel.inflate(packed, limit));
        const expected = unpacked(() => inflateSync(packed));
        // What must be refused, the unit tests ask zlib.
        if (found !== null && expected !== null) expectSame(found, expected, 'unpacked');
      }),
      { seed, numRuns: 500 },
    );
  },
};

export const textProperties: readonly KernelProperty[] = [
  inflateProperty,
  tokenizerProperty('fuzzed text of 22 scripts', (expectSameIds, seed) => {
    fc.assert(fc.property(fuzzText(), expectSameIds), { seed, numRuns: 3000 });
  }),
  tokenizerProperty('words of its vocabulary among fuzz', (expectSameIds, seed) => {
    const known = knownWords.map((word) => word.replace('##', ''));
    fc.assert(fc.property(fuzzWords(known), expectSameIds), { seed, numRuns: 3000 });
  }),
  tokenizerProperty('every character, alone and between letters', (expectSameIds) => {
    for (let unit = 0; unit < 65_536; unit++) {
      const character = String.fromCharCode(unit);
      expectSameIds(`x${character}x ${character}`);
    }
  }),
  tokenizerProperty('words at the limits, and texts beyond its buffer', (expectSameIds) => {
    for (const length of [0, 24, 25]) expectSameIds('x'.repeat(length));
    for (const text of [' ', `x${'…'.repeat(40)}`, '½ ﬁnal …x']) expectSameIds(text);
    expectSameIds('…¼ apple '.repeat(2_500).slice(0, 10_000));
    expectSameIds(`${'“apple” 한국어을, '.repeat(1_000)}un`);
  }),
  {
    kernel: 'tokenizer',
    name: 'vocabularies with odd entries: empty, half a character, 10,000 characters',
    check(variant, seed) {
      const limits = fc.constantFrom(1, 3, 100, 12_000);
      const run = fc
        .tuple(fc.constantFrom('a', 'ab', '한', '#'), fc.nat(10_010))
        .map(([unit, times]) => unit.repeat(times).slice(0, 10_010));
      const texts = fc.array(fc.oneof(fuzzText(2), run), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(oddTokens, limits, texts, (tokens, maxWordChars, list) => {
          const odd = createTokenizer({ tokens, unknownId: 0, maxWordChars });
          const expectSameIds = comparing(odd, variant);
          for (const text of [...list, list.join(' '), tokens.join(' ').slice(0, 10_000)]) {
            expectSameIds(text);
          }
        }),
        { seed, numRuns: 60 },
      );
    },
  },
  {
    kernel: 'turn',
    name: 'any dims and any number of vectors',
    check(variant, seed) {
      const vectorCounts = fc.constantFrom(0, 1, 2, 7, 40, 90);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 70 }), vectorCounts, fc.nat(), (dims, count, own) => {
          const next = mulberry32(own);
          const floats = (size: number) =>
            Float32Array.from({ length: size }, () => (next() / 2 ** 32 - 0.5) * 3);
          const matrix = floats(dims * dims);
          const wasm = new WasmTurnKernel(matrix, dims, variant);
          const reference = new ReferenceTurnKernel(matrix, dims);
          // Twice: a second page is turned in the memory of the first.
          for (const size of [count, count >> 1]) {
            const vectors = Array.from({ length: size }, () => floats(dims));
            const expected = reference.turn(vectors);
            wasm.turn(vectors).forEach((vector, place) => {
              expectSame(vector, expected[place] as Float32Array, `vector ${place}`);
            });
          }
        }),
        { seed, numRuns: 60 },
      );
    },
  },
];
