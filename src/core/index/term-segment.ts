import { AppError } from '../errors.ts';
import { ByteReader, ByteWriter, damaged, firstWords, readTerm, writeTerm } from './bytes.ts';
import type { PageTerms } from './page-terms.ts';
import { PostingList, PostingsWriter } from './postings.ts';
import type { ReadPart } from './read-part.ts';
import type { FoundTerm, TermSource } from './term-source.ts';

/*
 * Bytes of a segment. First words of 32 bits, little-endian:
 *
 *   version, pages, terms, where the dictionary begins, where the postings begin
 *   each page:   its length in terms
 *   each block of 16 terms:  where it begins in the dictionary
 *   each block:  where its postings begin
 *
 * then bytes, all numbers varints (seven bits a byte, low bits first):
 *
 *   each term, ascending by UTF-16 code units:
 *     units shared with the one before (0 at the first of a block), own units, the units
 *     pages with the term, bytes of its postings
 *   the postings of all terms, one after the other (postings.ts)
 */
const formatVersion = 2;
const headWords = 5;
/** Terms between two places where reading may begin. */
const blockSize = 16;
/** Pages of a group that is packed in one go while a large segment is made in slices. */
const groupSize = 2;
/** Terms merged between two places where other work may run. */
const sliceTerms = 256;
/** Postings read at a time where many are wanted. */
const windowBytes = 1 << 16;
/** Bytes between the postings of two terms that are read with them. */
const skippedBytes = 1 << 12;

/** Puts the bytes of a segment together, term by term. */
class SegmentWriter {
  readonly #dictionary = new ByteWriter(1 << 16);
  readonly #postings = new ByteWriter(1 << 16);
  readonly #blockStarts: number[] = [];
  readonly #blockPostings: number[] = [];
  #termCount = 0;
  #before = '';

  /** Terms come in ascending order. */
  add(term: string, frequency: number, postings: Uint8Array): void {
    const isFirst = this.#termCount % blockSize === 0;
    if (isFirst) {
      this.#blockStarts.push(this.#dictionary.length);
      this.#blockPostings.push(this.#postings.length);
    }
    writeTerm(this.#dictionary, isFirst ? '' : this.#before, term);
    this.#dictionary.varint(frequency);
    this.#dictionary.varint(postings.length);
    this.#postings.bytes(postings);
    this.#before = term;
    this.#termCount++;
  }

  finish(lengths: ArrayLike<number>): Uint8Array {
    const blocks = this.#blockStarts.length;
    const dictionaryAt = (headWords + lengths.length + 2 * blocks) * 4;
    const postingsAt = dictionaryAt + this.#dictionary.length;
    const bytes = new Uint8Array(postingsAt + this.#postings.length);
    const words = new Uint32Array(bytes.buffer, 0, dictionaryAt / 4);
    words.set([formatVersion, lengths.length, this.#termCount, dictionaryAt, postingsAt]);
    words.set(lengths, headWords);
    words.set(this.#blockStarts, headWords + lengths.length);
    words.set(this.#blockPostings, headWords + lengths.length + blocks);
    bytes.set(this.#dictionary.view(), dictionaryAt);
    bytes.set(this.#postings.view(), postingsAt);
    return bytes;
  }
}

/** Packs pages into the bytes of an immutable segment; page i gets the local number i. */
export function packSegment(pages: readonly PageTerms[]): Uint8Array {
  const lists = new Map<string, PostingsWriter>();
  pages.forEach((page, local) => {
    page.terms.forEach((term, index) => {
      let list = lists.get(term);
      if (list === undefined) {
        list = new PostingsWriter();
        lists.set(term, list);
      }
      list.add(local, page.counts[index] ?? 1);
    });
  });
  const segment = new SegmentWriter();
  // Plain comparison, not localeCompare: the order must be the same on every machine.
  const sorted = [...lists].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [term, list] of sorted) segment.add(term, list.frequency, list.writer.view());
  return segment.finish(pages.map((page) => page.length));
}

/** {@link packSegment} in slices of some milliseconds: yields where other work may run. */
export function* packSlowly(pages: Iterable<PageTerms>): Generator<void, Uint8Array> {
  const groups: TermSegment[] = [];
  let group: PageTerms[] = [];
  for (const page of pages) {
    group.push(page);
    if (group.length < groupSize) continue;
    groups.push(new TermSegment(packSegment(group)));
    group = [];
    yield;
  }
  groups.push(new TermSegment(packSegment(group)));
  let next = 0;
  const all = groups.map((source) => ({
    source,
    locals: Int32Array.from({ length: source.localCount }, () => next++),
  }));
  return yield* mergeSegments(all);
}

/** A segment that is merged, with the new number of each of its pages; −1 leaves a page out. */
export interface MergedSource {
  readonly source: TermSegment;
  /** Ascending, and all above those of the sources before it. */
  readonly locals: Int32Array;
}

/** Merges segments into the bytes of one; yields where other work may run. */
export function* mergeSegments(sources: readonly MergedSource[]): Generator<void, Uint8Array> {
  const lengths: number[] = [];
  for (const { source, locals } of sources) {
    locals.forEach((local, former) => {
      if (local >= 0) lengths[local] = source.lengthOf(former);
    });
  }
  const segment = new SegmentWriter();
  const cursors = sources.map(({ source, locals }) => ({ terms: source.cursor(), locals }));
  const postings = new PostingsWriter();
  const list = new PostingList();
  for (let merged = 1; ; merged++) {
    let least: string | null = null;
    for (const { terms } of cursors) {
      if (terms.term !== null && (least === null || terms.term < least)) least = terms.term;
    }
    if (least === null) break;
    postings.clear();
    for (const { terms, locals } of cursors) {
      if (terms.term !== least) continue;
      list.read(terms.postings, locals.length);
      for (let i = 0; i < list.size; i++) {
        const local = locals[list.locals[i] as number] as number;
        if (local >= 0) postings.add(local, list.counts[i] as number);
      }
      terms.next();
    }
    if (postings.frequency > 0) segment.add(least, postings.frequency, postings.writer.view());
    if (merged % sliceTerms === 0) yield;
  }
  return segment.finish(lengths);
}

const placeOf = (found: readonly FoundTerm[], index: number | undefined) =>
  found[index as number] as FoundTerm;

/** Walks the terms of a segment from the first to the last. */
export interface TermCursor {
  /** Null after the last. */
  readonly term: string | null;
  /** Those of the term, in place: valid until the next term. */
  readonly postings: Uint8Array;
  next(): void;
}

/**
 * A packed segment, read in place: opening looks at its first words alone. Whether the bytes are
 * those that were written is for a checksum to say; reading other bytes ends in an error.
 *
 * Postings are two thirds of the bytes, and a query needs few of them: where they can be read later
 * they are not kept.
 */
export class TermSegment implements TermSource {
  readonly localCount: number;
  readonly lengths: Uint32Array;
  /** Bytes of all of it, kept or not. */
  readonly sizeBytes: number;
  /** Up to the postings where these are read later. */
  readonly #bytes: Uint8Array;
  readonly #readLater: ReadPart | null;
  readonly #termCount: number;
  readonly #blockStarts: Uint32Array;
  readonly #blockPostings: Uint32Array;
  readonly #dictionaryAt: number;
  readonly #postingsStart: number;

  /**
   * @param readLater reads the same bytes again; null where nobody else keeps them
   * @throws AppError `storage-corrupt` for damaged bytes, `index-format` for another version
   */
  constructor(given: Uint8Array, readLater: ReadPart | null = null) {
    const [version, pages = 0, terms = 0, dictionaryAt = 0, postingsAt = 0] = firstWords(
      given,
      headWords,
    );
    if (version !== formatVersion) {
      throw new AppError(
        'index-format',
        `A segment of format ${version} was found; this version reads format ${formatVersion}.`,
      );
    }
    const blocks = Math.ceil(terms / blockSize);
    const firstBlock = headWords + pages;
    const isWhole =
      dictionaryAt === (firstBlock + 2 * blocks) * 4 &&
      dictionaryAt <= postingsAt &&
      postingsAt <= given.length;
    if (!isWhole) {
      throw new AppError('storage-corrupt', 'A segment is shorter than what it says it holds.');
    }
    const isInPlace = readLater === null && given.byteOffset % 4 === 0;
    const bytes = isInPlace ? given : given.slice(0, readLater === null ? undefined : postingsAt);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, dictionaryAt >> 2);
    this.sizeBytes = given.length;
    this.#bytes = bytes;
    this.#readLater = readLater;
    this.localCount = pages;
    this.#termCount = terms;
    this.lengths = words.subarray(headWords, firstBlock);
    this.#blockStarts = words.subarray(firstBlock, firstBlock + blocks);
    this.#blockPostings = words.subarray(firstBlock + blocks, firstBlock + 2 * blocks);
    this.#dictionaryAt = dictionaryAt;
    this.#postingsStart = postingsAt;
  }

  lengthOf(local: number): number {
    return this.lengths[local] ?? 0;
  }

  frequencies(terms: readonly string[], visitor: (term: string, frequency: number) => void): void {
    const reader = new ByteReader(this.#bytes);
    let block = 0;
    for (const term of terms) {
      // Terms that follow each other are near each other.
      block = this.#blockOf(term, reader, block);
      const found = this.#findIn(block, term, reader);
      if (found !== undefined) visitor(term, found.frequency);
    }
  }

  find(term: string): FoundTerm | undefined {
    const reader = new ByteReader(this.#bytes);
    return this.#findIn(this.#blockOf(term, reader), term, reader);
  }

  postings(found: readonly FoundTerm[]): readonly Uint8Array[] {
    if (this.#readLater === null || found.length < 2) {
      return found.map(({ at, size }) => this.#postingsAt(at, size));
    }
    const inOrder = [...found.keys()].sort((a, b) => placeOf(found, a).at - placeOf(found, b).at);
    const lists: Uint8Array[] = [];
    for (let i = 0; i < inOrder.length; ) {
      const start = placeOf(found, inOrder[i]).at;
      let end = start;
      let behind = i;
      // A piece more costs less than another reading.
      for (; behind < inOrder.length; behind++) {
        const { at, size } = placeOf(found, inOrder[behind]);
        const isNear = at <= end + skippedBytes && at + size <= start + windowBytes;
        if (behind > i && !isNear) break;
        end = at + size;
      }
      const bytes = this.#postingsAt(start, end - start);
      for (; i < behind; i++) {
        const place = inOrder[i] as number;
        const { at, size } = placeOf(found, place);
        lists[place] = bytes.subarray(at - start, at - start + size);
      }
    }
    return lists;
  }

  #postingsAt(at: number, size: number): Uint8Array {
    const start = this.#postingsStart + at;
    const end = start + size;
    if (end > this.sizeBytes) throw damaged(`they end before byte ${end}`);
    return this.#readLater?.(start, size) ?? this.#bytes.subarray(start, end);
  }

  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void {
    const reader = new ByteReader(this.#bytes);
    let term = '';
    for (let index = this.#blockOf(prefix, reader) * blockSize; index < this.#termCount; index++) {
      term = readTerm(reader, index % blockSize === 0 ? '' : term);
      const frequency = reader.varint();
      reader.skip(1);
      if (term < prefix) continue;
      if (!term.startsWith(prefix) || !visitor(term, frequency)) return;
    }
  }

  cursor(): TermCursor {
    const segment = this;
    const termCount = this.#termCount;
    const reader = new ByteReader(this.#bytes, this.#dictionaryAt);
    let index = -1;
    let at = 0;
    let size = 0;
    let windowAt = 0;
    let window: Uint8Array = new Uint8Array(0);
    const cursor = {
      term: '' as string | null,
      get postings() {
        if (at + size > windowAt + window.length) {
          const left = segment.sizeBytes - segment.#postingsStart - at;
          windowAt = at;
          window = segment.#postingsAt(at, Math.max(size, Math.min(windowBytes, left)));
        }
        return window.subarray(at - windowAt, at - windowAt + size);
      },
      next() {
        index++;
        at += size;
        if (index >= termCount) {
          cursor.term = null;
          return;
        }
        cursor.term = readTerm(reader, index % blockSize === 0 ? '' : (cursor.term ?? ''));
        reader.skip(1);
        size = reader.varint();
      },
    };
    cursor.next();
    return cursor;
  }

  /**
   * Leaves the reader at the last block that begins at or before the term, the first when there is
   * none, and says which it is.
   * @param from a block at or before it: the search goes on from there
   */
  #blockOf(term: string, reader: ByteReader, from?: number): number {
    let low = from ?? 0;
    let high = this.#blockStarts.length - 1;
    if (from !== undefined) {
      for (let step = 1; low + step <= high; step *= 2) {
        if (this.#beginsAfter(low + step, term, reader)) high = low + step - 1;
        else low += step;
      }
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#beginsAfter(middle, term, reader)) high = middle - 1;
      else low = middle;
    }
    reader.at = this.#dictionaryAt + (this.#blockStarts[low] ?? 0);
    return low;
  }

  #beginsAfter(block: number, term: string, reader: ByteReader): boolean {
    reader.at = this.#dictionaryAt + (this.#blockStarts[block] as number);
    reader.skip(1);
    return reader.compare(reader.varint(), term, 0) > 0;
  }

  /**
   * Looks a term up in the block the reader is at, without making strings of others. In its block a term shares units with the
   * one before it: how many of those are the term's own says most often which of the two is less.
   */
  #findIn(block: number, term: string, reader: ByteReader): FoundTerm | undefined {
    if (this.#termCount === 0) return undefined;
    const end = Math.min(this.#termCount, (block + 1) * blockSize);
    let at = this.#blockPostings[block] as number;
    let length = 0;
    /** Units of the term that the one before, which is less, begins with. */
    let met = 0;
    for (let index = block * blockSize; index < end; index++) {
      const shared = reader.varint();
      const own = reader.varint();
      if (shared > length) throw damaged(`a term shares ${shared} of ${length} units`);
      if (shared < met) return undefined;
      length = shared + own;
      let order = -1;
      if (shared > met) reader.skip(own);
      else {
        order = reader.compare(own, term, met);
        if (order > 0) return undefined;
        met = reader.met;
      }
      const frequency = reader.varint();
      const size = reader.varint();
      if (order === 0) return { frequency, at, size };
      at += size;
    }
    return undefined;
  }
}
