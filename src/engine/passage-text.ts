import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { ByteReader, ByteWriter } from '../core/index/bytes.ts';
import { xxh32 } from '../core/index/checksum.ts';
import type { Passage } from '../core/page/types.ts';
import type { PageTokens } from '../core/search/page-tokens.ts';
import type { Compressor } from './ports.ts';

/** A page's text may not unpack to more than this. */
const maxTextBytes = 64 * 1024 * 1024;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** First byte of a row that begins with tokens. Deflated bytes never begin so: its block is of no kind. */
const tokensMark = 7;

/** The tokens of a page in the vocabulary of a model. */
export interface KeptTokens {
  readonly space: ModelId;
  readonly tokens: PageTokens;
}

function checksumOf(space: ModelId, tokens: Uint8Array): number {
  return xxh32(tokens, xxh32(utf8.encode(space)));
}

/**
 * A page's text as it is stored: the mark of tokens, their checksum (XXH32, little-endian) and how
 * many bytes they have (a varint), the tokens; then the passages as JSON, deflated. Lone surrogates
 * become U+FFFD.
 */
export async function packPassages(
  compressor: Compressor,
  passages: readonly Passage[],
  kept?: KeptTokens,
): Promise<Uint8Array> {
  const text = await compressor.deflate(utf8.encode(JSON.stringify(passages)));
  if (kept === undefined) return text;
  const { bytes } = kept.tokens;
  const writer = new ByteWriter(16 + bytes.length + text.length);
  writer.byte(tokensMark);
  const checksum = checksumOf(kept.space, bytes);
  for (let shift = 0; shift < 32; shift += 8) writer.byte((checksum >>> shift) & 255);
  writer.varint(bytes.length);
  writer.bytes(bytes);
  writer.bytes(text);
  return writer.finish();
}

/** Where the tokens of a row are, and its text; no tokens in a row without. */
function partsOf(row: Uint8Array): { checksum: number; tokens: Uint8Array; text: Uint8Array } {
  if (row[0] !== tokensMark) return { checksum: -1, tokens: row.subarray(0, 0), text: row };
  const reader = new ByteReader(row, 1);
  let checksum = 0;
  for (let shift = 0; shift < 32; shift += 8) checksum |= reader.byte() << shift;
  const size = reader.varint();
  const start = reader.at;
  const tokens = row.subarray(start, start + size);
  return { checksum: checksum >>> 0, tokens, text: row.subarray(start + size) };
}

/** The tokens of a row; null where it has none of this model, or damaged ones: its text has them. */
export function readTokens(row: Uint8Array | null | undefined, space: ModelId): PageTokens | null {
  if (row === null || row === undefined || row[0] !== tokensMark) return null;
  try {
    const { checksum, tokens } = partsOf(row);
    // A copy: what is kept of a row must not keep all of it.
    return checksum === checksumOf(space, tokens) ? { bytes: tokens.slice() } : null;
  } catch {
    return null;
  }
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
    value = JSON.parse(
      fromUtf8.decode(await compressor.inflate(partsOf(bytes).text, maxTextBytes)),
    );
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
