import fc from 'fast-check';
import { mulberry32 } from '../core/model/rotation.ts';
import { packedTable, tokenTable } from '../core/model/token-table.ts';
import { createTokenizer } from '../core/model/tokenizer.ts';
import type { EncoderModel, Tokenizer } from '../core/model/types.ts';
import type { KernelVariant } from './kernels-module.ts';

/** The rows of the table in docs/kernels.md; a test holds the two together. */
export const kernelNames = {
  distances: 'Hamming distances of a query to all codes',
  near: 'the nearest passage of every page, and the rows near the query',
  signScores: 'asymmetric second look by byte tables',
  late: "late interaction: each query token's best cosine in each text",
  meet: 'what a query meets in all texts of a page: best cosines, and what its exact cosine is made of',
  alike: 'how many codes of a page have one of nearly the same on another',
  inflate: 'raw deflate to bytes',
  tokenizer: 'text to tokens',
  encoder: 'pooling, rotation, signs',
  turn: "a mirror's secret matrix times vectors, for sync",
  cosine: "cosine of a candidate's passage",
  terms: 'BM25 over compressed postings',
} as const;

export type KernelName = keyof typeof kernelNames;

/** Something in which a kernel equals its reference, whatever it is given. */
export interface KernelProperty {
  readonly kernel: KernelName;
  readonly name: string;
  /** @throws an error that shows what was given, where the two differ */
  check(variant: KernelVariant, seed: number): void;
}

export const codeRecipe = { bits: 512, rounds: 3, seed: 7 } as const;
/** Tokens of a made table; fuzzed ids go a little beyond it. */
const tableTokens = 300;

/** Words, pieces and punctuation of some scripts, and some tokens of the sizes that lie at edges. */
export const knownWords: readonly string[] = [
  'the apple leath ##er seat concept ##s un ##happi ##ness cafe größe größ ##e straße und',
  'привет мир 한국어 한국 ##어 문장 ##을 日 本 テスト fi ##nal ... 1 ##2 ##⁄ ( ) . , - “ ” ’',
  'abcdefg abcdefgh abcdefghi ##abcdefgh abcdefghijkl ##abcdefghijkl abcdefghijklm x ##x',
].flatMap((line) => line.split(' '));

/** A tokenizer of {@link knownWords}. */
export const smallTokenizer: Tokenizer = createTokenizer({
  tokens: ['[UNK]', ...knownWords],
  unknownId: 0,
  maxWordChars: 24,
});

const scalesOf = (next: () => number, tokens: number) =>
  Float32Array.from({ length: tokens }, () => next() / 2 ** 31 - 1);

/** A made model with a table of eight bits. */
export function plainModel(dims: number, seed: number, tokens = tableTokens): EncoderModel {
  const next = mulberry32(seed);
  const rows = Int8Array.from({ length: dims * tokens }, () => (next() % 255) - 127);
  rows.fill(0, 5 * dims, 6 * dims); // a token without a vector
  rows.fill(-127, 7 * dims, 8 * dims);
  const table = tokenTable(dims, rows, scalesOf(next, tokens));
  return { tokenizer: smallTokenizer, table, code: codeRecipe };
}

/** A made model with a table of four bits; every other row has the largest values there are. */
export function packedModel(dims: number, seed: number, tokens = tableTokens): EncoderModel {
  const next = mulberry32(seed);
  const packed = Uint8Array.from({ length: (dims / 2) * tokens }, (_, i) =>
    Math.floor((2 * i) / dims) % 2 === 0 ? next() & 255 : (next() & 1) * 255,
  );
  const table = packedTable(dims, packed, scalesOf(next, tokens));
  return { tokenizer: smallTokenizer, table, code: codeRecipe };
}

/** Token ids of a made table, and some beyond it. */
export function fuzzIds(maxLength: number): fc.Arbitrary<Uint32Array> {
  return fc
    .array(fc.integer({ min: 0, max: tableTokens + 19 }), { maxLength })
    .map((list) => Uint32Array.from(list));
}

export function randomBytes(next: () => number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, () => next() & 255);
}

type Numbers = ArrayLike<number> & ArrayBufferView;

/** Expects the same bits. */
export function expectSame(found: Numbers, expected: Numbers, what: string): void {
  if (found.length !== expected.length) {
    throw new Error(`${what}: ${found.length} values, the reference has ${expected.length}`);
  }
  const bytes = (view: Numbers) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const [own, other] = [bytes(found), bytes(expected)];
  const at = own.findIndex((byte, place) => byte !== other[place]);
  if (at < 0) return;
  const place = Math.floor((at * found.length) / own.length);
  throw new Error(`${what}: value ${place} is ${found[place]}, the reference's ${expected[place]}`);
}

/** Expects values within a tolerance of the reference's. */
export function expectNear(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-6,
): void {
  if (found.length !== expected.length) {
    throw new Error(`${what}: ${found.length} values, the reference has ${expected.length}`);
  }
  for (let place = 0; place < found.length; place++) {
    const [own, other] = [found[place] as number, expected[place] as number];
    // Not the other way round: no number is near to another than itself when one is NaN.
    if (Math.abs(own - other) <= tolerance) continue;
    throw new Error(`${what}: value ${place} is ${own}, the reference's ${other}`);
  }
}
