import { AppError } from '../core/errors.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** Packs a text into base64 of its gzipped UTF-8, for messages and stores that hold only JSON. */
export async function packText(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return toBase64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/**
 * The inverse of {@link packText}.
 * @throws AppError `bad-request` when the data is no packed text or unpacks to more than `maxBytes`
 */
export async function unpackText(packed: string, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  try {
    const bytes = fromBase64(packed);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      sizeBytes += value.length;
      if (sizeBytes > maxBytes) {
        await reader.cancel();
        break;
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    throw new AppError('bad-request', 'A packed text cannot be unpacked', { cause });
  }
  throw new AppError('bad-request', `A packed text unpacks to more than ${maxBytes} bytes`);
}
