/** Receives one posting: the page's number within the source and the term's count there. */
export type PostingVisitor = (local: number, count: number) => void;

/** The postings of a term side by side, in arrays that are used again for the next term. */
export class PostingList {
  locals = new Int32Array(1024);
  counts = new Int32Array(1024);
  size = 0;

  /** Empties it, with room for so many. */
  begin(room: number): void {
    this.size = 0;
    if (room <= this.locals.length) return;
    const capacity = Math.max(room, this.locals.length * 2);
    this.locals = new Int32Array(capacity);
    this.counts = new Int32Array(capacity);
  }
}

/** A part of the inverted index: the mutable tail or a packed segment. Pages have local numbers. */
export interface TermSource {
  /** Local numbers given, those of removed pages included. */
  readonly localCount: number;
  /** Length in terms of a page by its local number. */
  lengthOf(local: number): number;
  /** Pages with the term, removed ones included until the source is rebuilt; 0 when unknown. */
  frequency(term: string): number;
  visit(term: string, visitor: PostingVisitor): void;
  /** The same into a list, for terms of many pages: empty when it is unknown. */
  read(term: string, into: PostingList): void;
  /** Calls back with each term that begins with `prefix`, until the callback returns false. */
  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void;
}
