import { nextTask } from '../engine/next-task.ts';
import type { FileFolder, OpenFile } from './segment-files.ts';
import { isNamed, type WorkerFile } from './worker-file.ts';

/** Bytes written at a time: more would keep a query waiting. */
const sliceBytes = 256 * 1024;
/** A worker that was ended lets go of its files a moment later. */
const busyTries = 40;
const busyWaitMs = 50;

const folderName = 'segments';

/**
 * The folder of segments in the origin's private file system, as a worker sees it. Null where the browser keeps no
 * such files, as in private windows, or lets no worker read them in place; rejects when it does but
 * cannot now.
 */
export async function openSegmentFolder(): Promise<FileFolder | null> {
  const canRead = 'createSyncAccessHandle' in (globalThis.FileSystemFileHandle?.prototype ?? {});
  if (!canRead) return null;
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsFolder(await root.getDirectoryHandle(folderName, { create: true }));
  } catch (thrown) {
    if (isNamed(thrown, 'SecurityError') || isNamed(thrown, 'NotSupportedError')) return null;
    throw thrown;
  }
}

class OpfsFolder implements FileFolder {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of this.#folder.keys()) names.push(name);
    return names;
  }

  async write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const file = await this.#folder.getFileHandle(name, { create: true });
    const handle = await (file as unknown as Required<WorkerFile>).createSyncAccessHandle();
    try {
      let at = 0;
      let unwatched = 0;
      for (const part of parts) {
        for (let start = 0; start < part.length; start += sliceBytes) {
          const slice = part.subarray(start, start + sliceBytes);
          const written = handle.write(slice, { at });
          // Some browsers say so by the number alone.
          if (written !== slice.length) {
            throw new DOMException(`${written} of ${slice.length} bytes`, 'QuotaExceededError');
          }
          at += written;
          unwatched += written;
          if (unwatched < sliceBytes) continue;
          unwatched = 0;
          await nextTask();
        }
      }
    } finally {
      handle.close();
    }
  }

  async open(name: string): Promise<OpenFile | null> {
    for (let tries = 1; ; tries++) {
      try {
        const file = await this.#folder.getFileHandle(name);
        const handle = await (file as unknown as Required<WorkerFile>).createSyncAccessHandle({
          mode: 'read-only',
        });
        return { read: (into, at) => handle.read(into, { at }), close: () => handle.close() };
      } catch (thrown) {
        if (isNamed(thrown, 'NotFoundError')) return null;
        if (!isNamed(thrown, 'NoModificationAllowedError') || tries >= busyTries) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, busyWaitMs));
      }
    }
  }

  async remove(name: string): Promise<void> {
    await this.#folder.removeEntry(name).catch((thrown: unknown) => {
      if (!isNamed(thrown, 'NotFoundError')) throw thrown;
    });
  }
}
