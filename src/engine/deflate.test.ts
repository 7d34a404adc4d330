import { describe, expect, it } from 'vitest';
import { DeflateCompressor } from './deflate.ts';

const text = new TextEncoder().encode('Bees keep the hive warm in winter. '.repeat(200));

describe('DeflateCompressor', () => {
  it('unpacks what it packed, little and much', async () => {
    const compressor = new DeflateCompressor();
    const much = Uint8Array.from({ length: 600_000 }, (_, i) => (i * i) >> (i % 13));
    for (const bytes of [new Uint8Array(0), text, much]) {
      const packed = await compressor.deflate(bytes);
      expect(await compressor.inflate(packed, bytes.length)).toEqual(bytes);
    }
    expect(compressor.fallbacks).toBe(0);
  });

  it('keeps what it gave when it unpacks something else', async () => {
    const compressor = new DeflateCompressor();
    const [one, other] = [text, text.slice(5).reverse()];
    const packed = [await compressor.deflate(one), await compressor.deflate(other)] as const;
    const both = await Promise.all(packed.map((bytes) => compressor.inflate(bytes, 10_000)));
    expect(both).toEqual([one, other]);
  });

  it('goes on by a stream where WebAssembly is refused or traps, and counts it', async () => {
    for (const makeKernel of [
      () => {
        throw new WebAssembly.CompileError('refused');
      },
      () => ({
        inflate: () => {
          throw new WebAssembly.RuntimeError('unreachable');
        },
      }),
    ]) {
      const compressor = new DeflateCompressor(makeKernel);
      const packed = await compressor.deflate(text);
      expect(await compressor.inflate(packed, 10_000)).toEqual(text);
      expect(compressor.fallbacks).toBe(1);
    }
  });

  it('refuses other bytes and what swells beyond the limit, either way', async () => {
    const packed = await new DeflateCompressor().deflate(text);
    const stream = new DeflateCompressor(() => {
      throw new WebAssembly.CompileError('refused');
    });
    for (const compressor of [new DeflateCompressor(), stream]) {
      await expect(compressor.inflate(packed, 100)).rejects.toThrow('beyond 100 bytes');
      await expect(compressor.inflate(Uint8Array.of(7, 1, 2), 100)).rejects.toThrow();
    }
  });
});
