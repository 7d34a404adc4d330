import { AppError } from '../errors.ts';
import type { PageOrdinal } from '../ids.ts';
import { PageSet } from './page-set.ts';
import type { PageTerms } from './page-terms.ts';
import type { PageMask } from './scan-kernel.ts';
import { expandTerm } from './term-expansion.ts';
import type { TermSegment } from './term-segment.ts';
import { PostingList, type TermSource } from './term-source.ts';
import { TermTail } from './term-tail.ts';

/** A term of a query. */
export interface QueryTerm {
  readonly term: string;
  /** How much it counts; 1 is ordinary. */
  readonly weight: number;
  /** The letters typed so far of a word that may go on: it also meets terms that begin so. */
  readonly prefix?: string;
}

/** What a query term met in the index. */
export interface TermMatch {
  readonly term: string;
  /** Pages with the term itself. */
  readonly frequency: number;
  /** Terms it met instead of, or beside, itself: as a prefix, or one edit away. */
  readonly expansions: readonly string[];
  /** Inverse document frequency by which it was scored; 0 when it met nothing. */
  readonly idf: number;
  /** Pages with the term or one of its expansions. */
  readonly pages: PageSet;
}

/** Pages with a lexical score above 0, and the background of all pages. */
export interface LexicalScores {
  /** In no order. */
  readonly pages: Int32Array;
  /** BM25 of each of `pages`. */
  readonly scores: Float32Array;
  /** Mean and standard deviation of the score over all pages, accepted or not, zeros included. */
  readonly mean: number;
  readonly deviation: number;
  readonly matches: readonly TermMatch[];
}

/** BM25's saturation of repeated terms and its normalisation by length (Robertson and Zaragoza). */
export interface Bm25Options {
  readonly k1: number;
  readonly b: number;
}

interface Part {
  /** Its place in the list of parts while it has pages. */
  readonly number: number;
  readonly source: TermSource;
  /** Page ordinal by local number; {@link NOBODY} for a removed page. */
  ordinals: Int32Array;
  liveCount: number;
}

const NOBODY = -1;
/** What a word met as a prefix or by a typo counts beside one that is spelt the same. */
const expansionWeight = 0.4;

/**
 * The inverted index over whole pages: term → pages with counts. Pages added one by one are in a
 * mutable tail, packed ones in immutable segments. Removing marks a page; its postings go when the
 * tail empties or the segment is packed anew.
 */
export class LexicalIndex {
  readonly #options: Bm25Options;
  #tail: Part = emptyTail(0);
  #segments: Part[] = [];
  /** Parts by number, those without pages taken out; numbers are not used again. */
  readonly #byNumber = new Map<number, Part>([[0, this.#tail]]);
  #nextNumber = 1;
  /** Where a page is, by ordinal: the number of its part, {@link NOBODY} when it is not here. */
  #partOf = new Int32Array(0);
  #localOf = new Int32Array(0);
  /** Its length in terms. */
  #lengthOf = new Int32Array(0);
  #pageCount = 0;
  #totalLength = 0;
  /** One more than the highest page ordinal ever here. */
  #pageLimit = 0;
  #scores = new Float32Array(0);
  #group = new Float32Array(0);
  /** Pages with a score of the query, and of the term that is being added. */
  #touched = pageList(0);
  #grouped = pageList(0);
  readonly #list = new PostingList();
  /** Of terms taken as one: how often a page of a part has any of them, by its local number. */
  #counts = new Int32Array(0);

  constructor(options: Bm25Options = { k1: 0.9, b: 0.4 }) {
    this.#options = options;
  }

  get pageCount(): number {
    return this.#pageCount;
  }

  /** Pages that are in the tail still. */
  get tailPageCount(): number {
    return this.#tail.liveCount;
  }

  /** Adds a page; one that is here already is replaced. */
  addPage(page: PageOrdinal, terms: PageTerms): void {
    this.removePage(page);
    const part = this.#tail;
    const local = (part.source as TermTail).add(terms);
    if (local >= part.ordinals.length) {
      const grown = new Int32Array(Math.max(256, part.ordinals.length * 2)).fill(NOBODY);
      grown.set(part.ordinals);
      part.ordinals = grown;
    }
    this.#place(part, local, page);
  }

  /**
   * Adds a packed segment; page i of it becomes `pages[i]`, −1 leaves it out. Pages that are here
   * already (in the tail, before they were packed) are replaced. The array is the index's own from
   * then on: pages that are removed become −1 in it.
   * @throws AppError `storage-corrupt` when it is for another number of pages
   */
  addSegment(source: TermSegment, pages: Int32Array): void {
    if (source.localCount !== pages.length) {
      throw new AppError(
        'storage-corrupt',
        `A segment holds ${source.localCount} pages, not the ${pages.length} it is known for.`,
      );
    }
    const part: Part = { number: this.#nextNumber++, source, ordinals: pages, liveCount: 0 };
    this.#segments.push(part);
    this.#byNumber.set(part.number, part);
    pages.forEach((page, local) => {
      if (page === NOBODY) return;
      this.removePage(page as PageOrdinal);
      this.#place(part, local, page as PageOrdinal);
    });
    if (part.liveCount === 0) this.#drop(part);
  }

  /** Says whether it was here. */
  removePage(page: PageOrdinal): boolean {
    const part = this.#byNumber.get(this.#partOf[page] ?? NOBODY);
    if (part === undefined) return false;
    const local = this.#localOf[page] as number;
    this.#partOf[page] = NOBODY;
    part.ordinals[local] = NOBODY;
    part.liveCount--;
    this.#pageCount--;
    this.#totalLength -= part.source.lengthOf(local);
    if (part.liveCount === 0) this.#drop(part);
    return true;
  }

  /** The part that a page's terms are in, and its number there; undefined when it is not here. */
  placeOf(page: PageOrdinal): { readonly source: TermSource; readonly local: number } | undefined {
    const part = this.#byNumber.get(this.#partOf[page] ?? NOBODY);
    return part && { source: part.source, local: this.#localOf[page] as number };
  }

  /** Calls back with every page that has the term. */
  pagesWith(term: string, visitor: (page: PageOrdinal, count: number) => void): void {
    for (const part of this.#parts()) {
      part.source.visit(term, (local, count) => {
        const page = part.ordinals[local] as number;
        if (page !== NOBODY) visitor(page as PageOrdinal, count);
      });
    }
  }

  /** BM25 of every accepted page that has a term of the query, or an expansion of one. */
  search(terms: readonly QueryTerm[], mask?: PageMask): LexicalScores {
    if (this.#scores.length < this.#pageLimit) {
      this.#scores = new Float32Array(this.#pageLimit);
      this.#group = new Float32Array(this.#pageLimit);
      this.#touched = pageList(this.#pageLimit);
      this.#grouped = pageList(this.#pageLimit);
    }
    const touched = this.#touched;
    touched.size = 0;
    const matches = terms.map((term) => this.#addTerm(term));
    let sum = 0;
    let squares = 0;
    const pages = new Int32Array(touched.size);
    const scores = new Float32Array(touched.size);
    let found = 0;
    for (let i = 0; i < touched.size; i++) {
      const page = touched.pages[i] as number;
      const score = this.#scores[page] as number;
      this.#scores[page] = 0;
      sum += score;
      squares += score * score;
      if (mask !== undefined && mask[page] !== 1) continue;
      pages[found] = page;
      scores[found++] = score;
    }
    const count = Math.max(1, this.pageCount);
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
    return {
      pages: pages.subarray(0, found),
      scores: scores.subarray(0, found),
      mean,
      deviation,
      matches,
    };
  }

  /** Adds one term's scores: its own, or where they are higher those of its expansions together. */
  #addTerm({ term, weight, prefix }: QueryTerm): TermMatch {
    const sources = this.#parts().map((part) => part.source);
    const frequency = sources.reduce((sum, source) => sum + source.frequency(term), 0);
    const expansions = expandTerm(sources, term, prefix, frequency > 0);
    const touched = this.#touched;
    const group = this.#grouped;
    group.size = 0;
    let idf = 0;
    if (frequency > 0) {
      idf = this.#idf(frequency);
      this.#addGroup([term], weight * idf);
    }
    if (expansions.length > 0) {
      const together = expansions.reduce((sum, one) => sum + one.frequency, 0);
      const groupIdf = this.#idf(together);
      const share = frequency > 0 ? expansionWeight : Math.sqrt(expansionWeight);
      this.#addGroup(
        expansions.map((one) => one.term),
        weight * share * groupIdf,
      );
      idf = Math.max(idf, share * groupIdf);
    }
    const pages = new PageSet(this.#pageLimit);
    const scores = this.#scores;
    const ofGroup = this.#group;
    for (let i = 0; i < group.size; i++) {
      const page = group.pages[i] as number;
      pages.add(page as PageOrdinal);
      if (scores[page] === 0) touched.pages[touched.size++] = page;
      scores[page] = (scores[page] as number) + (ofGroup[page] as number);
      ofGroup[page] = 0;
    }
    return { term, frequency, expansions: expansions.map((one) => one.term), idf, pages };
  }

  /** Raises each page's score of the group to that of these terms taken as one. */
  #addGroup(terms: readonly string[], weight: number): void {
    // A score of 0 stands for a page that was not met.
    if (!(weight > 0)) return;
    const { k1, b } = this.#options;
    const averageLength = this.#totalLength / Math.max(1, this.pageCount);
    const group = this.#grouped;
    const scores = this.#group;
    const lengths = this.#lengthOf;
    for (const { source, ordinals } of this.#parts()) {
      const { locals, counts, size } = this.#countsOf(source, terms);
      for (let i = 0; i < size; i++) {
        const page = ordinals[locals[i] as number] as number;
        if (page === NOBODY) continue;
        const count = counts[i] as number;
        const length = (lengths[page] as number) / averageLength;
        const score = (weight * count * (k1 + 1)) / (count + k1 * (1 - b + b * length));
        const before = scores[page] as number;
        if (before === 0) group.pages[group.size++] = page;
        if (score > before) scores[page] = score;
      }
    }
  }

  /** How often each page of a part has any of some terms; valid until the next call. */
  #countsOf(source: TermSource, terms: readonly string[]): PostingList {
    const list = this.#list;
    if (terms.length === 1) {
      source.read(terms[0] as string, list);
      return list;
    }
    if (this.#counts.length < source.localCount) this.#counts = new Int32Array(source.localCount);
    const sums = this.#counts;
    const locals: number[] = [];
    for (const term of terms) {
      source.read(term, list);
      for (let i = 0; i < list.size; i++) {
        const local = list.locals[i] as number;
        if (sums[local] === 0) locals.push(local);
        sums[local] = (sums[local] as number) + (list.counts[i] as number);
      }
    }
    list.begin(locals.length);
    for (const local of locals) {
      list.locals[list.size] = local;
      list.counts[list.size++] = sums[local] as number;
      sums[local] = 0;
    }
    return list;
  }

  /** Never negative: a term on more than half of the pages counts little, not against. */
  #idf(frequency: number): number {
    const known = Math.min(frequency, this.pageCount);
    return Math.log(1 + (this.pageCount - known + 0.5) / (known + 0.5));
  }

  #place(part: Part, local: number, page: PageOrdinal): void {
    if (page >= this.#partOf.length) {
      const capacity = Math.max(256, page + 1, this.#partOf.length * 2);
      const partOf = new Int32Array(capacity).fill(NOBODY);
      partOf.set(this.#partOf);
      this.#partOf = partOf;
      const localOf = new Int32Array(capacity);
      localOf.set(this.#localOf);
      this.#localOf = localOf;
      const lengthOf = new Int32Array(capacity);
      lengthOf.set(this.#lengthOf);
      this.#lengthOf = lengthOf;
    }
    part.ordinals[local] = page;
    part.liveCount++;
    this.#pageCount++;
    this.#partOf[page] = part.number;
    this.#localOf[page] = local;
    const length = part.source.lengthOf(local);
    this.#lengthOf[page] = length;
    this.#totalLength += length;
    this.#pageLimit = Math.max(this.#pageLimit, page + 1);
  }

  /** Takes out a part that has no pages left. */
  #drop(part: Part): void {
    this.#byNumber.delete(part.number);
    if (part === this.#tail) {
      this.#tail = emptyTail(this.#nextNumber++);
      this.#byNumber.set(this.#tail.number, this.#tail);
    } else this.#segments = this.#segments.filter((segment) => segment !== part);
  }

  #parts(): readonly Part[] {
    return [...this.#segments, this.#tail];
  }
}

/** Pages in the order they were met; an array of numbers costs ten times as much to fill. */
interface PageList {
  readonly pages: Int32Array;
  size: number;
}

const pageList = (limit: number): PageList => ({ pages: new Int32Array(limit), size: 0 });

function emptyTail(number: number): Part {
  return { number, source: new TermTail(), ordinals: new Int32Array(0), liveCount: 0 };
}
