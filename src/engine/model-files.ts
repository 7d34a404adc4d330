import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { manifestFile, readManifest } from '../core/model/manifest.ts';
import { modelIdOf, readModel } from '../core/model/model-file.ts';
import type { StaticModel } from '../core/model/types.ts';
import { readForeignTokenizer } from '../model-import/tokenizer.ts';
import type { ModelLibrary } from './model-ports.ts';

/** The bytes of one of the model's files; `undefined` when there is no such file. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

/** The first 32 hexadecimal digits of the text's SHA-256. */
export async function digest(text: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(text))).slice(0, 32);
}

/**
 * Reads a model's folder: the manifest, then the files it names.
 * @throws AppError `model-missing` or `model-invalid`, naming the file
 */
export async function loadModelFolder(readFile: ReadFile): Promise<StaticModel> {
  const bytes = await readFile(manifestFile);
  const manifest = readManifest(bytes);
  const [tokenizer, table] = await Promise.all([
    readFile(manifest.tokenizer.file),
    readFile(manifest.table.file),
  ]);
  return readModel({ manifest: bytes, tokenizer, table }, sha256, readForeignTokenizer);
}

/** The model that a folder holds, read when it is asked for; the folder never changes. */
export function shippedModel(readFile: ReadFile): ModelLibrary['shipped'] {
  let id: Promise<ModelId> | null = null;
  const manifest = async () => readManifest(await readFile(manifestFile));
  return {
    id() {
      id ??= manifest().then(modelIdOf);
      id.catch(() => {
        id = null;
      });
      return id;
    },
    async files() {
      const { tokenizer, table } = await manifest();
      const names = [manifestFile, tokenizer.file, table.file];
      const read = async (name: string): Promise<[string, Uint8Array]> => {
        const bytes = await readFile(name);
        if (bytes !== undefined) return [name, bytes];
        throw new AppError('model-missing', `${name} cannot be read from the package`);
      };
      return new Map(await Promise.all(names.map(read)));
    },
  };
}

/** Reads files below an address of the extension's own package. */
export function fetchFrom(base: URL): ReadFile {
  return async (name) => {
    let response: Response;
    try {
      response = await fetch(new URL(name, base));
    } catch (cause) {
      throw new AppError('model-missing', `${name} cannot be read from the package`, { cause });
    }
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
}
