import { AppError } from '../core/errors.ts';

/**
 * A folder of the origin's private file system whose name begins so holds one export while it is
 * made and downloaded; others in this place are not ours to touch. A folder, because the browser
 * keeps what is not yet written to the end in a file beside.
 *
 * Whoever makes an export holds a lock of the folder's name. So a folder whose lock nobody holds
 * was left behind, and taking the lock away is the way to stop an export in another tab.
 */
const prefix = 'export-';
const fileName = 'export';

/** A page that was told to stop closes its file a moment later. */
const busyTries = 50;
const busyWaitMs = 100;

/** Where the bytes of an export are put together before they are downloaded. */
export interface ExportFile {
  /** Takes the bytes. The file is there once this was closed; aborting it leaves none. */
  readonly bytes: WritableStream<Uint8Array>;
  /** Aborts when everything is erased meanwhile. */
  readonly taken: AbortSignal;
  /** The file, once its bytes were closed. On the disk, as far as the browser allows. */
  whole(type: string): Promise<Blob>;
  /** Lets go of it, finished or not; what cannot be removed now {@link removeLeftExports} removes. */
  remove(): Promise<void>;
}

/** A new file on the disk; in memory where the browser keeps no private files. */
export async function createExportFile(): Promise<ExportFile> {
  const root = await privateFiles();
  return root === null ? createInMemory() : createOnDisk(root);
}

/** Removes the exports that nobody is making or downloading. */
export async function removeLeftExports(): Promise<void> {
  const root = await privateFiles();
  if (root === null) return;
  for (const name of await exportsIn(root)) {
    await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await removeFolder(root, name);
    });
  }
}

/**
 * Removes every export, and stops those that are being made.
 * @throws AppError `storage-unavailable` when the browser does not let go of one
 */
export async function eraseExports(): Promise<void> {
  const root = await privateFiles();
  if (root === null) return;
  for (const name of await exportsIn(root)) {
    await navigator.locks.request(name, { steal: true }, () => removeWhenFree(root, name));
  }
}

async function createOnDisk(root: FileSystemDirectoryHandle): Promise<ExportFile> {
  const name = `${prefix}${crypto.randomUUID()}`;
  const { taken, release } = await hold(name);
  const remove = async () => {
    // It may be in use still, or gone already: both are settled at the next start.
    await removeFolder(root, name).catch(() => undefined);
    release();
  };
  try {
    const folder = await root.getDirectoryHandle(name, { create: true });
    const file = await folder.getFileHandle(fileName, { create: true });
    return {
      bytes: await file.createWritable(),
      taken,
      async whole(type) {
        const whole = await file.getFile();
        return whole.slice(0, whole.size, type);
      },
      remove,
    };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

function createInMemory(): ExportFile {
  let parts: Blob[] = [];
  return {
    bytes: new WritableStream({
      write(bytes: Uint8Array<ArrayBuffer>) {
        parts.push(new Blob([bytes]));
      },
    }),
    taken: new AbortController().signal,
    whole: async (type) => new Blob(parts, { type }),
    async remove() {
      parts = [];
    },
  };
}

/** Null where the browser refuses it, as Firefox does in private windows. */
async function privateFiles(): Promise<FileSystemDirectoryHandle | null> {
  return navigator.storage.getDirectory().catch(() => null);
}

async function exportsIn(root: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of root.keys()) if (name.startsWith(prefix)) names.push(name);
  return names;
}

/** Takes the lock of a name until it is released or taken away. */
function hold(name: string): Promise<{ readonly taken: AbortSignal; release(): void }> {
  const taking = new AbortController();
  return new Promise((resolve, reject) => {
    const whileHeld = () =>
      new Promise<void>((release) => {
        resolve({ taken: taking.signal, release });
      });
    navigator.locks.request(name, whileHeld).catch((thrown: unknown) => {
      taking.abort();
      reject(thrown); // means nothing once it was held
    });
  });
}

async function removeFolder(root: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await root.removeEntry(name, { recursive: true });
  } catch (thrown) {
    if (!isNamed(thrown, 'NotFoundError')) throw thrown;
  }
}

async function removeWhenFree(root: FileSystemDirectoryHandle, name: string): Promise<void> {
  for (let left = busyTries; left > 0; left--) {
    try {
      return await removeFolder(root, name);
    } catch (thrown) {
      if (!isNamed(thrown, 'NoModificationAllowedError')) throw thrown;
    }
    await new Promise((resume) => setTimeout(resume, busyWaitMs));
  }
  throw new AppError('storage-unavailable', `The export "${name}" is in use and was not removed`);
}

const isNamed = (thrown: unknown, name: string) =>
  thrown instanceof DOMException && thrown.name === name;
