import { AppError } from '../core/errors.ts';
import {
  bestVariant,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
  Places,
} from './kernels-module.ts';

/** What a call may read behind the input and write behind the output. */
const margin = 64;
const workBytes = 5760;
/** What deflate can reach back to. */
const windowBytes = 32 * 1024;
/** A text rarely swells to more than so many times its packed bytes. */
const usualSwelling = 5;

const noDictionary: Uint8Array = new Uint8Array(0);

/** Unpacks raw deflate in WebAssembly, in one call. */
export class WasmInflateKernel {
  readonly #wasm: KernelFunctions;
  readonly #work: number;
  readonly #to: number;
  /** The one that lies before the output. */
  #dictionary = noDictionary;

  constructor(variant: KernelVariant = bestVariant()) {
    this.#wasm = instantiateKernels(variant);
    const places = new Places();
    this.#work = places.take(workBytes);
    this.#to = places.take(windowBytes) + windowBytes;
    growTo(this.#wasm.memory, this.#to);
  }

  /**
   * @param limit bytes that it may be at most
   * @param dictionary what it was packed with, at most 32 KB; kept as long as it is the same
   * @returns bytes that the next call overwrites
   * @throws AppError `storage-corrupt` for other bytes, and for what swells beyond the limit
   */
  inflate(bytes: Uint8Array, limit: number, dictionary = noDictionary): Uint8Array {
    const { memory } = this.#wasm;
    const to = this.#to;
    const base = to - dictionary.length;
    if (dictionary !== this.#dictionary) {
      new Uint8Array(memory.buffer).set(dictionary, base);
      this.#dictionary = dictionary;
    }
    for (let room = usualSwelling * bytes.length + margin; ; room *= 2) {
      const size = Math.min(room, limit);
      const places = new Places(to);
      places.take(size + margin);
      const from = places.take(bytes.length + margin);
      growTo(memory, places.end);
      new Uint8Array(memory.buffer).set(bytes, from);
      const made = this.#wasm.inflate(from, bytes.length, base, to, size, this.#work);
      if (made >= 0) return new Uint8Array(memory.buffer, to, made);
      if (made === -1) throw new AppError('storage-corrupt', 'Packed bytes are not deflate.');
      if (room >= limit) {
        throw new AppError('storage-corrupt', `Packed bytes swell beyond ${limit} bytes.`);
      }
    }
  }
}
