import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xxh32 } from './checksum.ts';

const utf8 = new TextEncoder();

describe('xxh32', () => {
  // Made by the reference implementation (xxhsum -H0).
  it.each([
    ['', 0, 0x02cc5d05],
    ['a', 0, 0x550d7456],
    ['abc', 0, 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
  ])('of "%s" is the published value', (text, seed, expected) => {
    expect(xxh32(utf8.encode(text), seed)).toBe(expected);
  });

  it('is the same wherever the bytes lie in memory, and another after any change', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 99 }),
        fc.nat(7),
        fc.nat(),
        (bytes, shift, place) => {
          const moved = new Uint8Array(bytes.length + shift);
          moved.set(bytes, shift);
          expect(xxh32(moved.subarray(shift))).toBe(xxh32(bytes));
          const changed = bytes.slice();
          const at = place % bytes.length;
          changed[at] = (changed[at] as number) ^ 1;
          expect(xxh32(changed)).not.toBe(xxh32(bytes));
        },
      ),
    );
  });
});
