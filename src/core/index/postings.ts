import { ByteReader, ByteWriter, damaged } from './bytes.ts';

/*
 * Postings of a term: of each page that has it, in the order of their numbers within the source, as
 * varints (bytes.ts):
 *
 *   2 × (page − page before − 1) + (1 when a count follows), the count when it is not 1
 */

/** Counts are 1 to this. */
const maxCount = 65_535;

/** Receives one posting: the page's number within the source and the term's count there. */
export type PostingVisitor = (local: number, count: number) => void;

/** Writes postings with ascending page numbers. */
export class PostingsWriter {
  readonly writer = new ByteWriter(32);
  #last = -1;
  frequency = 0;

  add(local: number, count: number): void {
    const gap = local - this.#last - 1;
    this.writer.varint(gap * 2 + (count === 1 ? 0 : 1));
    if (count !== 1) this.writer.varint(count);
    this.#last = local;
    this.frequency++;
  }

  clear(): void {
    this.writer.clear();
    this.#last = -1;
    this.frequency = 0;
  }
}

/** The postings of a term side by side, in arrays that are used again for the next term. */
export class PostingList {
  locals = new Int32Array(1024);
  counts = new Int32Array(1024);
  size = 0;

  /** Reads postings of a source of so many pages. @throws AppError `storage-corrupt` */
  read(postings: Uint8Array, localCount: number): void {
    this.size = 0;
    if (this.locals.length < localCount) {
      this.locals = new Int32Array(localCount);
      this.counts = new Int32Array(localCount);
    }
    const { locals, counts } = this;
    const reader = new ByteReader(postings);
    let next = 0;
    // No more than there are pages: their numbers ascend.
    while (reader.at < postings.length) {
      const head = reader.varint();
      const local = next + (head >>> 1);
      const count = (head & 1) === 0 ? 1 : reader.varint();
      if (local >= localCount) throw damaged(`a posting is of page ${local} of ${localCount}`);
      if (count < 1 || count > maxCount) throw damaged(`a posting counts ${count}`);
      locals[this.size] = local;
      counts[this.size++] = count;
      next = local + 1;
    }
  }
}
