import { AppError } from '../errors.ts';
import type { ModelId } from '../ids.ts';
import { type ManifestFile, type ModelManifest, readManifest } from './manifest.ts';
import { floatsOf, readSafetensors, type Tensor } from './safetensors.ts';
import { packedTable, tokenTable } from './token-table.ts';
import { createTokenizer } from './tokenizer.ts';
import { readTokenizerFile } from './tokenizer-file.ts';
import { codeBits, type StaticModel, type Tokenizer, type TokenTable } from './types.ts';

/** The bytes of a model's files; `undefined` for one that could not be read. */
export interface ModelFiles {
  readonly manifest: Uint8Array | undefined;
  readonly tokenizer: Uint8Array | undefined;
  readonly table: Uint8Array | undefined;
}

/** Lower-case hexadecimal SHA-256 of the bytes. */
export type Sha256 = (bytes: Uint8Array) => Promise<string>;

/** Reads a `tokenizer.json` that our own tokenizer does not. Throws AppError `model-invalid`. */
export type ReadTokenizer = (bytes: Uint8Array, name: string) => Tokenizer;

/** The part of a manifest that tells models apart. */
export type ManifestIdentity = Pick<ModelManifest, 'name' | 'version'> & {
  readonly table: Pick<ManifestFile, 'sha256'>;
  readonly tokenizer: Pick<ManifestFile, 'sha256'>;
};

/** The embedding space that a manifest describes: same id, same codes and scores. */
export function modelIdOf(manifest: ManifestIdentity): ModelId {
  const digest = manifest.table.sha256.slice(0, 8) + manifest.tokenizer.sha256.slice(0, 8);
  return `${manifest.name}@${manifest.version}#${digest}` as ModelId;
}

/**
 * Reads a model and checks every byte of it (docs/model-format.md). Its table is a view of
 * `files.table`, which must stay as it is.
 * @param readForeign reads tokenizers of the kind `hugging-face`; without it they are refused
 * @throws AppError `model-missing` or `model-invalid`: the file, the value and what is allowed
 */
export async function readModel(
  files: ModelFiles,
  sha256: Sha256,
  readForeign?: ReadTokenizer,
): Promise<StaticModel> {
  const manifest = readManifest(files.manifest);
  const checkingTokenizer = checkFile(manifest.tokenizer, files.tokenizer, sha256);
  // Beside the tokenizer: a digest is taken by another thread.
  const checkingTable = checkFile(manifest.table, files.table, sha256);
  checkingTable.catch(() => undefined);
  const tokenizer = readTokenizer(await checkingTokenizer, manifest, readForeign);
  const tableBytes = await checkingTable;
  return {
    id: modelIdOf(manifest),
    name: manifest.name,
    version: manifest.version,
    dims: manifest.dims,
    vocabularySize: manifest.vocabularySize,
    tokenizer,
    table: readTable(tableBytes, manifest),
    code: manifest.code,
    codeBits,
    widths: [...manifest.widths].sort((a, b) => a - b),
    languages: manifest.languages,
    licence: manifest.licence,
    sizeBytes: manifest.table.sizeBytes + manifest.tokenizer.sizeBytes,
  };
}

function readTokenizer(
  bytes: Uint8Array,
  manifest: ModelManifest,
  readForeign: ReadTokenizer | undefined,
): Tokenizer {
  const { file, kind } = manifest.tokenizer;
  if (kind === 'dejalu') return createTokenizer(readTokenizerFile(bytes, file, manifest));
  const fail = (what: string): never => {
    throw new AppError('model-invalid', what, { details: { file } });
  };
  if (readForeign === undefined) return fail(`${file} is of the kind ${kind}; allowed: dejalu`);
  const tokenizer = readForeign(bytes, file);
  const { vocabularySize, unknownId } = tokenizer;
  if (vocabularySize !== manifest.vocabularySize) {
    fail(`${file} has ${vocabularySize} tokens; the manifest says ${manifest.vocabularySize}`);
  }
  if (unknownId !== manifest.unknownToken) {
    fail(`${file}'s unknown token is ${unknownId}; the manifest says ${manifest.unknownToken}`);
  }
  return tokenizer;
}

async function checkFile(
  entry: ManifestFile,
  bytes: Uint8Array | undefined,
  sha256: Sha256,
): Promise<Uint8Array> {
  const details = { file: entry.file };
  if (bytes === undefined) {
    throw new AppError('model-missing', `${entry.file} cannot be read; model.json names it`, {
      details,
    });
  }
  if (bytes.length !== entry.sizeBytes) {
    throw new AppError(
      'model-invalid',
      `${entry.file} has ${bytes.length} bytes; model.json says ${entry.sizeBytes}`,
      { details },
    );
  }
  const found = await sha256(bytes);
  if (found !== entry.sha256) {
    throw new AppError(
      'model-invalid',
      `${entry.file} has the SHA-256 ${found}; model.json says ${entry.sha256}`,
      { details },
    );
  }
  return bytes;
}

function readTable(bytes: Uint8Array, manifest: ModelManifest): TokenTable {
  const { file, encoding } = manifest.table;
  const { dims, vocabularySize } = manifest;
  const fail = (what: string): never => {
    throw new AppError('model-invalid', `${file}: ${what}`, { details: { file } });
  };
  const tensors = readSafetensors(bytes, file);
  const tensorOf = (name: string, type: string, shape: readonly number[]): Tensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) return fail(`has no tensor ${name}`);
    if (tensor.type !== type || tensor.shape.join() !== shape.join()) {
      fail(`${name} is ${tensor.type} [${tensor.shape}]; the manifest needs ${type} [${shape}]`);
    }
    return tensor;
  };
  if (encoding === 'int4' && dims % 2 !== 0) fail(`has ${dims} dims; int4 needs an even number`);
  const scales = floatsOf(tensorOf('scales', 'F32', [vocabularySize]));
  const bad = scales.findIndex((scale) => !(Math.abs(scale) < 1e6));
  if (bad >= 0) fail(`the scale of token ${bad} is ${scales[bad]}; allowed: −1000000 to 1000000`);
  return encoding === 'int8'
    ? tokenTable(dims, int8Rows(tensorOf('embeddings', 'I8', [vocabularySize, dims]).bytes), scales)
    : packedTable(dims, tensorOf('embeddings', 'U8', [vocabularySize, dims / 2]).bytes, scales);
}

function int8Rows(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
