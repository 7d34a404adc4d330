import type { PageTerms } from './page-terms.ts';
import type { PostingVisitor, TermSource } from './term-source.ts';

interface PostingList {
  readonly locals: number[];
  readonly counts: number[];
}

/** The part of the inverted index that grows page by page. Meant for some hundred pages. */
export class TermTail implements TermSource {
  readonly #lists = new Map<string, PostingList>();
  /** The terms by their first code unit, for prefixes. */
  readonly #byFirst = new Map<string, string[]>();
  readonly #lengths: number[] = [];

  get localCount(): number {
    return this.#lengths.length;
  }

  /** Adds a page and returns its local number. */
  add({ terms, counts, length }: PageTerms): number {
    const local = this.#lengths.length;
    this.#lengths.push(length);
    terms.forEach((term, index) => {
      let list = this.#lists.get(term);
      if (list === undefined) {
        list = { locals: [], counts: [] };
        this.#lists.set(term, list);
        const first = term.slice(0, 1);
        const alike = this.#byFirst.get(first);
        if (alike === undefined) this.#byFirst.set(first, [term]);
        else alike.push(term);
      }
      list.locals.push(local);
      list.counts.push(counts[index] ?? 1);
    });
    return local;
  }

  lengthOf(local: number): number {
    return this.#lengths[local] ?? 0;
  }

  frequency(term: string): number {
    return this.#lists.get(term)?.locals.length ?? 0;
  }

  visit(term: string, visitor: PostingVisitor): void {
    const list = this.#lists.get(term);
    list?.locals.forEach((local, index) => {
      visitor(local, list.counts[index] as number);
    });
  }

  termsFrom(prefix: string, visitor: (term: string, frequency: number) => boolean): void {
    for (const term of this.#byFirst.get(prefix.slice(0, 1)) ?? []) {
      if (term.startsWith(prefix) && !visitor(term, this.frequency(term))) return;
    }
  }
}
