import { AppError } from '../core/errors.ts';
import type { Passage } from '../core/page/types.ts';
import type { Compressor } from './ports.ts';

/** A page's text may not unpack to more than this. */
const maxTextBytes = 64 * 1024 * 1024;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** A page's passages as they are stored: JSON, deflated. Lone surrogates become U+FFFD. */
export async function packPassages(
  compressor: Compressor,
  passages: readonly Passage[],
): Promise<Uint8Array> {
  return compressor.deflate(utf8.encode(JSON.stringify(passages)));
}

function isPassage(value: unknown): value is Passage {
  return typeof value === 'object' && value !== null && typeof (value as Passage).text === 'string';
}

/** The inverse of {@link packPassages}. @throws AppError `storage-corrupt` for other bytes */
export async function unpackPassages(
  compressor: Compressor,
  bytes: Uint8Array,
): Promise<readonly Passage[]> {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8.decode(await compressor.inflate(bytes, maxTextBytes)));
  } catch (cause) {
    throw new AppError('storage-corrupt', 'The stored text of a page cannot be read.', { cause });
  }
  if (!Array.isArray(value) || !value.every(isPassage)) {
    throw new AppError('storage-corrupt', 'The stored text of a page is not a list of passages.');
  }
  return value;
}

/** The passages of a page whose text may be missing or damaged: null then, and the page is passed over. */
export async function readPassages(
  compressor: Compressor,
  bytes: Uint8Array | null | undefined,
): Promise<readonly Passage[] | null> {
  if (bytes === null || bytes === undefined) return null;
  return unpackPassages(compressor, bytes).catch(() => null);
}
