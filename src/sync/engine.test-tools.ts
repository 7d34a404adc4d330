import { readFile } from 'node:fs/promises';
import 'fake-indexeddb/auto';
import type { PageKey } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { codeBytes, type StaticModel } from '../core/model/types.ts';
import type { PageText } from '../core/page/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { DeflateCompressor } from '../engine/deflate.ts';
import { Engine } from '../engine/engine.ts';
import { digest, loadModelFolder } from '../engine/model-files.ts';
import { IdbPageStore } from '../storage/idb-page-store.ts';

const folder = new URL('../../models/dejalu-1/', import.meta.url);
let model: Promise<StaticModel> | null = null;

/** An engine with the shipped model over a database of its own, with the rows of sync. */
export function openEngine(name = `sync-${Math.random()}`, onChanged?: () => void) {
  const store = new IdbPageStore({ name });
  const engine = new Engine({
    store,
    syncRows: store.sync,
    ...(onChanged === undefined ? {} : { onChanged }),
    compressor: new DeflateCompressor(),
    loadModel: () => {
      model ??= loadModelFolder(
        async (file) => new Uint8Array(await readFile(new URL(file, folder))),
      );
      return model;
    },
    kernels: ({ table }) => ({
      scan: new ReferenceScanKernel(codeBytes),
      similarities: new ReferenceSimilarityKernel(table),
    }),
    digest,
    now: () => 1_000_000,
    clock: () => 0,
  });
  const { sync } = engine;
  if (sync === null) throw new Error('The engine was made with the rows of sync');
  return { engine, rows: store.sync, sync };
}

export function pageOf(url: string, text: string, readAt: number): PageText {
  const blocks = [{ kind: 'text' as const, text }];
  return { key: url as PageKey, url, title: text, blocks, lang: 'en', type: 'article', readAt };
}
