import { describe, expect, it } from 'vitest';
import { loadModel } from '../../eval/model.ts';
import type { PageKey } from '../core/ids.ts';
import { WasmEncoder } from '../kernels/encoder.ts';
import { createKernels } from '../kernels/kernels.ts';
import { WasmScanKernel } from '../kernels/scan-kernel.ts';
import { WasmSimilarityKernel } from '../kernels/similarity-kernel.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { digest } from './model-files.ts';

/** A scan that traps once it is asked for what is near. */
class TrappingScan extends WasmScanKernel {
  override near(): never {
    throw new WebAssembly.RuntimeError('unreachable');
  }
}

describe('an engine whose fast loops give up', () => {
  it('finds the same, and tells how many did', async () => {
    const model = await loadModel('models/dejalu-1');
    const engineWith = async (trapping: boolean) => {
      const engine = new Engine({
        store: new MemoryPageStore(),
        compressor: new DeflateCompressor(),
        loadModel: async () => model,
        kernels: (own, onFallback) =>
          createKernels(own, onFallback, {
            tokenizer: (tokenizer) => tokenizer,
            scan: () => (trapping ? new TrappingScan() : new WasmScanKernel()),
            similarities: (of) => new WasmSimilarityKernel(of),
            encoder: (of) => new WasmEncoder(of),
          }),
        digest,
        now: () => 1_000_000,
        clock: () => 0,
      });
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
      return engine;
    };
    const [plain, trapping] = [await engineWith(false), await engineWith(true)];
    expect((await trapping.status()).fallbacks).toBe(0);
    const request = { query: 'honey of bees', limit: 10 };
    const [expected, found] = [await plain.search(request), await trapping.search(request)];
    expect(found.hits).toEqual(expected.hits);
    expect(found.hits[0]?.page.url).toContain('bees');
    expect((await plain.status()).fallbacks).toBe(0);
    expect((await trapping.status()).fallbacks).toBe(1);
  });
});
