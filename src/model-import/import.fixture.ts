import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadPath } from './read-any-model.ts';

export const sha256 = async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The texts and embeddings that the model's own library gave (models/train, import_fixtures.py). */
export interface Expected {
  readonly dims: number;
  readonly embeddings: readonly (readonly [string, readonly number[]])[];
}

export function readExpected(path: string): Expected {
  return JSON.parse(readFileSync(path, 'utf8')) as Expected;
}

/** The files below a folder, by path. */
export function filesBelow(folder: string, prefix = ''): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(join(folder, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (statSync(join(folder, path)).isDirectory()) {
      for (const [each, bytes] of filesBelow(folder, path)) files.set(each, bytes);
    } else files.set(path, new Uint8Array(readFileSync(join(folder, path))));
  }
  return files;
}

export const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

export const isThere = (path: string) => existsSync(path);

export const readFrom =
  (files: ReadonlyMap<string, Uint8Array>): ReadPath =>
  async (path) =>
    files.get(path);

/** Largest difference of any component. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Math.max(0, ...Array.from(a, (value, d) => Math.abs(value - (b[d] as number))));
}

/** A safetensors file. */
export function container(
  tensors: Readonly<Record<string, { dtype: string; shape: number[]; bytes: Uint8Array }>>,
  headerBytes?: bigint,
): Uint8Array {
  let place = 0;
  const header: Record<string, unknown> = {};
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [place, place + bytes.length] };
    place += bytes.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + place);
  new DataView(file.buffer).setBigUint64(0, headerBytes ?? BigInt(text.length), true);
  file.set(text, 8);
  place = 8 + text.length;
  for (const { bytes } of Object.values(tensors)) {
    file.set(bytes, place);
    place += bytes.length;
  }
  return file;
}
