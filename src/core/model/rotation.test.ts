import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEncoder, normalise } from './encoder.ts';
import { mulberry32, rotate, rotationSigns, rotationSize, signBits } from './rotation.ts';
import { tokenTable } from './token-table.ts';
import { createTokenizer } from './tokenizer.ts';

const vector = (length: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values));

/** The rotation as a plain matrix product: H[i][j] = (−1)^popcount(i & j) / √n, three times. */
function naiveRotation(values: Float32Array, size: number, seed: number): number[] {
  const next = mulberry32(seed);
  let current = Array.from({ length: size }, (_, i) => values[i] ?? 0);
  for (let round = 0; round < 3; round++) {
    const flipped = current.map((value) => (next() >= 2 ** 31 ? -value : value));
    current = current.map((_, i) =>
      flipped.reduce((sum, value, j) => {
        const bits = (i & j).toString(2).replaceAll('0', '').length;
        return sum + (bits % 2 === 0 ? value : -value) / Math.sqrt(size);
      }, 0),
    );
  }
  return current;
}

describe('rotation', () => {
  it('draws the published numbers of mulberry32', () => {
    // Computed by an implementation of the generator in another language, seed 7.
    const next = mulberry32(7);
    const all = Array.from({ length: 1000 }, next);
    expect(all.every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32)).toBe(
      true,
    );
    expect(all.slice(0, 3)).toEqual([50271532, 266108690, 4195786334]);
  });

  it('equals the product with the naive matrix', () => {
    const next = mulberry32(1);
    const values = Float32Array.from({ length: 40 }, () => next() / 2 ** 31 - 1);
    const naive = naiveRotation(values, 512, 7);
    const fast = rotate(values, rotationSigns(512, 3, 7), 512);
    naive.forEach((value, i) => {
      expect(fast[i]).toBeCloseTo(value, 5);
    });
  });

  it('keeps lengths and angles for every width', () => {
    const cases = fc.constantFrom(64, 256, 384, 512, 700, 1024);
    fc.assert(
      fc.property(
        cases.chain((dims) => fc.tuple(vector(dims), vector(dims))),
        ([a, b]) => {
          const size = rotationSize(a.length);
          const signs = rotationSigns(size, 3, 7);
          const dot = (x: Float32Array, y: Float32Array) => x.reduce((s, v, i) => s + v * y[i]!, 0);
          const before = dot(a, b);
          const after = dot(rotate(a, signs, size), rotate(b, signs, size));
          expect(Math.abs(after - before)).toBeLessThan(1e-3);
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it('writes bit i to byte i >> 3, bit i & 7, one for zero and more', () => {
    const values = new Float32Array(512).fill(-1);
    for (const i of [0, 9, 511]) values[i] = 0;
    const code = signBits(values);
    expect([code[0], code[1], code[63]]).toEqual([1, 2, 128]);
    expect(code.reduce((sum, byte) => sum + byte, 0)).toBe(131);
  });

  it('gives the golden code of a fixed embedding', () => {
    const table = tokenTable(256, new Int8Array(256), new Float32Array(1));
    const tokenizer = createTokenizer({ tokens: ['[UNK]'], unknownId: 0, maxWordChars: 100 });
    const encoder = createEncoder({
      tokenizer,
      table,
      code: { bits: 512, rounds: 3, seed: 7 },
    });
    const embedding = normalise(
      Float32Array.from({ length: 256 }, (_, i) => ((i * 37) % 101) - 50),
    );
    const hex = Buffer.from(encoder.code(embedding)).toString('hex');
    expect(hex.slice(0, 64)).toBe(
      '070a190e99364d1cdaec01483dcf3669c7140e2cdbe774e6cd61d0ab07106bca',
    );
    expect(encoder.rotate(embedding)).toHaveLength(512);
    expect(encoder.embed(new Uint32Array(0))).toEqual(new Float32Array(256));
    expect(encoder.embed(Uint32Array.of(0, 99))).toEqual(new Float32Array(256));
  });
});
