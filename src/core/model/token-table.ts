import type { TokenTable } from './types.ts';

/** The largest weight of a token. Sums of a thousand tokens stay below 2³¹. */
const maxWeight = 1 << 14;

/**
 * Scales as whole weights: to one part in 16,384 of the largest. A scale below that still counts as
 * the least weight there is, and 0 as nothing. What is rounded once stays as it is.
 */
export function roundScales(scales: Float32Array): Pick<TokenTable, 'weights' | 'scales'> {
  let largest = 0;
  for (const scale of scales) largest = Math.max(largest, Math.abs(scale));
  const unit = largest / maxWeight;
  const weights = new Int16Array(scales.length);
  const rounded = new Float32Array(scales.length);
  for (let t = 0; t < scales.length; t++) {
    const scale = scales[t] as number;
    if (scale === 0) continue;
    const weight = Math.max(1, Math.round(Math.abs(scale) / unit)) * Math.sign(scale);
    weights[t] = weight;
    rounded[t] = weight * unit;
  }
  return { weights, scales: rounded };
}

/**
 * A table of `dims` columns whose tokens weigh what their `scales` say.
 * @param rows vocabularySize × dims, from −127 to 127; kept, not copied
 */
export function tokenTable(dims: number, rows: Int8Array, scales: Float32Array): TokenTable {
  const rounded = roundScales(scales);
  return { dims, rows, ...rounded, norms: rowNorms(rows, rounded.scales, dims) };
}

/** Length of each row's vector. */
function rowNorms(rows: Int8Array, scales: Float32Array, dims: number): Float32Array {
  const norms = new Float32Array(scales.length);
  for (let t = 0, place = 0; t < norms.length; t++) {
    let sum = 0;
    for (let d = 0; d < dims; d++, place++) {
      const value = rows[place] as number;
      sum += value * value; // many times faster than a power, in the millions
    }
    norms[t] = Math.sqrt(sum) * Math.abs(scales[t] as number);
  }
  return norms;
}
