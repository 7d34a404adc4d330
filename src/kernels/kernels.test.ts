import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernels, kernelsSource } from '../../bin/build-kernels.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import { rowNorms } from '../core/model/model-file.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import type { TokenTable } from '../core/model/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { WasmEncoder } from './encoder.ts';
import { createKernels } from './kernels.ts';
import { WasmScanKernel } from './scan-kernel.ts';
import { WasmSimilarityKernel } from './similarity-kernel.ts';

const next = mulberry32(11);
const randomBytes = (size: number) => Uint8Array.from({ length: size }, () => next() & 255);

/** Equal bytes, without the cost of comparing element by element. */
function same(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const bytes = (view: ArrayBufferView) =>
    Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return a.byteLength > 0 && bytes(a).equals(bytes(b));
}

function fill(kernel: ScanKernel, codes: Uint8Array): void {
  kernel.reserve(codes.length / 64);
  kernel.codes().set(codes);
}

function makeTable(dims: number, tokens = 300): TokenTable {
  const rows = Int8Array.from({ length: dims * tokens }, () => (next() % 255) - 127);
  rows.fill(0, 5 * dims, 6 * dims); // a token without a vector
  rows.fill(-127, 7 * dims, 8 * dims);
  const scales = Float32Array.from({ length: tokens }, () => next() / 2 ** 31 - 1);
  return { dims, rows, scales, norms: rowNorms(rows, scales, dims) };
}
const code = { bits: 512, rounds: 3, seed: 7 } as const;
const small = { table: makeTable(8, 8), code };

describe('the compiled kernels', () => {
  it('are those of the sources', async () => {
    const source = await readFile(new URL('./kernels-wasm.ts', import.meta.url), 'utf8');
    expect(source.replaceAll('\r\n', '\n')).toBe(kernelsSource(await compileKernels()));
  });
});

describe('WasmScanKernel', () => {
  it('gives the distances of the reference, bit for bit, for any stretch of rows', () => {
    const code = fc.oneof(
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      fc.constantFrom(new Uint8Array(64), new Uint8Array(64).fill(255)),
    );
    fc.assert(
      fc.property(
        fc.array(code, { minLength: 1, maxLength: 40 }),
        code,
        fc.nat(),
        fc.nat(),
        (codes, query, a, b) => {
          const wasm = new WasmScanKernel();
          const reference = new ReferenceScanKernel(64);
          const bytes = Uint8Array.from(codes.flatMap((one) => [...one]));
          fill(wasm, bytes);
          fill(reference, bytes);
          const from = a % codes.length;
          const to = from + (b % (codes.length - from + 1));
          expect([...wasm.distances(query, from, to)]).toEqual([
            ...reference.distances(query, from, to),
          ]);
        },
      ),
      { seed: 1, numRuns: 400 },
    );
  });

  it('gives the scores of the reference, bit for bit', () => {
    const bytes = randomBytes(64 * 100);
    const wasm = new WasmScanKernel();
    const reference = new ReferenceScanKernel(64);
    fill(wasm, bytes);
    fill(reference, bytes);
    const query = fc
      .array(fc.float({ noNaN: true, min: -1, max: 1 }), { minLength: 512, maxLength: 512 })
      .map((values) => Float32Array.from(values));
    const rows = fc.array(fc.integer({ min: 0, max: 99 })).map((list) => Int32Array.from(list));
    fc.assert(
      fc.property(query, rows, (values, list) => {
        expect([...wasm.signScores(values, list)]).toEqual([...reference.signScores(values, list)]);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('keeps its codes while it grows, and scans more rows than one slice', () => {
    const wasm = new WasmScanKernel();
    const reference = new ReferenceScanKernel(64);
    const first = randomBytes(64 * 1000);
    fill(wasm, first);
    wasm.reserve(150_000);
    expect(same(wasm.codes().slice(0, first.length), first)).toBe(true);
    const bytes = randomBytes(64 * 150_000);
    wasm.codes().set(bytes);
    fill(reference, bytes);
    const query = randomBytes(64);
    expect(same(wasm.distances(query, 3, 149_999), reference.distances(query, 3, 149_999))).toBe(
      true,
    );
    const rows = Int32Array.from({ length: 70_000 }, () => next() % 150_000);
    const floats = Float32Array.from({ length: 512 }, () => next() / 2 ** 31 - 1);
    expect(same(wasm.signScores(floats, rows), reference.signScores(floats, rows))).toBe(true);
  });
});

describe('WasmSimilarityKernel', () => {
  it.each([8, 30, 256, 384])('gives the cosines of the reference at %i dims', (dims) => {
    const table = makeTable(dims);
    const wasm = new WasmSimilarityKernel(table);
    const reference = new ReferenceSimilarityKernel(table);
    // Up to 20 ids outside the table.
    const ids = (maxLength: number) =>
      fc
        .array(fc.integer({ min: 0, max: 319 }), { maxLength })
        .map((list) => Uint32Array.from(list));
    fc.assert(
      fc.property(ids(30), ids(600), (query, tokens) => {
        const found = wasm.cosines(query, tokens);
        const expected = reference.cosines(query, tokens);
        expect(found.length).toBe(query.length * tokens.length);
        let worst = 0;
        for (let i = 0; i < found.length; i++) {
          worst = Math.max(worst, Math.abs(found[i]! - expected[i]!));
        }
        expect(worst).toBeLessThan(1e-6);
      }),
      { seed: 3, numRuns: 40 },
    );
  });
});

describe('WasmSimilarityKernel, late interaction', () => {
  it.each([7, 8, 256, 384])('gives the best cosines of the reference at %i dims', (dims) => {
    const table = makeTable(dims);
    const wasm = new WasmSimilarityKernel(table);
    const reference = new ReferenceSimilarityKernel(table);
    const id = fc.integer({ min: 0, max: 319 });
    const query = fc.array(id, { maxLength: 40 }).map((list) => Uint32Array.from(list));
    const text = fc
      .array(id, { maxLength: 100 })
      .map((list) => (list.length % 2 === 0 ? Uint16Array.from(list) : Uint32Array.from(list)));
    fc.assert(
      fc.property(query, fc.array(text, { maxLength: 12 }), (asked, texts) => {
        const found = wasm.nearest(asked, texts);
        const expected = reference.nearest(asked, texts);
        expect(found.length).toBe(asked.length * texts.length);
        let worst = 0;
        for (let i = 0; i < found.length; i++) {
          worst = Math.max(worst, Math.abs(found[i]! - expected[i]!));
        }
        expect(worst).toBeLessThan(1e-6);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('gives −1 for a text without tokens, and reads a text of many slices', () => {
    const table = makeTable(16);
    const kernel = new WasmSimilarityKernel(table);
    const long = Uint32Array.from({ length: 20_000 }, () => 5);
    long[13_000] = 9;
    const best = kernel.nearest(Uint32Array.of(9, 8), [new Uint16Array(0), long]);
    expect([best[0], best[1]]).toEqual([-1, -1]);
    expect(best[2]).toBeCloseTo(1, 5);
    expect(best[3]).toBeGreaterThanOrEqual(0);
  });
});

describe('WasmEncoder', () => {
  it.each([7, 64, 256, 384, 512, 1000])('gives the bits of the reference at %i dims', (dims) => {
    const model = { table: makeTable(dims), code };
    const wasm = new WasmEncoder(model);
    const reference = createEncoder(model);
    // Up to 20 ids outside the table, and texts without tokens.
    const ids = fc.array(fc.integer({ min: 0, max: 319 }), { maxLength: 200 });
    fc.assert(
      fc.property(ids, (list) => {
        const tokens = Uint32Array.from(list);
        const embedding = wasm.embed(tokens);
        expect(embedding).toEqual(reference.embed(tokens));
        const unit = reference.embed(tokens.subarray(tokens.length >> 1));
        const parts = [tokens.subarray(0, 9), Uint16Array.from(tokens.subarray(9))];
        const cosine = reference.cosine(unit, parts);
        expect(Math.abs(wasm.cosine(unit, parts) - cosine)).toBeLessThan(1e-5);
        expect(wasm.rotate(embedding)).toEqual(reference.rotate(embedding));
        expect(wasm.code(embedding)).toEqual(reference.code(embedding));
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  it('reads a text of a million tokens', () => {
    const model = { table: makeTable(16), code };
    const tokens = Uint32Array.from({ length: 1_000_000 }, () => next() % 300);
    expect(new WasmEncoder(model).embed(tokens)).toEqual(createEncoder(model).embed(tokens));
  });
});

it('has codes of no rows when nothing was ever added', () => {
  expect(new WasmScanKernel().codes()).toHaveLength(0);
});

describe('createKernels', () => {
  const codes = randomBytes(64 * 20);
  const query = randomBytes(64);
  const reference = new ReferenceScanKernel(64);
  fill(reference, codes);

  it('goes on with the reference where WebAssembly is refused', () => {
    const reports: string[] = [];
    const refuse = () => {
      throw new Error('refused');
    };
    const kernels = createKernels(small, (message) => reports.push(message), {
      scan: refuse,
      similarities: refuse,
      encoder: refuse,
    });
    fill(kernels.scan, codes);
    expect(kernels.scan.distances(query, 0, 20)).toEqual(reference.distances(query, 0, 20));
    expect(kernels.similarities.cosines(Uint32Array.of(1), Uint32Array.of(1))[0]).toBeCloseTo(1, 5);
    expect(kernels.encoder.embed(Uint32Array.of(1, 3))).toEqual(
      createEncoder(small).embed(Uint32Array.of(1, 3)),
    );
    expect(reports).toHaveLength(3);
    expect(reports[0]).toContain('refused');
  });

  it('keeps the codes and answers right when the fast kernel traps in the middle', () => {
    class TrappingScan extends WasmScanKernel {
      calls = 0;
      override distances(...args: Parameters<ScanKernel['distances']>): Uint16Array {
        if (++this.calls > 1) throw new WebAssembly.RuntimeError('unreachable');
        return super.distances(...args);
      }
    }
    class TrappingSimilarity extends WasmSimilarityKernel {
      override cosines(): Float32Array {
        throw new WebAssembly.RuntimeError('out of bounds');
      }
      override nearest(): Float32Array {
        throw new WebAssembly.RuntimeError('out of bounds');
      }
    }
    class TrappingEncoder extends WasmEncoder {
      override embed(): Float32Array {
        throw new WebAssembly.RuntimeError('unreachable');
      }
      override cosine(): number {
        throw new WebAssembly.RuntimeError('unreachable');
      }
    }
    const reports: string[] = [];
    const kernels = createKernels(small, (message) => reports.push(message), {
      scan: () => new TrappingScan(),
      similarities: (table) => new TrappingSimilarity(table),
      encoder: (model) => new TrappingEncoder(model),
    });
    fill(kernels.scan, codes);
    for (let turn = 0; turn < 3; turn++) {
      expect(kernels.scan.distances(query, 2, 20)).toEqual(reference.distances(query, 2, 20));
      const cosines = kernels.similarities.cosines(Uint32Array.of(2), Uint32Array.of(2, 5));
      expect(cosines[0]).toBeCloseTo(1, 5);
      expect(cosines[1]).toBe(0);
      const best = kernels.similarities.nearest(Uint32Array.of(2), [Uint32Array.of(5, 2)]);
      expect(best[0]).toBeCloseTo(1, 5);
    }
    expect(kernels.scan.codes().subarray(0, codes.length)).toEqual(codes);
    expect(kernels.encoder.embed(Uint32Array.of(1, 3))).toEqual(
      createEncoder(small).embed(Uint32Array.of(1, 3)),
    );
    expect(reports).toHaveLength(3);
  });
});
