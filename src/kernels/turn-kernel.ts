import {
  type CreateTurnKernel,
  checkDims,
  ReferenceTurnKernel,
  type TurnKernel,
} from '../core/sync/turn.ts';
import { describeFailure, type ReportFallback } from './kernels.ts';
import {
  bestVariant,
  firstPlace,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
} from './kernels-module.ts';

/** A matrix times vectors in WebAssembly, with the reference's bits. */
export class WasmTurnKernel implements TurnKernel {
  readonly #wasm: KernelFunctions;
  readonly #dims: number;
  /** Rows and vectors are padded with zeros to a multiple of four floats. */
  readonly #stride: number;
  readonly #vectors: number;

  constructor(matrix: Float32Array, dims: number, variant: KernelVariant = bestVariant()) {
    this.#wasm = instantiateKernels(variant);
    this.#dims = dims;
    this.#stride = Math.ceil(dims / 4) * 4;
    this.#vectors = firstPlace + this.#stride * this.#stride * 4;
    growTo(this.#wasm.memory, this.#vectors);
    const place = new Float32Array(this.#wasm.memory.buffer, firstPlace, this.#stride ** 2);
    for (let row = 0; row < dims; row++) {
      place.set(matrix.subarray(row * dims, (row + 1) * dims), row * this.#stride);
    }
  }

  turn(vectors: readonly Float32Array[]): readonly Float32Array[] {
    checkDims(this.#dims, vectors);
    const stride = this.#stride;
    const count = vectors.length;
    const out = this.#vectors + count * stride * 4;
    growTo(this.#wasm.memory, out + count * stride * 4);
    const { buffer } = this.#wasm.memory;
    const input = new Float32Array(buffer, this.#vectors, count * stride).fill(0);
    for (const [n, vector] of vectors.entries()) input.set(vector, n * stride);
    this.#wasm.turn(this.#vectors, count, firstPlace, stride, out);
    const output = new Float32Array(buffer, out, count * stride);
    return vectors.map((_, n) => output.slice(n * stride, n * stride + this.#dims));
  }
}

/**
 * Makes fast kernels; where WebAssembly is refused, traps or gets no more memory, the reference goes
 * on with the same bits.
 */
export function createTurnKernels(
  report: ReportFallback = () => {},
  make: CreateTurnKernel = (matrix, dims) => new WasmTurnKernel(matrix, dims),
): CreateTurnKernel {
  return (matrix, dims) => new SteadyTurnKernel(matrix, dims, make, report);
}

/** A turn that survives its fast kernel. */
class SteadyTurnKernel implements TurnKernel {
  readonly #dims: number;
  readonly #reference: TurnKernel;
  readonly #report: ReportFallback;
  #fast: TurnKernel | undefined;

  constructor(matrix: Float32Array, dims: number, make: CreateTurnKernel, report: ReportFallback) {
    this.#dims = dims;
    this.#reference = new ReferenceTurnKernel(matrix, dims);
    this.#report = report;
    try {
      this.#fast = make(matrix, dims);
    } catch (cause) {
      report(describeFailure('turn', cause));
    }
  }

  turn(vectors: readonly Float32Array[]): readonly Float32Array[] {
    // The caller's mistake, not the kernel's.
    checkDims(this.#dims, vectors);
    if (this.#fast !== undefined) {
      try {
        return this.#fast.turn(vectors);
      } catch (cause) {
        this.#report(describeFailure('turn', cause));
        this.#fast = undefined;
      }
    }
    return this.#reference.turn(vectors);
  }
}
