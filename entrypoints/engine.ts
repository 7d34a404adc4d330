import { expose } from 'comlink';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import manifest from '../models/dejalu-1/model.json' with { type: 'json' };
import { modelIdOf } from '../src/core/model/model-file.ts';
import { loadCachedModel } from '../src/engine/cached-model.ts';
import { DeflateCompressor } from '../src/engine/deflate.ts';
import { Engine } from '../src/engine/engine.ts';
import { installErrorTransfer } from '../src/engine/error-transfer.ts';
import { digest, fetchFrom, loadModelFolder, shippedModel } from '../src/engine/model-files.ts';
import { createKernels } from '../src/kernels/kernels.ts';
import { compileAhead } from '../src/kernels/kernels-module.ts';
import { createTurnKernels } from '../src/kernels/turn-kernel.ts';
import { IdbModelShelf } from '../src/storage/idb-model-shelf.ts';
import { IdbPageStore } from '../src/storage/idb-page-store.ts';
import { openSegmentFolder } from '../src/storage/opfs-folder.ts';
import { OpfsModelCache } from '../src/storage/opfs-model-cache.ts';
import { withSync } from '../src/sync/with-sync.ts';

/** Until a start and the first questions are over. */
const laterMs = 5_000;

/** The engine's worker: the only context that opens the store, and the one that syncs it. */
export default defineUnlistedScript(() => {
  installErrorTransfer();
  void compileAhead();
  const readFile = fetchFrom(new URL('/models/dejalu-1/', self.location.href));
  const store = new IdbPageStore({ locks: navigator.locks, openFiles: openSegmentFolder });
  expose(
    withSync((onChanged) => {
      return new Engine({
        store,
        syncRows: store.sync,
        onChanged,
        compressor: new DeflateCompressor(),
        loadModel: () =>
          loadCachedModel({
            cache: new OpfsModelCache(),
            id: modelIdOf(manifest),
            browser: navigator.userAgent,
            load: () => loadModelFolder(readFile),
            later: (work) => void setTimeout(work, laterMs),
            report: (message) => console.warn(message),
          }),
        models: {
          shipped: shippedModel(readFile),
          shelf: new IdbModelShelf(),
          spaces: store.spaces,
          sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        },
        kernels: createKernels,
        digest,
        now: () => Date.now(),
        clock: () => performance.now(),
        report: (message) => console.warn(message),
      });
    }, createTurnKernels),
  );
});
