import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { ByteReader } from '../core/index/bytes.ts';
import { xxh32 } from '../core/index/checksum.ts';
import type { Passage } from '../core/page/types.ts';
import type { PageTokens } from '../core/search/page-tokens.ts';
import type { Compressor } from './ports.ts';
import { textDictionary } from './text-dictionary.ts';

/** A page's text may not unpack to more than this. */
const maxTextBytes = 64 * 1024 * 1024;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/**
 * First byte of a row with a head: of format 3, whose tokens lie in it as they are, and of those since,
 * before a text that is packed with the dictionary, or was too long for it. Deflated bytes never begin
 * so: their block would be of no kind.
 */
const plainTokens = 7;
const packedWithDictionary = 15;
const packedLong = 6;

/** The mark, and what older rows have between it and the text when they have no tokens. */
const headBytes = 6;

/** A longer text is not packed in one go, and needs no help from a dictionary. */
const longBytes = 128 * 1024;

const dictionary = utf8.encode(textDictionary);

const checksumBytes = 4;

function checksumOf(space: ModelId, tokens: Uint8Array): number {
  return xxh32(tokens, xxh32(utf8.encode(space)));
}

/**
 * A page's text as it is stored: a mark, five zeros where format 4 had the checksum and length of tokens;
 * then the passages as JSON, deflated, with the dictionary unless they are long. Lone surrogates become
 * U+FFFD.
 */
export async function packPassages(
  compressor: Compressor,
  passages: readonly Passage[],
): Promise<Uint8Array> {
  const json = utf8.encode(JSON.stringify(passages));
  const isLong = json.length > longBytes;
  const text = await compressor.deflate(json, isLong ? undefined : dictionary);
  const row = new Uint8Array(headBytes + text.length);
  row[0] = isLong ? packedLong : packedWithDictionary;
  row.set(text, headBytes);
  return row;
}

/**
 * A page's tokens in the vocabulary of a model as they are stored: their checksum (XXH32,
 * little-endian, of the deflated bytes, with that of the space's name as its seed), then they, deflated.
 */
export async function packTokens(
  compressor: Compressor,
  space: ModelId,
  tokens: PageTokens,
): Promise<Uint8Array> {
  const deflated = await compressor.deflate(tokens.bytes);
  const packed = new Uint8Array(checksumBytes + deflated.length);
  new DataView(packed.buffer).setUint32(0, checksumOf(space, deflated), true);
  packed.set(deflated, checksumBytes);
  return packed;
}

/** Whether packed tokens are of this model and as they were packed. */
export function areSoundTokens(packed: Uint8Array, space: ModelId): boolean {
  if (packed.length < checksumBytes) return false;
  const checksum = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  return checksum === checksumOf(space, packed.subarray(checksumBytes));
}

/** The inverse of {@link packTokens}; null for those of another model, and for damaged ones. */
export async function unpackTokens(
  compressor: Compressor,
  packed: Uint8Array | null,
  space: ModelId,
): Promise<PageTokens | null> {
  if (packed === null || !areSoundTokens(packed, space)) return null;
  try {
    return { bytes: await compressor.inflate(packed.subarray(checksumBytes), maxTextBytes) };
  } catch {
    return null;
  }
}

interface RowParts {
  readonly mark: number | undefined;
  readonly checksum: number;
  /** Empty in a row without. */
  readonly tokens: Uint8Array;
  readonly text: Uint8Array;
}

/** Where the tokens of a row are, and its text. */
function partsOf(row: Uint8Array): RowParts {
  const [mark] = row;
  if (mark !== plainTokens && mark !== packedWithDictionary && mark !== packedLong) {
    return { mark, checksum: 0, tokens: row.subarray(0, 0), text: row };
  }
  const reader = new ByteReader(row, 1);
  let checksum = 0;
  for (let shift = 0; shift < 32; shift += 8) checksum |= reader.byte() << shift;
  const size = reader.varint();
  const start = reader.at;
  const tokens = row.subarray(start, start + size);
  return { mark, checksum: checksum >>> 0, tokens, text: row.subarray(start + size) };
}

/** The tokens that format 3 or 4 kept in a text's row; null where it has none of this model that is sound. */
export async function tokensOfRow(
  compressor: Compressor,
  row: Uint8Array | null | undefined,
  space: ModelId,
): Promise<PageTokens | null> {
  if (row === null || row === undefined) return null;
  try {
    const { mark, checksum, tokens } = partsOf(row);
    if (tokens.length === 0 || checksum !== checksumOf(space, tokens)) return null;
    // A copy: what is kept of a row must not keep all of it.
    if (mark === plainTokens) return { bytes: tokens.slice() };
    return { bytes: await compressor.inflate(tokens, maxTextBytes) };
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
    const { mark, text } = partsOf(bytes);
    const packedWith = mark === packedWithDictionary ? dictionary : undefined;
    value = JSON.parse(fromUtf8.decode(await compressor.inflate(text, maxTextBytes, packedWith)));
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
