import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentReads } from './recent-reads.ts';

describe('what was read of segments last', () => {
  it('is what reading gives, whatever was read before', () => {
    const part = Uint8Array.from({ length: 90_000 }, (_, i) => i % 251);
    const reading = fc.record({ reader: fc.nat(3), at: fc.nat(40), size: fc.nat(60) });
    const large = fc.record({ reader: fc.nat(3), at: fc.nat(9), size: fc.constant(40_000) });
    fc.assert(
      fc.property(fc.array(fc.oneof(reading, large), { maxLength: 60 }), (asked) => {
        const recent = new RecentReads();
        const bytesOf = (reader: number, at: number, size: number) =>
          part.slice(at, at + size).map((byte) => byte ^ reader);
        const readers = [0, 1, 2, 3].map((reader) =>
          recent.of(reader >> 1, reader % 2 === 0 ? 'rows' : 'terms', (at, size) =>
            bytesOf(reader, at, size),
          ),
        );
        for (const { reader, at, size } of asked) {
          const read = Buffer.from(readers[reader]?.(at, size) ?? []);
          expect(read.equals(bytesOf(reader, at, size))).toBe(true);
        }
      }),
    );
  });

  it('is read once while it is kept, and not kept for long', () => {
    let reads = 0;
    const recent = new RecentReads();
    const read = recent.of(7, 'terms', (_at, size) => {
      reads++;
      return new Uint8Array(size);
    });
    for (let i = 0; i < 5; i++) read(100, 50);
    read(100, 20);
    expect(reads).toBe(1);
    for (let i = 0; i < 200; i++) read(1_000 * i + 1, 30_000);
    reads = 0;
    read(100, 50);
    expect(reads).toBe(1);
    recent.clear();
    read(100, 50);
    expect(reads).toBe(2);
  });
});
