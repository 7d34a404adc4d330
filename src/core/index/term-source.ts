/** Where a source has a term. */
export interface FoundTerm {
  /** Pages with it, removed ones included until the source is rebuilt. */
  readonly frequency: number;
  /** Where its postings are, as the source that found it counts. */
  readonly at: number;
  readonly size: number;
}

/** A part of the inverted index: the mutable tail or a packed segment. Pages have local numbers. */
export interface TermSource {
  /** Local numbers given, those of removed pages included. */
  readonly localCount: number;
  /** Length in terms of each page by its local number; may have room for more. */
  readonly lengths: Uint32Array;
  lengthOf(local: number): number;
  /** Calls back with each of some terms, which ascend, that it has. */
  frequencies(terms: readonly string[], visitor: (term: string, frequency: number) => void): void;
  find(term: string): FoundTerm | undefined;
  /**
   * The bytes of some found terms' postings (postings.ts), in their order, valid until the source changes.
   * Of terms that are near each other it is best to ask at once.
   * @throws AppError `storage-corrupt` where they are not whole, or cannot be read
   */
  postings(found: readonly FoundTerm[]): readonly Uint8Array[];
  /** Calls back with each term that begins with `prefix`, until the callback returns false. */
  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void;
}
