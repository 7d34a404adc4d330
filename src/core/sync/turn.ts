/** Turns vectors by one square matrix, so that who holds them can compare them and not use them. */
export interface TurnKernel {
  /**
   * @returns the matrix times each vector, in their order
   * @throws RangeError for a vector of other dims than the matrix
   */
  turn(vectors: readonly Float32Array[]): readonly Float32Array[];
}

/** Makes a kernel of a matrix, row-major dims × dims. */
export type CreateTurnKernel = (matrix: Float32Array, dims: number) => TurnKernel;

export function checkDims(dims: number, vectors: readonly Float32Array[]): void {
  for (const { length } of vectors) {
    if (length !== dims) {
      throw new RangeError(`A vector of ${dims} dims can be turned, not of ${length}.`);
    }
  }
}

/**
 * The reference. Every row is four sums in 32 bits, one for each component modulo four, because that
 * is how the fast kernel adds: the bits are the same.
 */
export class ReferenceTurnKernel implements TurnKernel {
  readonly #matrix: Float32Array;
  readonly #dims: number;

  constructor(matrix: Float32Array, dims: number) {
    this.#matrix = matrix;
    this.#dims = dims;
  }

  turn(vectors: readonly Float32Array[]): readonly Float32Array[] {
    checkDims(this.#dims, vectors);
    return vectors.map((vector) =>
      Float32Array.from({ length: this.#dims }, (_, row) => this.#row(row, vector)),
    );
  }

  #row(row: number, vector: Float32Array): number {
    const { fround } = Math;
    const matrix = this.#matrix;
    const start = row * this.#dims;
    const at = (i: number) =>
      i < vector.length ? fround((matrix[start + i] as number) * (vector[i] as number)) : 0;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < vector.length; i += 4) {
      a = fround(a + at(i));
      b = fround(b + at(i + 1));
      c = fround(c + at(i + 2));
      d = fround(d + at(i + 3));
    }
    return fround(fround(a + b) + fround(c + d));
  }
}
