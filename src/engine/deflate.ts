import { AppError } from '../core/errors.ts';
import type { Compressor } from './ports.ts';

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
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Raw deflate by the browser's own streams. */
export const deflateCompressor: Compressor = {
  deflate: (bytes) => through(bytes, new CompressionStream('deflate-raw'), Number.MAX_SAFE_INTEGER),
  inflate: (bytes, limit) => through(bytes, new DecompressionStream('deflate-raw'), limit),
};
