import { Inflate } from 'fflate';
import { AppError } from '../core/errors.ts';
import type { Compressor } from './ports.ts';

/** Bytes that are unpacked at once, sooner than a stream of the browser's could answer. */
const smallBytes = 32 * 1024;

function swollen(limit: number): AppError {
  return new AppError('storage-corrupt', `Packed bytes swell beyond ${limit} bytes.`);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function inflateSmall(bytes: Uint8Array, limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((chunk) => {
    size += chunk.length;
    if (size > limit) throw swollen(limit);
    chunks.push(chunk);
  });
  // In pieces, so that what swells is noticed on the way.
  const step = 4096;
  for (let at = 0; at < bytes.length || at === 0; at += step) {
    inflate.push(bytes.subarray(at, at + step), at + step >= bytes.length);
  }
  return joined(chunks);
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
  return joined(chunks);
}

/** Raw deflate by the browser's own streams; little is unpacked by a library, which answers at once. */
export const deflateCompressor: Compressor = {
  deflate: (bytes) => through(bytes, new CompressionStream('deflate-raw'), Number.MAX_SAFE_INTEGER),
  inflate: async (bytes, limit) =>
    bytes.length <= smallBytes
      ? inflateSmall(bytes, limit)
      : through(bytes, new DecompressionStream('deflate-raw'), limit),
};
