import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.ts';
import { WasmInflateKernel } from './inflate-kernel.ts';

const kernel = new WasmInflateKernel();
const limit = 1 << 20;

/** Bytes that repeat themselves now and then, as a text does, and such that do not. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fc
    .array(fc.oneof(fc.lorem({ maxCount: 8 }), fc.string({ unit: 'binary', maxLength: 40 })), {
      maxLength: 120,
    })
    .map((words) => new TextEncoder().encode(words.join(' '))),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 9_000 }))
    .map(([some, times]) =>
      Uint8Array.from({ length: times }, (_, i) => some[i % some.length] ?? 0),
    ),
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

describe('the inflate kernel', () => {
  it('unpacks what zlib packed, at every level and with every kind of block', () => {
    fc.assert(
      fc.property(content, options, (bytes, how) => {
        const packed = deflateRawSync(bytes, how);
        expect(Buffer.from(kernel.inflate(packed, limit)).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('unpacks what was packed with a dictionary, and with another afterwards', () => {
    const words = fc.array(fc.lorem({ maxCount: 6 }), { minLength: 1, maxLength: 40 });
    const dictionaries = [1, 2].map((seed) =>
      new TextEncoder().encode(fc.sample(words, { seed, numRuns: 20 }).flat().join(' ')),
    );
    fc.assert(
      fc.property(content, fc.constantFrom(...dictionaries), (bytes, dictionary) => {
        const packed = deflateRawSync(bytes, { dictionary });
        const found = kernel.inflate(packed, limit, dictionary);
        expect(Buffer.from(found).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 500 },
    );
    const [own, other] = dictionaries as [Uint8Array, Uint8Array];
    const packed = deflateRawSync(own.slice(100, 300), { dictionary: own });
    expect(packed.length).toBeLessThan(20);
    const wrong = Buffer.from(kernel.inflate(packed, limit, other));
    expect(wrong.equals(Buffer.from(own.slice(100, 300)))).toBe(false);
    expect(() => kernel.inflate(packed, limit)).toThrow('not deflate');
  });

  it('takes bytes that are damaged as zlib does, or refuses them', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        content,
        options,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.nat(),
        (bytes, how, changes, cut) => {
          const packed = deflateRawSync(bytes, how);
          for (const [place, bits] of changes) {
            const at = place % packed.length;
            packed[at] = (packed[at] as number) ^ bits;
          }
          const damaged = packed.subarray(0, packed.length - (cut % 3 === 0 ? cut % 20 : 0));
          let found: Buffer | null = null;
          try {
            found = Buffer.from(kernel.inflate(damaged, limit));
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(AppError);
            expect(thrown).toMatchObject({ code: 'storage-corrupt' });
            refused++;
          }
          let expected: Buffer | null = null;
          try {
            expected = inflateRawSync(damaged, { maxOutputLength: limit });
          } catch {}
          // zlib also refuses some tables that nothing in the bytes makes use of.
          if (expected !== null) expect(found?.equals(expected)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('refuses what swells beyond the limit, and takes what just fits', () => {
    const bomb = deflateRawSync(new Uint8Array(50_000));
    expect(kernel.inflate(bomb, 50_000)).toHaveLength(50_000);
    expect(() => kernel.inflate(bomb, 49_999)).toThrow('swell beyond 49999 bytes');
    expect(() => kernel.inflate(new Uint8Array(0), limit)).toThrow('not deflate');
  });
});
