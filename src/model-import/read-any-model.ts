import { AppError } from '../core/errors.ts';
import { normalise } from '../core/model/encoder.ts';
import { manifestFile, readManifest } from '../core/model/manifest.ts';
import { readModel, type Sha256 } from '../core/model/model-file.ts';
import { decodeUtf8 } from '../core/model/safetensors.ts';
import { show } from '../core/model/show.ts';
import type { Tokenizer } from '../core/model/types.ts';
import { type Matrix, readMatrix } from './matrix.ts';
import { createForeignTokenizer, readForeignTokenizer } from './tokenizer.ts';
import { checkTokenizer } from './tokenizer-rules.ts';

/** The bytes of a file below the model's folder, by its path with `/`; `undefined` without it. */
export type ReadPath = (path: string) => Promise<Uint8Array | undefined>;

export type ModelKind = 'dejalu' | 'model2vec' | 'sentence-transformers';

/** A static embedding model of any kind, as its own library would use it. */
export interface AnyModel {
  readonly kind: ModelKind;
  readonly matrix: Matrix;
  readonly tokenizer: Tokenizer;
  /** The bytes of its `tokenizer.json`. */
  readonly tokenizerFile: Uint8Array;
  /** Whether the extension's own tokenizer reads that file. */
  readonly isOwnTokenizer: boolean;
  /** Model2Vec leaves out what its vocabulary does not know; then such a token has no vector. */
  readonly dropsUnknown: boolean;
}

export interface AnyModelOptions {
  /** Keep only so many of the first dimensions. */
  readonly dims?: number;
  readonly sha256: Sha256;
}

const tableFile = 'model.safetensors';
const tokenizerFile = 'tokenizer.json';
/** A module's folder: one plain name, or the folder itself. */
const plainFolder = /^(\.?|[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*)$/;

/**
 * Reads a folder with a static embedding model: ours, Model2Vec's, or Sentence Transformers'
 * `StaticEmbedding` with nothing but a `Normalize` after it. Everything is checked before it is
 * used; nothing outside of the folder is asked for.
 * @throws AppError `model-missing` or `model-invalid`: the file, the value and what is allowed
 */
export async function readAnyModel(
  readPath: ReadPath,
  options: AnyModelOptions,
): Promise<AnyModel> {
  const manifest = await readPath(manifestFile);
  if (manifest !== undefined) return readOwn(manifest, readPath, options);
  const modules = await readPath('modules.json');
  const folder = modules === undefined ? '' : moduleFolder(modules);
  const beside = folder === '' ? '' : `${folder}/`;
  const need = async (file: string): Promise<Uint8Array> => {
    const bytes = await readPath(`${beside}${file}`);
    if (bytes !== undefined) return bytes;
    throw new AppError(
      'model-missing',
      `${beside}${file} cannot be read; a model has ${manifestFile}, or ${tableFile} with ${tokenizerFile}`,
      { details: { file: `${beside}${file}` } },
    );
  };
  const table = await need(tableFile);
  const tokenizer = await need(tokenizerFile);
  const matrix = readMatrix(table, `${beside}${tableFile}`, options.dims);
  const checked = checkTokenizer(tokenizer, `${beside}${tokenizerFile}`);
  if (checked.tokens.length !== matrix.vocabularySize) {
    throw new AppError(
      'model-invalid',
      `${beside}${tokenizerFile}: has ${checked.tokens.length} tokens; ${beside}${tableFile} has ${matrix.vocabularySize}`,
      { details: { file: `${beside}${tokenizerFile}` } },
    );
  }
  // Model2Vec also writes modules.json, so that the other library loads its folders; the name of
  // the tensor tells them apart.
  const isModel2Vec = matrix.tableName === 'embeddings';
  return {
    kind: isModel2Vec ? 'model2vec' : 'sentence-transformers',
    matrix,
    tokenizer: createForeignTokenizer(checked),
    tokenizerFile: tokenizer,
    isOwnTokenizer: false,
    dropsUnknown: isModel2Vec,
  };
}

async function readOwn(
  bytes: Uint8Array,
  readPath: ReadPath,
  { dims, sha256 }: AnyModelOptions,
): Promise<AnyModel> {
  const manifest = readManifest(bytes);
  const tokenizer = await readPath(manifest.tokenizer.file);
  const table = await readPath(manifest.table.file);
  const model = await readModel(
    { manifest: bytes, tokenizer, table },
    sha256,
    readForeignTokenizer,
  );
  const kept = dims ?? model.dims;
  if (!Number.isInteger(kept) || kept < 1 || kept > model.dims) {
    throw new AppError(
      'model-invalid',
      `${manifestFile}: cannot be cut to ${kept} dimensions; allowed: 1 to ${model.dims}`,
      { details: { file: manifestFile } },
    );
  }
  const { rows, scales } = model.table;
  return {
    kind: 'dejalu',
    matrix: {
      vocabularySize: model.vocabularySize,
      dims: kept,
      tableName: 'embeddings',
      isInt8: true,
      weight: (token) => scales[token] as number,
      read(token, out) {
        out.set(rows.subarray(token * model.dims, token * model.dims + kept));
      },
    },
    tokenizer: model.tokenizer,
    tokenizerFile: tokenizer as Uint8Array,
    isOwnTokenizer: manifest.tokenizer.kind === 'dejalu',
    dropsUnknown: false,
  };
}

function parse(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (cause) {
    throw new AppError('model-invalid', `${file} is not JSON in UTF-8`, {
      cause,
      details: { file },
    });
  }
}

/** The folder of the one `StaticEmbedding` that `modules.json` lists. */
function moduleFolder(bytes: Uint8Array): string {
  const file = 'modules.json';
  const fail = (what: string): never => {
    throw new AppError('model-invalid', `${file}: ${what}`, { details: { file } });
  };
  const modules = parse(bytes, file);
  if (!Array.isArray(modules) || modules.length === 0 || modules.length > 10) {
    fail(`is ${show(modules)}; allowed: a list of 1 to 10 modules`);
  }
  const list = (modules as unknown[]).map((module) => (module ?? {}) as Record<string, unknown>);
  const types = list.map(({ type }) => String(type).split('.').at(-1) as string);
  if (types[0] !== 'StaticEmbedding' || types.slice(1).some((type) => type !== 'Normalize')) {
    fail(
      `lists ${types.map((type) => type.slice(0, 40)).join(', ')}; allowed: StaticEmbedding, then Normalize (a transformer has no table of token vectors)`,
    );
  }
  const path = list[0]?.path ?? '';
  if (typeof path !== 'string' || !plainFolder.test(path)) {
    fail(`the module's path is ${show(path)}; allowed: the name of a folder beside it`);
  }
  return path === '.' ? '' : (path as string);
}

/** The text's embedding in float32, as the model's own library computes it, of length 1. The peer of the tests. */
export function embedExactly(model: AnyModel, text: string): Float32Array {
  const { matrix, tokenizer, dropsUnknown } = model;
  const sum = new Float32Array(matrix.dims);
  const row = new Float32Array(matrix.dims);
  for (const token of tokenizer.encode(text)) {
    if (token >= matrix.vocabularySize || (dropsUnknown && token === tokenizer.unknownId)) continue;
    matrix.read(token, row);
    const weight = matrix.weight(token);
    for (let d = 0; d < sum.length; d++) sum[d] = (sum[d] as number) + (row[d] as number) * weight;
  }
  return normalise(sum);
}
