import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageId } from '../../src/core/ids.ts';
import type { ExportSlice } from '../../src/engine/api.ts';
import { DeflateCompressor } from '../../src/engine/deflate.ts';
import { Engine } from '../../src/engine/engine.ts';
import { MemoryPageStore } from '../../src/engine/memory-store.ts';
import { digest, loadModelFolder } from '../../src/engine/model-files.ts';
import { createKernels } from '../../src/kernels/kernels.ts';
import type { Extension } from './extension.ts';
import { repositoryRoot } from './samples.ts';

/** The engine in Node, as the evaluation runs it, with everything that the browser has stored. */
export async function engineOfStored(extension: Extension): Promise<Engine> {
  const folder = join(repositoryRoot, 'models', 'dejalu-1');
  const engine = new Engine({
    store: new MemoryPageStore(),
    compressor: new DeflateCompressor(),
    loadModel: () =>
      loadModelFolder(async (name) => new Uint8Array(await readFile(join(folder, name)))),
    kernels: (model) => createKernels(model, console.warn),
    digest,
    now: () => Date.now(),
    clock: () => performance.now(),
  });
  let after: PageId | null = null;
  do {
    const slice: ExportSlice = await extension.ask('page-engine:export-pages', {
      after,
      limit: 50,
    });
    await engine.importPages({ pages: slice.pages, isTrial: false });
    after = slice.next;
  } while (after !== null);
  return engine;
}
