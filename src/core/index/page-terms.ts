import { AppError } from '../errors.ts';
import { ByteReader, ByteWriter, readTerm, writeTerm } from './bytes.ts';

/** The terms of one page with their weighted counts. */
export interface PageTerms {
  /** Distinct, ascending by UTF-16 code units. */
  readonly terms: readonly string[];
  /** How often each occurs, 1 to 65,535; an occurrence in the title counts more than once. */
  readonly counts: Uint16Array;
  /** Sum of all occurrences: the page's length in terms. */
  readonly length: number;
}

/** Byte format of {@link encodePageTerms}. */
const formatVersion = 1;

function corrupt(what: string): AppError {
  return new AppError('storage-corrupt', `The stored terms of a page are damaged: ${what}.`);
}

/**
 * The bytes of a page's terms: version, number of terms, length; then for each term the number of
 * code units shared with the one before, the other units, and the count.
 */
export function encodePageTerms({ terms, counts, length }: PageTerms): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(formatVersion);
  writer.varint(terms.length);
  writer.varint(length);
  let before = '';
  terms.forEach((term, index) => {
    writeTerm(writer, before, term);
    writer.varint(counts[index] ?? 1);
    before = term;
  });
  return writer.finish();
}

/** @throws AppError `storage-corrupt` when the bytes are not whole, `index-format` for another version */
export function decodePageTerms(bytes: Uint8Array): PageTerms {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== formatVersion) {
    throw new AppError(
      'index-format',
      `Terms of format ${version} were found; this version reads format ${formatVersion}.`,
    );
  }
  const size = reader.varint();
  if (size > bytes.length) throw corrupt(`${size} terms cannot be in ${bytes.length} bytes`);
  const length = reader.varint();
  const terms: string[] = [];
  const counts = new Uint16Array(size);
  let before = '';
  for (let index = 0; index < size; index++) {
    const term = readTerm(reader, before);
    if (index > 0 && term <= before) throw corrupt(`term ${index} is out of order`);
    terms.push(term);
    counts[index] = reader.varint();
    before = term;
  }
  if (reader.at !== bytes.length) throw corrupt(`${bytes.length - reader.at} bytes are left over`);
  return { terms, counts, length };
}
