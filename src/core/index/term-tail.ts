import type { PageTerms } from './page-terms.ts';
import { PostingsWriter } from './postings.ts';
import type { FoundTerm, TermSource } from './term-source.ts';

/** Ends a list of postings. */
const NONE = -1;

/** At least `size` elements, those of `list` first. */
function grown<T extends Int32Array | Uint16Array | Uint32Array>(list: T, size: number): T {
  if (size <= list.length) return list;
  const Constructor = list.constructor as new (size: number) => T;
  const larger = new Constructor(Math.max(size, list.length * 2));
  larger.set(list as never);
  return larger;
}

/**
 * The part of the inverted index that grows page by page. Terms have numbers, and a term's postings
 * are a chain through flat arrays: a start adds hundreds of them a page, and a list of its own for
 * each of a hundred thousand terms costs more than what is in it.
 */
export class TermTail implements TermSource {
  readonly #numbers = new Map<string, number>();
  /** The terms by their first code unit, for prefixes. */
  readonly #byFirst = new Map<string, string[]>();
  #localCount = 0;
  #lengths = new Uint32Array(256);
  // By term number: its first and last posting, and how many it has.
  #firsts = new Int32Array(1024);
  #lasts = new Int32Array(1024);
  #frequencies = new Int32Array(1024);
  // By posting: the page's local number, the term's count there, the term's next posting.
  #locals = new Int32Array(4096);
  #counts = new Uint16Array(4096);
  #nexts = new Int32Array(4096);
  #postingCount = 0;
  readonly #postings = new PostingsWriter();

  get localCount(): number {
    return this.#localCount;
  }

  get lengths(): Uint32Array {
    return this.#lengths;
  }

  /** Adds a page and returns its local number. */
  add({ terms, counts, length }: PageTerms): number {
    const local = this.#localCount++;
    this.#lengths = grown(this.#lengths, this.#localCount);
    this.#lengths[local] = length;
    const needed = this.#postingCount + terms.length;
    this.#locals = grown(this.#locals, needed);
    this.#counts = grown(this.#counts, needed);
    this.#nexts = grown(this.#nexts, needed);
    for (let index = 0; index < terms.length; index++) {
      const term = terms[index] as string;
      const posting = this.#postingCount++;
      this.#locals[posting] = local;
      this.#counts[posting] = counts[index] ?? 1;
      this.#nexts[posting] = NONE;
      const number = this.#numbers.get(term);
      if (number === undefined) this.#addTerm(term, posting);
      else {
        this.#nexts[this.#lasts[number] as number] = posting;
        this.#lasts[number] = posting;
        this.#frequencies[number] = (this.#frequencies[number] as number) + 1;
      }
    }
    return local;
  }

  lengthOf(local: number): number {
    return this.#lengths[local] ?? 0;
  }

  frequencies(terms: readonly string[], visitor: (term: string, frequency: number) => void): void {
    for (const term of terms) {
      const number = this.#numbers.get(term);
      if (number !== undefined) visitor(term, this.#frequencies[number] as number);
    }
  }

  find(term: string): FoundTerm | undefined {
    const number = this.#numbers.get(term);
    if (number === undefined) return undefined;
    const frequency = this.#frequencies[number] as number;
    return { frequency, at: this.#firsts[number] as number, size: frequency };
  }

  postings(found: readonly FoundTerm[]): readonly Uint8Array[] {
    return found.map(({ at }) => {
      const postings = this.#postings;
      postings.clear();
      for (let posting = at; posting !== NONE; posting = this.#nexts[posting] as number) {
        postings.add(this.#locals[posting] as number, this.#counts[posting] as number);
      }
      return postings.writer.finish();
    });
  }

  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void {
    for (const term of this.#byFirst.get(prefix.slice(0, 1)) ?? []) {
      if (term.startsWith(prefix) && !visitor(term, this.#frequencyOf(term))) return;
    }
  }

  #frequencyOf(term: string): number {
    return this.#frequencies[this.#numbers.get(term) as number] as number;
  }

  #addTerm(term: string, posting: number): void {
    const number = this.#numbers.size;
    this.#numbers.set(term, number);
    this.#firsts = grown(this.#firsts, number + 1);
    this.#lasts = grown(this.#lasts, number + 1);
    this.#frequencies = grown(this.#frequencies, number + 1);
    this.#firsts[number] = posting;
    this.#lasts[number] = posting;
    this.#frequencies[number] = 1;
    const first = term.slice(0, 1);
    const alike = this.#byFirst.get(first);
    if (alike === undefined) this.#byFirst.set(first, [term]);
    else alike.push(term);
  }
}
