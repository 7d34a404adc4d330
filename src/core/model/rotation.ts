import { codeBits } from './types.ts';

/**
 * The next number of a mulberry32 stream (Tommy Ettinger, public domain): a 32-bit generator whose
 * every step is exact in any language. Returns a function that gives unsigned 32-bit integers.
 */
export function mulberry32(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Size of the transform for a model of `dims`: a power of two, at least {@link codeBits}. */
export function rotationSize(dims: number): number {
  let size = codeBits;
  while (size < dims) size *= 2;
  return size;
}

/** The ±1 factors of all rounds, round after round, drawn as one stream from `seed`. */
export function rotationSigns(size: number, rounds: number, seed: number): Float32Array {
  const next = mulberry32(seed);
  const signs = new Float32Array(size * rounds);
  for (let i = 0; i < signs.length; i++) signs[i] = next() >= 0x80000000 ? -1 : 1;
  return signs;
}

/** Walsh–Hadamard transform in natural order, in place, without a factor. Length: a power of two. */
export function walshHadamard(values: Float32Array): void {
  const size = values.length;
  for (let half = 1; half < size; half *= 2) {
    for (let block = 0; block < size; block += 2 * half) {
      for (let i = block; i < block + half; i++) {
        const a = values[i] as number;
        const b = values[i + half] as number;
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
}

/**
 * A fixed random rotation: zero padding to `size`, then for each round the sign flips and an
 * orthonormal Walsh–Hadamard transform. It spreads the variance evenly over all components, which
 * makes their signs worth about the same. Orthogonal: cosines and lengths stay as they were.
 */
export function rotate(embedding: Float32Array, signs: Float32Array, size: number): Float32Array {
  const values = new Float32Array(size);
  values.set(embedding.length > size ? embedding.subarray(0, size) : embedding);
  const scale = Math.fround(1 / Math.sqrt(size));
  for (let offset = 0; offset < signs.length; offset += size) {
    for (let i = 0; i < size; i++) {
      values[i] = (values[i] as number) * (signs[offset + i] as number);
    }
    walshHadamard(values);
    for (let i = 0; i < size; i++) values[i] = (values[i] as number) * scale;
  }
  return values;
}

/** Signs of the first {@link codeBits} values: bit `i` is byte `i >> 3`, bit `i & 7`, `x >= 0 → 1`. */
export function signBits(values: Float32Array): Uint8Array {
  const code = new Uint8Array(codeBits / 8);
  for (let i = 0; i < codeBits; i++) {
    if ((values[i] as number) >= 0) code[i >> 3] = (code[i >> 3] as number) | (1 << (i & 7));
  }
  return code;
}
