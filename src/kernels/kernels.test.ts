import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compileKernels, kernelsSource } from '../../bin/build-kernels.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { ReferenceTermKernel } from '../core/index/reference-term-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import type { ScoreRequest } from '../core/index/term-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { type CreateTurnKernel, ReferenceTurnKernel } from '../core/sync/turn.ts';
import { WasmEncoder } from './encoder.ts';
import { packedModel, plainModel, randomBytes, smallTokenizer } from './fuzz.test-tools.ts';
import { createKernels } from './kernels.ts';
import { WasmScanKernel } from './scan-kernel.ts';
import { WasmSimilarityKernel } from './similarity-kernel.ts';
import { TableMemory } from './table-memory.ts';
import { WasmTermKernel } from './term-kernel.ts';
import { createTurnKernels, WasmTurnKernel } from './turn-kernel.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

const next = mulberry32(11);

function fill(kernel: ScanKernel, codes: Uint8Array): void {
  kernel.reserve(codes.length / 64);
  kernel.codes().set(codes);
}

const tokenizer = smallTokenizer;
const small = plainModel(8, 11, 8);

describe('the compiled kernels', () => {
  it('are those of the sources', async () => {
    const source = await readFile(new URL('./kernels-wasm.ts', import.meta.url), 'utf8');
    expect(source.replaceAll('\r\n', '\n')).toBe(kernelsSource(await compileKernels()));
  });
});

it('has codes of no rows when nothing was ever added', () => {
  expect(new WasmScanKernel().codes()).toHaveLength(0);
});

describe('the rows of a model of four bits', () => {
  it.each([64, 24, 90])(
    'are the same in both forms when a kernel alone has them, of %i dims',
    (dims) => {
      const [kept, moved] = [packedModel(dims, 3), packedModel(dims, 3)];
      const { rows, packed } = kept.table;
      const before = moved.table.packed;
      TableMemory.of(moved);
      expect(moved.table.packed).not.toBe(before);
      expect(moved.table.packed).toEqual(packed);
      expect(moved.table.rows).toEqual(rows);
      const ids = Uint32Array.from({ length: 40 }, (_, i) => i);
      const embedding = createEncoder(kept).embed(ids);
      expect(createEncoder(moved).embed(ids)).toEqual(embedding);
      expect(new WasmEncoder(moved).embed(ids)).toEqual(embedding);
    },
  );
});

describe('createKernels', () => {
  const codes = randomBytes(next, 64 * 20);
  const query = randomBytes(next, 64);
  const reference = new ReferenceScanKernel(64);
  fill(reference, codes);
  /** A word that two of three pages have, one of them three times. */
  const oneWord: ScoreRequest = {
    parts: [
      {
        lengths: Uint32Array.of(40, 50, 60),
        ordinals: Int32Array.of(4, 2, 3),
        localCount: 3,
        terms: [[{ weight: 1.5, lists: [Uint8Array.of(0, 3, 3)] }]],
      },
    ],
    termCount: 1,
    saturation: 1.9,
    base: 0.5,
    slope: 0.01,
    pageLimit: 5,
  };

  it('goes on with the reference where WebAssembly is refused', () => {
    const reports: string[] = [];
    const refuse = () => {
      throw new Error('refused');
    };
    const kernels = createKernels(small, (message) => reports.push(message), {
      tokenizer: refuse,
      scan: refuse,
      similarities: refuse,
      encoder: refuse,
      terms: refuse,
    });
    fill(kernels.scan, codes);
    expect(kernels.scan.distances(query, 0, 20)).toEqual(reference.distances(query, 0, 20));
    expect(kernels.similarities.cosines(Uint32Array.of(1), Uint32Array.of(1))[0]).toBeCloseTo(1, 5);
    expect(kernels.encoder.embed(Uint32Array.of(1, 3))).toEqual(
      createEncoder(small).embed(Uint32Array.of(1, 3)),
    );
    expect(kernels.terms.score(oneWord)).toEqual(new ReferenceTermKernel().score(oneWord));
    expect(reports).toHaveLength(5);
    expect(reports[0]).toContain('refused');
    expect(kernels.encoder.codeOf('apple')).toEqual(createEncoder(small).codeOf('apple'));
  });

  it('takes damaged postings for no failure of the kernel', () => {
    const reports: string[] = [];
    const { terms } = createKernels(small, (message) => reports.push(message));
    const [part] = oneWord.parts;
    const lists = [Uint8Array.of(128)];
    const damaged = { ...oneWord, parts: [{ ...part!, terms: [[{ weight: 1, lists }]] }] };
    expect(() => terms.score(damaged)).toThrow(/damaged/);
    expect(terms.score(oneWord)).toEqual(new ReferenceTermKernel().score(oneWord));
    expect(reports).toEqual([]);
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
    class TrappingTokenizer extends WasmTokenizer {
      override encode(): Uint32Array {
        throw new WebAssembly.RuntimeError('unreachable');
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
    class TrappingTerms extends WasmTermKernel {
      override score(): never {
        throw new WebAssembly.RuntimeError('unreachable');
      }
    }
    const reports: string[] = [];
    const kernels = createKernels(small, (message) => reports.push(message), {
      tokenizer: (own) => new TrappingTokenizer(own, own.pieces!),
      scan: () => new TrappingScan(),
      similarities: (model) => new TrappingSimilarity(model),
      encoder: (model) => new TrappingEncoder(model),
      terms: () => new TrappingTerms(),
    });
    fill(kernels.scan, codes);
    for (let turn = 0; turn < 3; turn++) {
      expect(kernels.scan.distances(query, 2, 20)).toEqual(reference.distances(query, 2, 20));
      const cosines = kernels.similarities.cosines(Uint32Array.of(2), Uint32Array.of(2, 5));
      expect(cosines[0]).toBeCloseTo(1, 5);
      expect(cosines[1]).toBe(0);
      const best = kernels.similarities.nearest(Uint32Array.of(2), [Uint32Array.of(5, 2)]);
      expect(best[0]).toBeCloseTo(1, 5);
      expect(kernels.terms.score(oneWord)).toEqual(new ReferenceTermKernel().score(oneWord));
    }
    expect(kernels.scan.codes().subarray(0, codes.length)).toEqual(codes);
    expect(kernels.encoder.embed(Uint32Array.of(1, 3))).toEqual(
      createEncoder(small).embed(Uint32Array.of(1, 3)),
    );
    expect(kernels.tokenizer.encode('apples')).toEqual(tokenizer.encode('apples'));
    expect(reports).toHaveLength(5);
  });
});

describe('the turn kernel', () => {
  it('goes on with the reference where WebAssembly is refused, or traps later', () => {
    const reports: string[] = [];
    class TrappingTurn extends WasmTurnKernel {
      override turn(): never {
        throw new WebAssembly.RuntimeError('unreachable');
      }
    }
    const matrix = Float32Array.from({ length: 9 }, (_, i) => i);
    const vectors = [Float32Array.of(1, 2, 3)];
    const expected = new ReferenceTurnKernel(matrix, 3).turn(vectors);
    const makers: CreateTurnKernel[] = [
      () => {
        throw new Error('refused');
      },
      (own, dims) => new TrappingTurn(own, dims),
    ];
    for (const make of makers) {
      const kernel = createTurnKernels((message) => reports.push(message), make)(matrix, 3);
      for (let turn = 0; turn < 3; turn++) expect(kernel.turn(vectors)).toEqual(expected);
    }
    expect(reports).toEqual([
      expect.stringContaining('turn kernel gave up'),
      expect.stringContaining('unreachable'),
    ]);
  });

  it('refuses a vector of other dims, fast or not', () => {
    const matrix = new Float32Array(9);
    const reports: string[] = [];
    const steady = createTurnKernels((message) => reports.push(message))(matrix, 3);
    for (const kernel of [
      steady,
      new WasmTurnKernel(matrix, 3),
      new ReferenceTurnKernel(matrix, 3),
    ]) {
      expect(() => kernel.turn([new Float32Array(3), new Float32Array(4)])).toThrow(
        /of 3 dims can be turned, not of 4/,
      );
    }
    expect(reports).toEqual([]);
  });
});
