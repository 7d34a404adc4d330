import fc from 'fast-check';
import type { PageOrdinal } from '../core/ids.ts';
import { CodeIndex } from '../core/index/code-index.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { expectSame, type KernelProperty, randomBytes } from './fuzz.test-tools.ts';
import type { KernelVariant } from './kernels-module.ts';
import { WasmScanKernel } from './scan-kernel.ts';

/** The kernel and its reference over the same codes. */
function bothWith(variant: KernelVariant, codes: Uint8Array): readonly [ScanKernel, ScanKernel] {
  const both = [new WasmScanKernel(variant), new ReferenceScanKernel(64)] as const;
  for (const kernel of both) {
    kernel.reserve(codes.length / 64);
    kernel.codes().set(codes);
  }
  return both;
}

const randomFloats = (next: () => number) =>
  Float32Array.from({ length: 512 }, () => next() / 2 ** 31 - 1);

const anyCode = fc.oneof(
  fc.uint8Array({ minLength: 64, maxLength: 64 }),
  fc.constantFrom(new Uint8Array(64), new Uint8Array(64).fill(255)),
);

/** The second half of the codes are the first with some bits turned, up to 119 of them. */
function codesInPairs(next: () => number, rows: number): Uint8Array {
  const codes = randomBytes(next, 64 * rows);
  const half = rows >> 1;
  codes.copyWithin(half * 64, 0, half * 64);
  for (let row = half; row < rows; row++) {
    for (let bits = (row * 7) % 120; bits > 0; bits--) {
      const place = row * 64 + (next() % 64);
      codes[place] = (codes[place] as number) ^ (1 << (next() & 7));
    }
  }
  return codes;
}

export const scanProperties: readonly KernelProperty[] = [
  {
    kernel: 'distances',
    name: 'for any stretch of rows',
    check(variant, seed) {
      const codes = fc.array(anyCode, { minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(codes, anyCode, fc.nat(), fc.nat(), (list, query, a, b) => {
          const bytes = Uint8Array.from(list.flatMap((one) => [...one]));
          const [wasm, reference] = bothWith(variant, bytes);
          const from = a % list.length;
          const to = from + (b % (list.length - from + 1));
          const expected = reference.distances(query, from, to);
          expectSame(wasm.distances(query, from, to), expected, 'distances');
        }),
        { seed, numRuns: 400 },
      );
    },
  },
  {
    kernel: 'distances',
    name: 'for more rows than one slice, after the memory grew',
    check(variant, seed) {
      const next = mulberry32(seed);
      const rows = 150_000;
      const first = randomBytes(next, 64 * 1000);
      const [wasm] = bothWith(variant, first);
      wasm.reserve(rows);
      expectSame(wasm.codes().slice(0, first.length), first, 'codes after growing');
      const bytes = randomBytes(next, 64 * rows);
      wasm.codes().set(bytes);
      const [, reference] = bothWith(variant, bytes);
      const query = randomBytes(next, 64);
      const expected = reference.distances(query, 3, rows - 1);
      expectSame(wasm.distances(query, 3, rows - 1), expected, 'distances');
      const chosen = Int32Array.from({ length: 70_000 }, () => next() % rows);
      const floats = randomFloats(next);
      const scores = reference.signScores(floats, chosen);
      expectSame(wasm.signScores(floats, chosen), scores, 'scores');
    },
  },
  {
    kernel: 'signScores',
    name: 'for any query and rows',
    check(variant, seed) {
      const both = bothWith(variant, randomBytes(mulberry32(seed), 64 * 100));
      const query = fc
        .array(fc.float({ noNaN: true, min: -1, max: 1 }), { minLength: 512, maxLength: 512 })
        .map((values) => Float32Array.from(values));
      const rows = fc.array(fc.nat(99)).map((list) => Int32Array.from(list));
      fc.assert(
        fc.property(query, rows, (values, list) => {
          const [wasm, reference] = both;
          const expected = reference.signScores(values, list);
          expectSame(wasm.signScores(values, list), expected, 'scores');
        }),
        { seed, numRuns: 300 },
      );
    },
  },
  {
    kernel: 'near',
    name: 'with and without a mask, for any limit',
    check(variant, seed) {
      const pageCounts = fc.array(fc.nat(30), { minLength: 1, maxLength: 60 });
      const limits = fc.constantFrom(0, 1, 3, 20, 100, 10_000);
      fc.assert(
        fc.property(pageCounts, fc.nat(), limits, fc.boolean(), (counts, own, limit, hasMask) => {
          const next = mulberry32(own);
          const wasm = new CodeIndex(new WasmScanKernel(variant));
          const reference = new CodeIndex(new ReferenceScanKernel(64));
          const query = randomBytes(next, 64);
          for (const [page, count] of counts.entries()) {
            // Some pages lie near the query, as pages of one topic do.
            const keep = next() % 4 === 0 ? 0xfc : 0;
            const codes = Uint8Array.from({ length: count * 64 }, (_, i) => {
              const byte = query[i & 63] as number;
              return (byte & keep) | (next() & 255 & ~keep);
            });
            for (const index of [wasm, reference]) index.addPage(page as PageOrdinal, codes);
          }
          for (const index of [wasm, reference]) {
            index.removePage((own % counts.length) as PageOrdinal);
          }
          const mask = hasMask ? Uint8Array.from(counts, () => next() & 1).subarray(1) : undefined;
          const found = wasm.scan(query, limit, mask);
          const expected = reference.scan(query, limit, mask);
          expectSame(found.rows, expected.rows, 'rows');
          expectSame(found.distances, expected.distances, 'their distances');
          expectSame(found.nearest, expected.nearest, 'the nearest of each page');
        }),
        { seed, numRuns: 300 },
      );
    },
  },
  {
    kernel: 'alike',
    name: 'for any two stretches of rows',
    check(variant, seed) {
      const rows = 60;
      const [wasm, reference] = bothWith(variant, codesInPairs(mulberry32(seed), rows));
      const range = fc
        .tuple(fc.nat(rows), fc.nat(rows))
        .map(([a, b]) => ({ first: Math.min(a, b), count: Math.abs(a - b) }));
      fc.assert(
        fc.property(range, range, fc.nat(80), fc.nat(30), (a, b, bits, needed) => {
          const counts = [wasm, reference].map((one) => one.countAlike(a, b, bits, needed));
          expectSame(Int32Array.of(counts[0] ?? -1), Int32Array.of(counts[1] ?? -1), 'alike');
          // It may stop early only where the number needed cannot be reached.
          const all = reference.countAlike(a, b, bits, 0);
          if (all >= needed) expectSame(Int32Array.of(counts[0] ?? -1), Int32Array.of(all), 'all');
        }),
        { seed, numRuns: 500 },
      );
    },
  },
];
