import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernels, kernelsSource } from '../../bin/build-kernels.ts';
import { fuzzText, fuzzWords } from '../../eval/support/fuzz-text.ts';
import type { PageOrdinal } from '../core/ids.ts';
import { CodeIndex } from '../core/index/code-index.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { tokenTable } from '../core/model/token-table.ts';
import { createTokenizer } from '../core/model/tokenizer.ts';
import type { TokenTable } from '../core/model/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { ReferenceTurnKernel } from '../core/sync/turn.ts';
import { WasmEncoder } from './encoder.ts';
import { createKernels } from './kernels.ts';
import { WasmScanKernel } from './scan-kernel.ts';
import { WasmSimilarityKernel } from './similarity-kernel.ts';
import { createTurnKernel, WasmTurnKernel } from './turn-kernel.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

const next = mulberry32(11);
const randomBytes = (size: number) => Uint8Array.from({ length: size }, () => next() & 255);

/** Equal bytes, without the cost of comparing element by element. */
function same(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const bytes = (view: ArrayBufferView) =>
    Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return bytes(a).equals(bytes(b));
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
  return tokenTable(dims, rows, scales);
}
const code = { bits: 512, rounds: 3, seed: 7 } as const;

/** Words, pieces and punctuation of some scripts, and some tokens of the sizes that lie at edges. */
const words = [
  ...'the apple leath ##er seat concept ##s un ##happi ##ness cafe größe größ ##e straße und'.split(
    ' ',
  ),
  ...'привет мир 한국어 한국 ##어 문장 ##을 日 本 テスト fi ##nal ... 1 ##2 ##⁄ ( ) . , - “ ” ’'.split(
    ' ',
  ),
  ...'abcdefg abcdefgh abcdefghi ##abcdefgh x ##x'.split(' '),
];
const tokenizer = createTokenizer({ tokens: ['[UNK]', ...words], unknownId: 0, maxWordChars: 24 });
const modelOf = (table: TokenTable) => ({ tokenizer, table, code });
const small = modelOf(makeTable(8, 8));

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

  it('gives the nearest passages of the reference, with and without a mask, for any limit', () => {
    const pageCounts = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 });
    const limits = fc.constantFrom(0, 1, 3, 20, 100, 10_000);
    fc.assert(
      fc.property(pageCounts, fc.nat(), limits, fc.boolean(), (counts, seed, limit, hasMask) => {
        const random = mulberry32(seed);
        const indexes = [new WasmScanKernel(), new ReferenceScanKernel(64)].map(
          (kernel) => new CodeIndex(kernel),
        );
        const query = Uint8Array.from({ length: 64 }, () => random() & 255);
        for (const [page, count] of counts.entries()) {
          // Some pages lie near the query, as pages of one topic do.
          const keep = random() % 4 === 0 ? 0xfc : 0;
          const own = Uint8Array.from({ length: count * 64 }, (_, i) => {
            const byte = query[i & 63] as number;
            return (byte & keep) | (random() & 255 & ~keep);
          });
          for (const index of indexes) index.addPage(page as PageOrdinal, own);
        }
        for (const index of indexes) index.removePage((seed % counts.length) as PageOrdinal);
        const mask = hasMask ? Uint8Array.from(counts, () => random() & 1).subarray(1) : undefined;
        const [fast, slow] = indexes.map((index) => index.scan(query, limit, mask));
        expect(fast).toEqual(slow);
      }),
      { seed: 9, numRuns: 300 },
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
    const wasm = new WasmSimilarityKernel(modelOf(table));
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
    const wasm = new WasmSimilarityKernel(modelOf(table));
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
    const kernel = new WasmSimilarityKernel(modelOf(table));
    const long = Uint32Array.from({ length: 20_000 }, () => 5);
    long[13_000] = 9;
    const best = kernel.nearest(Uint32Array.of(9, 8), [new Uint16Array(0), long]);
    expect([best[0], best[1]]).toEqual([-1, -1]);
    expect(best[2]).toBeCloseTo(1, 5);
    expect(best[3]).toBeGreaterThanOrEqual(0);
  });
});

describe('WasmTokenizer', () => {
  const fast = new WasmTokenizer(tokenizer, tokenizer.pieces!);
  const expectSame = (text: string) => {
    expect([...fast.encode(text)]).toEqual([...tokenizer.encode(text)]);
  };

  it('gives the ids of the reference for fuzzed text of 22 scripts', () => {
    fc.assert(fc.property(fuzzText(), expectSame), { seed: 6, numRuns: 3000 });
  });

  it('gives the ids of the reference for words of its vocabulary among fuzz', () => {
    const known = words.map((word) => word.replace('##', ''));
    fc.assert(fc.property(fuzzWords(known), expectSame), { seed: 7, numRuns: 3000 });
  });

  it('gives the ids of the reference for every character, alone and between letters', () => {
    for (let unit = 0; unit < 65_536; unit++) {
      const character = String.fromCharCode(unit);
      // Characters as tokens, so that what each one becomes can be told from its ids.
      const text = `x${character}x ${character}`;
      const found = fast.encode(text);
      const expected = tokenizer.encode(text);
      if (!same(found, expected)) expectSame(text);
    }
  });

  it('is right for words at the limits, empty texts and texts beyond its buffer', () => {
    for (const text of [
      '',
      ' ',
      'x'.repeat(24),
      'x'.repeat(25),
      `x${'…'.repeat(40)}`,
      '½ ﬁnal …x',
    ]) {
      expectSame(text);
    }
    expectSame('…¼ apple '.repeat(2_500).slice(0, 10_000));
    expectSame(`${'“apple” 한국어을, '.repeat(1_000)}un`);
  });
});

describe('WasmEncoder', () => {
  it.each([7, 64, 256, 384, 512, 1000])('gives the bits of the reference at %i dims', (dims) => {
    const model = modelOf(makeTable(dims));
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
        const length = reference.length(parts);
        expect(Math.abs(wasm.length(parts) - length)).toBeLessThanOrEqual(1e-9 * length);
        const cosine = reference.cosine(unit, parts);
        expect(Math.abs(wasm.cosine(unit, parts) - cosine)).toBeLessThan(1e-6);
        expect(wasm.rotate(embedding)).toEqual(reference.rotate(embedding));
        expect(wasm.code(embedding)).toEqual(reference.code(embedding));
      }),
      { seed: 4, numRuns: 50 },
    );
    fc.assert(
      fc.property(fuzzWords(words), (text) => {
        expect(wasm.codeOf(text)).toEqual(reference.codeOf(text));
      }),
      { seed: 8, numRuns: 50 },
    );
  });

  it('reads a text of a million tokens', () => {
    const model = modelOf(makeTable(16));
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
      tokenizer: refuse,
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
    expect(reports).toHaveLength(4);
    expect(reports[0]).toContain('refused');
    expect(kernels.encoder.codeOf('apple')).toEqual(createEncoder(small).codeOf('apple'));
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
    const reports: string[] = [];
    const kernels = createKernels(small, (message) => reports.push(message), {
      tokenizer: (own) => new TrappingTokenizer(own, own.pieces!),
      scan: () => new TrappingScan(),
      similarities: (model) => new TrappingSimilarity(model),
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
    expect(kernels.tokenizer.encode('apples')).toEqual(tokenizer.encode('apples'));
    expect(reports).toHaveLength(4);
  });
});

describe('the turn kernel', () => {
  const floats = (size: number) =>
    Float32Array.from({ length: size }, () => (next() / 2 ** 32 - 0.5) * 3);

  it("has the reference's bits, for any dims and any number of vectors", () => {
    for (let round = 0; round < 60; round++) {
      const dims = 1 + (next() % 70);
      const matrix = floats(dims * dims);
      const fast = createTurnKernel(matrix, dims);
      expect(fast).toBeInstanceOf(WasmTurnKernel);
      const reference = new ReferenceTurnKernel(matrix, dims);
      for (const count of [next() % 90, 1, 0]) {
        const vectors = Array.from({ length: count }, () => floats(dims));
        expect(fast.turn(vectors)).toEqual(reference.turn(vectors));
      }
    }
  });

  it('refuses a vector of other dims', () => {
    for (const kernel of [createTurnKernel(floats(9), 3), new ReferenceTurnKernel(floats(9), 3)]) {
      expect(() => kernel.turn([floats(3), floats(4)])).toThrow(
        /of 3 dims can be turned, not of 4/,
      );
    }
  });
});
