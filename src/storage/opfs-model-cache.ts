import type { ModelId } from '../core/ids.ts';
import type { ModelCache } from '../engine/cached-model.ts';
import { isNamed, type WorkerFile } from './worker-file.ts';

/** A file whose name begins so is a prepared model; others in this place are not ours to touch. */
const prefix = 'model-';

/**
 * One prepared model as a file of the origin's private file system, which a worker reads several
 * times faster than a file of the package or a value of IndexedDB.
 */
export class OpfsModelCache implements ModelCache {
  async read(id: ModelId): Promise<Uint8Array<ArrayBuffer> | null> {
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle(nameOf(id)).catch((thrown: unknown) => {
      if (isNamed(thrown, 'NotFoundError')) return null;
      throw thrown;
    });
    if (file === null) return null;
    const { createSyncAccessHandle } = file as WorkerFile;
    if (createSyncAccessHandle === undefined) {
      return new Uint8Array(await (await file.getFile()).arrayBuffer());
    }
    const handle = await createSyncAccessHandle.call(file);
    try {
      const bytes = new Uint8Array(handle.getSize());
      handle.read(bytes, { at: 0 });
      return bytes;
    } finally {
      handle.close();
    }
  }

  async write(id: ModelId, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const folder = await navigator.storage.getDirectory();
    const name = nameOf(id);
    for await (const other of folder.keys()) {
      if (other.startsWith(prefix) && other !== name) await folder.removeEntry(other);
    }
    const file = await folder.getFileHandle(name, { create: true });
    // What is written becomes the file when it is closed, and not before.
    const stream = await file.createWritable();
    await stream.write(bytes);
    await stream.close();
  }

  async remove(id: ModelId): Promise<void> {
    await (await navigator.storage.getDirectory()).removeEntry(nameOf(id));
  }
}

function nameOf(id: ModelId): string {
  return `${prefix}${id.replace(/[^\w.-]/g, '_')}`;
}
