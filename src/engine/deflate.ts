import { AppError } from '../core/errors.ts';
import { WasmInflateKernel } from '../kernels/inflate-kernel.ts';
import type { Compressor } from './ports.ts';

/** Packed bytes that are unpacked in one call. Of more, the kernel's memory would stay too large. */
const smallBytes = 256 * 1024;

async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  // Written by hand: a Blob would be a round trip to the browser's own process.
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes as Uint8Array<ArrayBuffer>).then(() => writer.close());
  // What is wrong with the bytes, the reader is told too.
  written.catch(() => undefined);
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new AppError('storage-corrupt', `Packed bytes swell beyond ${limit} bytes.`);
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Raw deflate. The browser's own streams pack; a page's text is unpacked by a kernel, which answers
 * before a stream of the browser's has begun, and by a stream where WebAssembly is refused.
 */
export class DeflateCompressor implements Compressor {
  readonly #makeKernel: () => Pick<WasmInflateKernel, 'inflate'>;
  /** Made at the first use; null once it gave up. */
  #kernel: Pick<WasmInflateKernel, 'inflate'> | null | undefined;

  /** @param makeKernel another one in tests */
  constructor(makeKernel = (): Pick<WasmInflateKernel, 'inflate'> => new WasmInflateKernel()) {
    this.#makeKernel = makeKernel;
  }

  get fallbacks(): number {
    return this.#kernel === null ? 1 : 0;
  }

  deflate(bytes: Uint8Array): Promise<Uint8Array> {
    return through(bytes, new CompressionStream('deflate-raw'), Number.MAX_SAFE_INTEGER);
  }

  async inflate(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
    if (bytes.length <= smallBytes && this.#kernel !== null) {
      try {
        this.#kernel ??= this.#makeKernel();
        // A copy: the next call writes where this one has.
        return this.#kernel.inflate(bytes, limit).slice();
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown;
        this.#kernel = null;
      }
    }
    return through(bytes, new DecompressionStream('deflate-raw'), limit);
  }
}
