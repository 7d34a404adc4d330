import { AppError } from '../core/errors.ts';
import { manifestFile, readManifest } from '../core/model/manifest.ts';
import { readModel } from '../core/model/model-file.ts';
import type { StaticModel } from '../core/model/types.ts';
import { readForeignTokenizer } from '../model-import/tokenizer.ts';

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
