import { AppError } from '../core/errors.ts';
import { maxDims, maxVocabularySize } from '../core/model/manifest.ts';
import { readSafetensors, type Tensor } from '../core/model/safetensors.ts';

/** Token vectors as another library stores them, read one by one. */
export interface Matrix {
  readonly vocabularySize: number;
  readonly dims: number;
  /** The tensor's name: `embeddings` is Model2Vec's, `embedding.weight` everyone else's. */
  readonly tableName: string;
  /** Whether the components are whole numbers from −127 to 127, times the token's weight. */
  readonly isInt8: boolean;
  /** The token's factor: its weight where the model has weights, else 1. */
  weight(token: number): number;
  /** Writes the token's stored components, without the weight, into `out` [dims]. */
  read(token: number, out: Float32Array): void;
}

/** Names under which libraries keep the table. */
const tableNames = ['embeddings', 'embedding.weight'];
/** Components of all tokens, above which a table would not fit into a browser's memory. */
const maxComponents = 1 << 28;

/** The float of 16 bits whose bits are `half`. */
export function floatOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function viewOf(tensor: Tensor): DataView {
  return new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.byteLength);
}

/** Reads component `i` of a tensor of numbers. */
function readerOf(tensor: Tensor): ((i: number) => number) | undefined {
  const view = viewOf(tensor);
  switch (tensor.type) {
    case 'F64':
      return (i) => view.getFloat64(i * 8, true);
    case 'F32':
      return (i) => view.getFloat32(i * 4, true);
    case 'F16':
      return (i) => floatOfHalf(view.getUint16(i * 2, true));
    case 'I8':
      return (i) => view.getInt8(i);
    case 'I32':
      return (i) => view.getInt32(i * 4, true);
    case 'I64':
      return (i) => view.getInt32(i * 8 + 4, true) * 2 ** 32 + view.getUint32(i * 8, true);
    default:
      return undefined;
  }
}

/**
 * Reads the table of a Model2Vec or Sentence Transformers model: `embeddings` or
 * `embedding.weight`, and Model2Vec's `weights` and `mapping` where they are.
 * @param dims how many of the first dimensions to keep; all without it
 * @throws AppError `model-invalid` naming the file, the value and what is allowed
 */
export function readMatrix(bytes: Uint8Array, name: string, dims?: number): Matrix {
  const fail = (what: string): never => {
    throw new AppError('model-invalid', `${name}: ${what}`, { details: { file: name } });
  };
  const tensors = readSafetensors(bytes, name);
  const found = tableNames.filter((each) => tensors.has(each));
  if (found.length !== 1) {
    const seen = [...tensors.keys()].slice(0, 5).map((each) => each.slice(0, 40));
    fail(
      `has the tensors ${seen.join(', ') || '(none)'}; allowed: one of ${tableNames.join(', ')}`,
    );
  }
  const tensorOf = (key: string, types: readonly string[], rank: number): Tensor => {
    const tensor = tensors.get(key) as Tensor;
    if (!types.includes(tensor.type) || tensor.shape.length !== rank) {
      fail(
        `${key} is ${tensor.type} [${tensor.shape.slice(0, 4)}]; allowed: ${types.join(', ')} of ${rank} dimensions`,
      );
    }
    return tensor;
  };
  const table = tensorOf(found[0] as string, ['F32', 'F16', 'I8'], 2);
  const [rows, stored] = table.shape as [number, number];
  if (rows < 1 || stored < 1 || stored > maxDims) {
    fail(`${found[0]} has the shape [${rows},${stored}]; allowed: 1 to ${maxDims} dimensions`);
  }
  const kept = dims ?? stored;
  if (!Number.isInteger(kept) || kept < 1 || kept > stored) {
    fail(`cannot be cut to ${kept} dimensions; allowed: 1 to ${stored}`);
  }
  const read = readerOf(table) as (i: number) => number;
  const mapping = tensors.has('mapping') ? tensorOf('mapping', ['I64', 'I32'], 1) : undefined;
  const weights = tensors.has('weights')
    ? tensorOf('weights', ['F32', 'F16', 'F64'], 1)
    : undefined;
  const vocabularySize = mapping?.shape[0] ?? rows;
  if (vocabularySize < 1 || vocabularySize > maxVocabularySize) {
    fail(`has ${vocabularySize} tokens; allowed: 1 to ${maxVocabularySize}`);
  }
  if (vocabularySize * kept > maxComponents) {
    fail(`needs ${vocabularySize * kept} numbers; at most ${maxComponents} are allowed`);
  }
  const rowOf = mapping && readerOf(mapping);
  const weightOf = weights && readerOf(weights);
  if (weights !== undefined && weights.shape[0] !== vocabularySize) {
    fail(`weights has ${weights.shape[0]} numbers; ${vocabularySize} tokens need one each`);
  }
  let isInt8 = table.type === 'I8';
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < kept; d++) {
      const value = read(row * stored + d);
      // The negation holds for NaN too.
      if (!(Math.abs(value) < 1e6)) {
        fail(`row ${row} of ${found[0]} has ${value} at ${d}; allowed: −1000000 to 1000000`);
      }
      if (value === -128) isInt8 = false;
    }
  }
  for (let token = 0; token < vocabularySize; token++) {
    const row = rowOf?.(token) ?? token;
    if (!(row >= 0 && row < rows)) {
      fail(`mapping of token ${token} is ${row}; allowed: 0 to ${rows - 1}`);
    }
    const weight = weightOf?.(token) ?? 1;
    if (!(Math.abs(weight) < 1e6)) {
      fail(`the weight of token ${token} is ${weight}; allowed: −1000000 to 1000000`);
    }
  }
  return {
    vocabularySize,
    dims: kept,
    tableName: found[0] as string,
    isInt8,
    weight: (token) => weightOf?.(token) ?? 1,
    read(token, out) {
      const start = (rowOf?.(token) ?? token) * stored;
      for (let d = 0; d < kept; d++) out[d] = read(start + d);
    },
  };
}
