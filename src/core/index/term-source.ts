/** Receives one posting: the page's number within the source and the term's count there. */
export type PostingVisitor = (local: number, count: number) => void;

/** A part of the inverted index: the mutable tail or a packed segment. Pages have local numbers. */
export interface TermSource {
  /** Local numbers given, those of removed pages included. */
  readonly localCount: number;
  /** Length in terms of a page by its local number. */
  lengthOf(local: number): number;
  /** Pages with the term, removed ones included until the source is rebuilt; 0 when unknown. */
  frequency(term: string): number;
  visit(term: string, visitor: PostingVisitor): void;
  /** Calls back with each term that begins with `prefix`, until the callback returns false. */
  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void;
}
