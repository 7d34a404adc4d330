import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadModel } from '../../eval/model.ts';
import type { PageKey } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import type { StaticModel } from '../core/model/types.ts';
import type { SearchResponse } from '../core/search/types.ts';
import { WasmEncoder } from '../kernels/encoder.ts';
import { createKernels } from '../kernels/kernels.ts';
import { WasmScanKernel } from '../kernels/scan-kernel.ts';
import { WasmSimilarityKernel } from '../kernels/similarity-kernel.ts';
import { WasmTermKernel } from '../kernels/term-kernel.ts';
import { WasmTokenizer } from '../kernels/wasm-tokenizer.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { digest } from './model-files.ts';
import type { EngineParts } from './ports.ts';

let model: StaticModel;
let expected: SearchResponse;

beforeAll(async () => {
  model = await loadModel('models/dejalu-1');
  const engine = engineWith({});
  await readPages(engine);
  expected = await engine.search(request);
  expect(expected.hits[0]?.page.url).toContain('bees');
  expect((await engine.status()).fallbacks).toBe(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const request = { query: 'honey of bees', limit: 10 };

function engineWith(parts: Partial<EngineParts>): Engine {
  return new Engine({
    store: new MemoryPageStore(),
    compressor: new DeflateCompressor(),
    // A copy of its own: tables in the memory of WebAssembly are shared by those who share a table.
    loadModel: async () => ({ ...model, table: Object.create(model.table) }),
    kernels: createKernels,
    digest,
    now: () => 1_000_000,
    clock: () => 0,
    ...parts,
  });
}

async function readPages(engine: Engine): Promise<void> {
  for (const [path, text] of [
    ['bees', 'The hives on the roof gave dark honey in August.'],
    ['watch', 'The hairspring of the wristwatch was magnetised.'],
  ] as const) {
    const url = `https://site.example/${path}`;
    const blocks = [{ kind: 'text' as const, text }];
    const key = url as PageKey;
    const page = { key, url, title: path, blocks, lang: 'en', readAt: 1_000 };
    await engine.readPage({ ...page, type: 'article' });
  }
}

/** A store with the pages in a segment. */
async function packedStore(): Promise<MemoryPageStore> {
  const store = new MemoryPageStore();
  const packLimits = { minChanged: 1, maxChanged: 8, tiers: [] };
  const engine = engineWith({ store, packLimits });
  await readPages(engine);
  while (!(await engine.maintain({ by: 'forever' })).isDone);
  await engine.close();
  expect(await store.segments()).toHaveLength(1);
  return store;
}

/** Expects the hits of an engine that works, and so many loops that gave up. */
async function expectSameHits(engine: Engine, fallbacks: number): Promise<void> {
  const { hits } = await engine.search(request);
  expect(hits.map(({ page }) => page.url)).toEqual(expected.hits.map(({ page }) => page.url));
  expect(hits.map(({ snippet }) => snippet)).toEqual(expected.hits.map(({ snippet }) => snippet));
  // The reference's cosines are within 10⁻⁶.
  for (const [place, { score }] of hits.entries()) {
    expect(score).toBeCloseTo(expected.hits[place]?.score ?? 0, 5);
  }
  expect((await engine.status()).fallbacks).toBe(fallbacks);
}

/** An engine whose scan is one of the test's own. */
function engineScanning(scan: () => ScanKernel, parts: Partial<EngineParts> = {}): Engine {
  return engineWith({
    ...parts,
    kernels: (own, onFallback) =>
      createKernels(own, onFallback, {
        tokenizer: (tokenizer) =>
          tokenizer.pieces ? new WasmTokenizer(tokenizer, tokenizer.pieces) : tokenizer,
        scan,
        similarities: (of) => new WasmSimilarityKernel(of),
        encoder: (of) => new WasmEncoder(of),
        terms: () => new WasmTermKernel(),
      }),
  });
}

describe('an engine whose fast loops give up finds the same, and tells how many did', () => {
  it('when one traps once it is asked for what is near', async () => {
    class TrappingScan extends WasmScanKernel {
      override near(): never {
        throw new WebAssembly.RuntimeError('unreachable');
      }
    }
    const engine = engineScanning(() => new TrappingScan());
    await readPages(engine);
    await expectSameHits(engine, 1);
  });

  it('when WebAssembly is refused', async () => {
    vi.spyOn(WebAssembly, 'Instance').mockImplementation(function refuse(): never {
      throw new WebAssembly.CompileError('blocked by the policy of the page');
    });
    const engine = engineWith({});
    await readPages(engine);
    // The tokenizer, the encoder, the scan, the cosines, the words, and what unpacks the texts.
    await expectSameHits(engine, 6);
  });

  it('when the model does not fit the memory', async () => {
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    });
    const engine = engineWith({});
    await readPages(engine);
    await expectSameHits(engine, 4);
  });

  it('when the codes of the stored pages do not fit the memory', async () => {
    const store = await packedStore();
    class SmallScan extends WasmScanKernel {
      override reserve(): never {
        throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
      }
    }
    await expectSameHits(
      engineScanning(() => new SmallScan(), { store }),
      1,
    );
  });

  it('when a loop of another gave up, by its word', async () => {
    const engine = engineWith({});
    await readPages(engine);
    engine.noteFallback('The turn kernel gave up');
    await expectSameHits(engine, 1);
  });
});

it('an index that fits no memory at all is a typed error, and tried again', async () => {
  let isFull = true;
  class FullScan extends ReferenceScanKernel {
    override reserve(rows: number): void {
      if (isFull) throw new RangeError('Array buffer allocation failed');
      super.reserve(rows);
    }
  }
  const engine = engineWith({
    store: await packedStore(),
    kernels: (own) => ({ ...createKernels(own), scan: new FullScan(64) }),
  });
  await expect(engine.search(request)).rejects.toMatchObject({
    code: 'engine-failed',
    message: 'Array buffer allocation failed',
  });
  expect(await engine.status()).toMatchObject({ state: 'failed' });
  isFull = false;
  await expectSameHits(engine, 0);
});
