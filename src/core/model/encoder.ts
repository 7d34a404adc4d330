import type { BitCode, Embedding } from '../ids.ts';
import { rotate, rotationSigns, rotationSize, signBits } from './rotation.ts';
import {
  codeBits,
  type Encoder,
  type EncoderModel,
  type TokenIds,
  type TokenTable,
} from './types.ts';

/** L2-normalises in place; a zero vector stays zero. Returns the same array. */
export function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) * (vector[i] as number);
  if (sum === 0) return vector;
  const factor = 1 / Math.sqrt(sum);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * factor;
  return vector;
}

/**
 * Mean of the tokens' vectors, L2-normalised. Ids outside the table are left out. The sums are of
 * whole numbers, exact in any order; their squares are added four sums side by side.
 */
export function poolTokens(table: TokenTable, ids: TokenIds): Embedding {
  const { dims } = table;
  const sums = sumOfTokens(table, ids);
  const squares = squaresOf(sums);
  const embedding = new Float32Array(dims);
  if (squares === 0) return embedding;
  // The mean's factor 1/n is lost in the normalisation.
  const factor = 1 / Math.sqrt(squares);
  for (let d = 0; d < dims; d++) embedding[d] = (sums[d] as number) * factor;
  return embedding;
}

function sumOfTokens({ dims, rows, weights }: TokenTable, ids: TokenIds): Float64Array {
  const sums = new Float64Array(dims);
  for (const id of ids) {
    const weight = weights[id];
    if (weight === undefined) continue;
    const start = id * dims;
    for (let d = 0; d < dims; d++) {
      sums[d] = (sums[d] as number) + (rows[start + d] as number) * weight;
    }
  }
  return sums;
}

function squaresOf(sums: Float64Array): number {
  const parts = [0, 0, 0, 0];
  for (let d = 0; d < sums.length; d++) {
    parts[d & 3] = (parts[d & 3] as number) + (sums[d] as number) * (sums[d] as number);
  }
  const [a, b, c, e] = parts as [number, number, number, number];
  return a + c + (b + e);
}

/** The encoder of a model: pooling, rotation and bit codes. The reference each kernel must equal. */
export function createEncoder({ tokenizer, table, code: recipe }: EncoderModel): Encoder {
  const size = rotationSize(table.dims);
  const signs = rotationSigns(size, recipe.rounds, recipe.seed);
  const rotated = (embedding: Embedding) => rotate(embedding, signs, size);
  return {
    dims: table.dims,
    embed: (ids) => poolTokens(table, ids),
    cosine: (unit, parts) => {
      const embedding = poolTokens(table, Uint32Array.from(parts.flatMap((ids) => [...ids])));
      return embedding.reduce((sum, value, d) => sum + value * (unit[d] ?? 0), 0);
    },
    length: (parts) =>
      Math.sqrt(squaresOf(sumOfTokens(table, Uint32Array.from(parts.flatMap((ids) => [...ids]))))),
    rotate: (embedding) => rotated(embedding).slice(0, codeBits),
    code: (embedding): BitCode => signBits(rotated(embedding)),
    codeOf: (text): BitCode => signBits(rotated(poolTokens(table, tokenizer.encode(text)))),
  };
}
