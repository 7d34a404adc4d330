import { AppError } from '../core/errors.ts';
import { manifestFile, manifestFormat } from '../core/model/manifest.ts';
import { readModel, type Sha256 } from '../core/model/model-file.ts';
import { roundScales } from '../core/model/token-table.ts';
import { codeBits, type StaticModel } from '../core/model/types.ts';
import type { AnyModel } from './read-any-model.ts';
import { readForeignTokenizer } from './tokenizer.ts';

export interface ModelLabel {
  /** 1–64 letters, digits, `.` `_` `-`. */
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** The files of a model's folder by name, and the model as the extension reads it from them. */
export interface WrittenModel {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly model: StaticModel;
}

const tableFile = 'table.safetensors';
const tokenizerFile = 'tokenizer.json';

/**
 * Makes the folder that the extension's reader accepts (docs/model-format.md), with rows of 8
 * bits, and reads it back with that reader. Rows of whole numbers stay as they are; of others,
 * each component moves by at most 1/254 of its row's largest one.
 * @throws AppError `model-invalid` where the reader refuses it
 */
export async function writeModel(
  source: AnyModel,
  label: ModelLabel,
  sha256: Sha256,
): Promise<WrittenModel> {
  const table = writeTable(source);
  const entry = async (file: string, bytes: Uint8Array) => ({
    file,
    sizeBytes: bytes.length,
    sha256: await sha256(bytes),
  });
  const { dims, vocabularySize } = source.matrix;
  const manifest = {
    format: manifestFormat,
    ...label,
    dims,
    vocabularySize,
    table: { ...(await entry(tableFile, table)), encoding: 'int8' },
    tokenizer: {
      ...(await entry(tokenizerFile, source.tokenizerFile)),
      kind: source.isOwnTokenizer ? 'dejalu' : 'hugging-face',
    },
    code: { bits: codeBits, rounds: 3, seed: 7 },
    widths: [dims],
    unknownToken: source.tokenizer.unknownId,
    languages: [],
  };
  const files = new Map([
    [manifestFile, new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)],
    [tokenizerFile, source.tokenizerFile],
    [tableFile, table],
  ]);
  const model = await readModel(
    { manifest: files.get(manifestFile), tokenizer: source.tokenizerFile, table },
    sha256,
    readForeignTokenizer,
  );
  return { files, model };
}

/** A safetensors file of `embeddings` I8 and `scales` F32. */
function writeTable({ matrix, tokenizer, dropsUnknown }: AnyModel): Uint8Array {
  const { dims, vocabularySize } = matrix;
  const size = vocabularySize * dims;
  const header = new TextEncoder().encode(
    JSON.stringify({
      embeddings: { dtype: 'I8', shape: [vocabularySize, dims], data_offsets: [0, size] },
      scales: {
        dtype: 'F32',
        shape: [vocabularySize],
        data_offsets: [size, size + vocabularySize * 4],
      },
    }),
  );
  const bytes = new Uint8Array(8 + header.length + size + vocabularySize * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.length, true);
  bytes.set(header, 8);
  const start = 8 + header.length;
  const row = new Float32Array(dims);
  const scales = new Float32Array(vocabularySize);
  let someVector = false;
  for (let token = 0; token < vocabularySize; token++) {
    matrix.read(token, row);
    let largest = 0;
    for (const value of row) largest = Math.max(largest, Math.abs(value));
    const step = matrix.isInt8 ? 1 : largest / 127;
    const place = start + token * dims;
    for (let d = 0; d < dims; d++) {
      view.setInt8(place + d, step === 0 ? 0 : Math.round((row[d] as number) / step));
    }
    const isDropped = dropsUnknown && token === tokenizer.unknownId;
    scales[token] = isDropped ? 0 : step * matrix.weight(token);
    someVector ||= scales[token] !== 0 && largest > 0;
  }
  roundScales(scales).scales.forEach((scale, token) => {
    view.setFloat32(start + size + token * 4, scale, true);
  });
  if (!someVector) {
    throw new AppError('model-invalid', 'model.safetensors: every token has the zero vector');
  }
  return bytes;
}
