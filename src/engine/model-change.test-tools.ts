import 'fake-indexeddb/auto';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { codeBytes } from '../core/model/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { filesBelow, fixture, readFrom, sha256 } from '../model-import/import.fixture.ts';
import { readAnyModel } from '../model-import/read-any-model.ts';
import { writeModel } from '../model-import/write-model.ts';
import { IdbModelShelf } from '../storage/idb-model-shelf.ts';
import { IdbPageStore } from '../storage/idb-page-store.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { digest, loadModelFolder, shippedModel } from './model-files.ts';
import type { ModelFiles } from './model-ports.ts';
import type { EngineParts, PageStore } from './ports.ts';

/** The files of a small model, made of a fixture of the importer. */
export async function smallModel(name: string, version = '1.0.0') {
  const source = await readAnyModel(readFrom(filesBelow(fixture(name))), { sha256 });
  const label = { name, version, licence: 'MIT' };
  const { files, model } = await writeModel(source, label, sha256);
  return { files, model, id: model.id };
}

export const kernelsOf: EngineParts['kernels'] = ({ table }) => ({
  scan: new ReferenceScanKernel(codeBytes),
  similarities: new ReferenceSimilarityKernel(table),
});

/** A database and a shelf that outlive the engines on them. */
export class Machine {
  readonly #name = `model-change-${Math.random()}`;
  readonly shelf = new IdbModelShelf(`${this.#name}-models`);
  readonly reports: string[] = [];
  /** What the package ships; an update changes it. */
  shipped: ModelFiles;

  constructor(shipped: ModelFiles) {
    this.shipped = shipped;
  }

  /** @param wrap puts something between the engine and what it writes to */
  start(wrap: <T extends object>(target: T) => T = (target) => target) {
    const store = new IdbPageStore({ name: this.#name });
    const { shipped } = this;
    const readFile = async (name: string) => shipped.get(name);
    const engine = new Engine({
      store: wrap<PageStore>(store),
      compressor: new DeflateCompressor(),
      loadModel: () => loadModelFolder(readFile),
      models: {
        shipped: shippedModel(readFile),
        shelf: wrap(this.shelf),
        spaces: wrap(store.spaces),
        sleep: () => new Promise((resolve) => setTimeout(resolve)),
      },
      kernels: kernelsOf,
      digest,
      now: () => 1_000_000,
      clock: () => performance.now() * 1_000, // nobody is searching for long
      report: (message) => this.reports.push(message),
      packLimits: { minChanged: 2, maxChanged: 5, tiers: [{ rows: 6, count: 2 }] },
      smallIndexBytes: 0,
    });
    return { engine, store };
  }
}
