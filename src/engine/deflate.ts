import { deflateSync, Inflate } from 'fflate';
import { AppError } from '../core/errors.ts';
import { WasmInflateKernel } from '../kernels/inflate-kernel.ts';
import type { Compressor } from './ports.ts';

/** Bytes that are packed and unpacked in one call. Of more, the kernel's memory would stay too large. */
const smallBytes = 256 * 1024;
const pieceBytes = 4096;

function swollen(limit: number): AppError {
  return new AppError('storage-corrupt', `Packed bytes swell beyond ${limit} bytes.`);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

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
      throw swollen(limit);
    }
    chunks.push(value);
  }
  return joined(chunks, size);
}

/** Without the kernel, and where a stream of the browser's cannot be given a dictionary. */
function inflateWith(bytes: Uint8Array, limit: number, dictionary: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate({ dictionary }, (chunk) => {
    size += chunk.length;
    if (size > limit) throw swollen(limit);
    chunks.push(chunk);
  });
  // In pieces, so that what swells is noticed on the way.
  for (let at = 0; at < bytes.length || at === 0; at += pieceBytes) {
    inflate.push(bytes.subarray(at, at + pieceBytes), at + pieceBytes >= bytes.length);
  }
  return joined(chunks, size);
}

/**
 * Raw deflate. What is small is packed by a library and unpacked by a kernel, each in one call, before a
 * stream of the browser's would have begun; what is large, by the browser's streams.
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

  async deflate(bytes: Uint8Array, dictionary?: Uint8Array): Promise<Uint8Array> {
    if (dictionary !== undefined) return deflateSync(bytes, { level: 9, dictionary });
    if (bytes.length <= smallBytes) return deflateSync(bytes, { level: 9 });
    return through(bytes, new CompressionStream('deflate-raw'), Number.MAX_SAFE_INTEGER);
  }

  async inflate(bytes: Uint8Array, limit: number, dictionary?: Uint8Array): Promise<Uint8Array> {
    if (bytes.length <= smallBytes && this.#kernel !== null) {
      try {
        this.#kernel ??= this.#makeKernel();
        // A copy: the next call writes where this one has.
        return this.#kernel.inflate(bytes, limit, dictionary).slice();
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown;
        this.#kernel = null;
      }
    }
    return dictionary === undefined
      ? through(bytes, new DecompressionStream('deflate-raw'), limit)
      : inflateWith(bytes, limit, dictionary);
  }
}
