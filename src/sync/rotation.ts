/** Standard normal numbers from a keyed stream (AES-CTR over zeros), by Box and Muller. */
async function keyedNormals(seed: Uint8Array<ArrayBuffer>, count: number): Promise<Float64Array> {
  const key = await crypto.subtle.importKey('raw', seed, 'AES-CTR', false, ['encrypt']);
  const pairs = Math.ceil(count / 2);
  const zeros = new Uint8Array(pairs * 8);
  const algorithm = { name: 'AES-CTR', counter: new Uint8Array(16), length: 64 };
  const stream = new DataView(await crypto.subtle.encrypt(algorithm, key, zeros));
  const out = new Float64Array(pairs * 2);
  for (let i = 0; i < pairs; i++) {
    const u = (stream.getUint32(i * 8, true) + 1) / 4294967297;
    const v = stream.getUint32(i * 8 + 4, true) / 4294967296;
    const radius = Math.sqrt(-2 * Math.log(u));
    out[2 * i] = radius * Math.cos(2 * Math.PI * v);
    out[2 * i + 1] = radius * Math.sin(2 * Math.PI * v);
  }
  return out.subarray(0, count);
}

/**
 * The secret orthogonal matrix of a seed. Every dot product between vectors turned by the same matrix
 * is kept, so the server ranks as the device would, without holding the vectors themselves.
 * docs/sync.md says what that hides and what it does not.
 *
 * Uniform over rotations and reflections: Gram–Schmidt over rows of normal numbers, each row twice,
 * which keeps it orthogonal to rounding ("twice is enough", Giraud et al., 2005). O(dims³).
 *
 * @returns row-major dims × dims, orthonormal rows
 */
export async function secretRotation(
  seed: Uint8Array<ArrayBuffer>,
  dims: number,
): Promise<Float32Array> {
  const m = await keyedNormals(seed, dims * dims);
  for (let row = 0; row < dims; row++) {
    const r = m.subarray(row * dims, (row + 1) * dims);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < row; other++) {
        const o = m.subarray(other * dims, (other + 1) * dims);
        const overlap = dot(r, o);
        for (let i = 0; i < dims; i++) r[i] = (r[i] ?? 0) - overlap * (o[i] ?? 0);
      }
    }
    const length = Math.sqrt(dot(r, r));
    for (let i = 0; i < dims; i++) r[i] = (r[i] ?? 0) / length;
  }
  return Float32Array.from(m);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
