import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../eval/model.ts';
import { ReferenceScanKernel } from '../src/core/index/reference-scan-kernel.ts';
import { codeBytes, type StaticModel } from '../src/core/model/types.ts';
import { ReferenceSimilarityKernel } from '../src/core/search/reference-similarity-kernel.ts';
import { DeflateCompressor } from '../src/engine/deflate.ts';
import { Engine } from '../src/engine/engine.ts';
import { MemoryPageStore } from '../src/engine/memory-store.ts';
import { digest } from '../src/engine/model-files.ts';
import type { Kernels } from '../src/engine/ports.ts';
import { createKernels } from '../src/kernels/kernels.ts';
import { historyEnd, makeHistory } from './history.ts';
import { readSources } from './sources.ts';

let model: StaticModel;
beforeAll(async () => {
  model = await loadModel('models/dejalu-1');
});

describe('a generated history', () => {
  const pages = [...makeHistory(readSources(undefined, 0), 80)];

  it('is the same every time, and its pages are read over years', () => {
    expect([...makeHistory(readSources(undefined, 0), 80)]).toEqual(pages);
    expect(new Set(pages.map(({ key }) => key)).size).toBe(pages.length);
    const times = pages.map(({ readAt }) => readAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(historyEnd);
    expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThan(3 * 365 * 86_400_000);
  });

  it('is answered by the fast kernels as by the references', { timeout: 120_000 }, async () => {
    const engineWith = async (kernels: (model: StaticModel) => Kernels) => {
      const engine = new Engine({
        store: new MemoryPageStore(),
        compressor: new DeflateCompressor(),
        loadModel: async () => model,
        kernels,
        digest,
        now: () => historyEnd,
        clock: () => 0,
      });
      for (const page of pages) await engine.readPage(page);
      return engine;
    };
    const fast = await engineWith((own) => createKernels(own));
    const slow = await engineWith(({ table }) => ({
      scan: new ReferenceScanKernel(codeBytes),
      similarities: new ReferenceSimilarityKernel(table),
    }));
    for (const [number, { title, blocks }] of pages.entries()) {
      if (number % 8 !== 0) continue;
      const text = blocks[0]?.text ?? title;
      for (const query of [text.slice(5, 60), text.split(/\s+/).slice(3, 5).join(' '), title]) {
        const found = (await fast.search({ query, limit: 20 })).hits;
        const expected = (await slow.search({ query, limit: 20 })).hits;
        expect(found.map(({ page }) => page.id)).toEqual(expected.map(({ page }) => page.id));
        found.forEach((hit, place) => {
          expect(hit.score).toBeCloseTo(expected[place]?.score ?? Number.NaN, 3);
          expect(hit.snippet.text).toBe(expected[place]?.snippet.text);
        });
      }
    }
  });
});
