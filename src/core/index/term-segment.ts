import { AppError } from '../errors.ts';
import { ByteReader, ByteWriter, readTerm, writeTerm } from './bytes.ts';
import type { PageTerms } from './page-terms.ts';
import type { PostingVisitor, TermSource } from './term-source.ts';

/*
 * Bytes of a segment, all numbers varints (seven bits a byte, low bits first):
 *
 *   version, pages, terms
 *   each page:  its length in terms
 *   each term, ascending by UTF-16 code units:
 *     units shared with the one before (0 at the first of a block), own units, the units
 *     pages with the term, bytes of its postings
 *   the postings of all terms, one after the other; each posting:
 *     2 × (page − page before − 1) + (1 when a count follows), the count when it is not 1
 */
const formatVersion = 1;
/** Terms between two places where reading may begin. */
const blockSize = 16;

/** Packs pages into the bytes of an immutable segment; page i gets the local number i. */
export function packSegment(pages: readonly PageTerms[]): Uint8Array {
  const lists = new Map<string, { writer: ByteWriter; last: number; frequency: number }>();
  pages.forEach((page, local) => {
    page.terms.forEach((term, index) => {
      let list = lists.get(term);
      if (list === undefined) {
        list = { writer: new ByteWriter(8), last: -1, frequency: 0 };
        lists.set(term, list);
      }
      const count = page.counts[index] ?? 1;
      const gap = local - list.last - 1;
      list.writer.varint(gap * 2 + (count === 1 ? 0 : 1));
      if (count !== 1) list.writer.varint(count);
      list.last = local;
      list.frequency++;
    });
  });
  const writer = new ByteWriter();
  writer.varint(formatVersion);
  writer.varint(pages.length);
  writer.varint(lists.size);
  for (const page of pages) writer.varint(page.length);
  // Plain comparison, not localeCompare: the order must be the same on every machine.
  const sorted = [...lists].sort(([a], [b]) => (a < b ? -1 : 1));
  let before = '';
  sorted.forEach(([term, list], index) => {
    writeTerm(writer, index % blockSize === 0 ? '' : before, term);
    writer.varint(list.frequency);
    writer.varint(list.writer.length);
    before = term;
  });
  for (const [, list] of sorted) writer.bytes(list.writer.finish());
  return writer.finish();
}

interface FoundTerm {
  readonly frequency: number;
  /** Where its postings begin in the bytes. */
  readonly at: number;
}

/**
 * A packed segment, read in place. Opening walks the dictionary once, to learn where each block
 * of terms begins and to find damage before any search does.
 */
export class TermSegment implements TermSource {
  readonly localCount: number;
  readonly #bytes: Uint8Array;
  readonly #lengths: Uint32Array;
  readonly #termCount: number;
  readonly #blockTerms: string[] = [];
  readonly #blockStarts: Uint32Array;
  readonly #blockPostings: Uint32Array;

  /** @throws AppError `storage-corrupt` for damaged bytes, `index-format` for another version */
  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    const version = reader.varint();
    if (version !== formatVersion) {
      throw new AppError(
        'index-format',
        `A segment of format ${version} was found; this version reads format ${formatVersion}.`,
      );
    }
    this.#bytes = bytes;
    this.localCount = reader.varint();
    this.#termCount = reader.varint();
    if (this.localCount + this.#termCount > bytes.length) {
      throw new AppError('storage-corrupt', 'A segment is shorter than what it says it holds.');
    }
    this.#lengths = new Uint32Array(this.localCount);
    for (let i = 0; i < this.localCount; i++) this.#lengths[i] = reader.varint();
    const blocks = Math.ceil(this.#termCount / blockSize);
    this.#blockStarts = new Uint32Array(blocks);
    this.#blockPostings = new Uint32Array(blocks);
    let postings = 0;
    let before = '';
    for (let index = 0; index < this.#termCount; index++) {
      const isFirst = index % blockSize === 0;
      const start = reader.at;
      const term = readTerm(reader, isFirst ? '' : before);
      if (index > 0 && term <= before) {
        throw new AppError('storage-corrupt', `Term ${index} of a segment is out of order.`);
      }
      if (isFirst) {
        this.#blockTerms.push(term);
        this.#blockStarts[index / blockSize] = start;
        this.#blockPostings[index / blockSize] = postings;
      }
      reader.varint();
      postings += reader.varint();
      before = term;
    }
    for (let block = 0; block < blocks; block++) {
      this.#blockPostings[block] = (this.#blockPostings[block] as number) + reader.at;
    }
    if (reader.at + postings !== bytes.length) {
      throw new AppError('storage-corrupt', 'The postings of a segment are not whole.');
    }
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  lengthOf(local: number): number {
    return this.#lengths[local] ?? 0;
  }

  frequency(term: string): number {
    return this.#find(term)?.frequency ?? 0;
  }

  visit(term: string, visitor: PostingVisitor): void {
    const found = this.#find(term);
    if (found === undefined) return;
    const reader = new ByteReader(this.#bytes, found.at);
    let local = -1;
    for (let i = 0; i < found.frequency; i++) {
      const head = reader.varint();
      local += (head >>> 1) + 1;
      visitor(local, (head & 1) === 0 ? 1 : reader.varint());
    }
  }

  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void {
    this.#walk(this.#blockOf(prefix), (term, frequency) => {
      if (term < prefix) return true;
      return term.startsWith(prefix) && visitor(term, frequency);
    });
  }

  #find(term: string): FoundTerm | undefined {
    let found: FoundTerm | undefined;
    this.#walk(this.#blockOf(term), (candidate, frequency, at) => {
      if (candidate === term) found = { frequency, at };
      return candidate < term;
    });
    return found;
  }

  /** The last block that begins at or before the term; 0 when there is none. */
  #blockOf(term: string): number {
    let low = 0;
    let high = this.#blockTerms.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blockTerms[middle] as string) <= term) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #walk(block: number, visitor: (term: string, frequency: number, at: number) => boolean): void {
    if (this.#termCount === 0) return;
    const reader = new ByteReader(this.#bytes, this.#blockStarts[block]);
    let at = this.#blockPostings[block] as number;
    let term = '';
    for (let index = block * blockSize; index < this.#termCount; index++) {
      term = readTerm(reader, index % blockSize === 0 ? '' : term);
      const frequency = reader.varint();
      const size = reader.varint();
      if (!visitor(term, frequency, at)) return;
      at += size;
    }
  }
}
