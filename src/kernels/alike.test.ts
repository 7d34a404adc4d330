import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { WasmScanKernel } from './scan-kernel.ts';

const next = mulberry32(3);

describe('codes that are nearly the same', () => {
  it('are counted as the reference counts them', () => {
    const rows = 60;
    const codes = Uint8Array.from({ length: 64 * rows }, () => next() & 255);
    // The second half are the first with some bits turned, around as many as are asked for.
    codes.copyWithin(32 * 64, 0, 28 * 64);
    for (let row = 32; row < rows; row++) {
      for (let bits = (row * 7) % 120; bits > 0; bits--) {
        const place = row * 64 + (next() % 64);
        codes[place] = (codes[place] as number) ^ (1 << (next() & 7));
      }
    }
    const kernels = [new WasmScanKernel(), new ReferenceScanKernel(64)] as const;
    for (const kernel of kernels) {
      kernel.reserve(rows);
      kernel.codes().set(codes);
    }
    const range = fc
      .tuple(fc.nat(rows), fc.nat(rows))
      .map(([a, b]) => ({ first: Math.min(a, b), count: Math.abs(a - b) }));
    fc.assert(
      fc.property(range, range, fc.nat(80), fc.nat(30), (a, b, bits, needed) => {
        const [found, expected] = kernels.map((kernel) => kernel.countAlike(a, b, bits, needed));
        expect(found).toBe(expected);
        const all = kernels[1].countAlike(a, b, bits, 0);
        expect((found as number) >= needed).toBe(all >= needed);
        if (all >= needed) expect(found).toBe(all);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
