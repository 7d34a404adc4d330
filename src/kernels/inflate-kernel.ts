import { AppError } from '../core/errors.ts';
import { growTo, instantiateKernels, Places } from './kernels-module.ts';

/** What a call may read behind the input and write behind the output. */
const margin = 64;
const workBytes = 5760;
/** A text rarely swells to more than so many times its packed bytes. */
const usualSwelling = 5;

/** Unpacks raw deflate in WebAssembly, in one call. */
export class WasmInflateKernel {
  readonly #wasm = instantiateKernels();

  /**
   * @param limit bytes that it may be at most
   * @returns bytes that the next call overwrites
   * @throws AppError `storage-corrupt` for other bytes, and for what swells beyond the limit
   */
  inflate(bytes: Uint8Array, limit: number): Uint8Array {
    const { memory } = this.#wasm;
    for (let room = Math.min(limit, usualSwelling * bytes.length + margin); ; room *= 2) {
      const isAll = room >= limit;
      const size = Math.min(room, limit);
      const places = new Places();
      const work = places.take(workBytes);
      const from = places.take(bytes.length + margin);
      const to = places.take(size + margin);
      growTo(memory, places.end);
      new Uint8Array(memory.buffer).set(bytes, from);
      const made = this.#wasm.inflate(from, bytes.length, to, to, size, work);
      if (made >= 0) return new Uint8Array(memory.buffer, to, made);
      if (made === -1) throw new AppError('storage-corrupt', 'Packed bytes are not deflate.');
      if (isAll) {
        throw new AppError('storage-corrupt', `Packed bytes swell beyond ${limit} bytes.`);
      }
    }
  }
}
