import { AppError } from '../errors.ts';
import type { PageOrdinal } from '../ids.ts';
import type { PageSet } from './page-set.ts';
import type { PageTerms } from './page-terms.ts';
import { PostingList } from './postings.ts';
import { ReferenceTermKernel } from './reference-term-kernel.ts';
import type { PageMask } from './scan-kernel.ts';
import { expandTerm } from './term-expansion.ts';
import type { PostingGroup, ScoredPart, TermKernel } from './term-kernel.ts';
import type { TermSegment } from './term-segment.ts';
import type { FoundTerm, TermSource } from './term-source.ts';
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

/** Terms of the index that stand together for a term of the query. */
interface FoundGroup {
  readonly weight: number;
  /** Each of them by part; undefined where it has none. */
  readonly found: readonly (readonly (FoundTerm | undefined)[])[];
}

/** What a term of the query met, before it is known on which pages. */
interface MetTerm {
  readonly match: Omit<TermMatch, 'pages'>;
  readonly groups: readonly FoundGroup[];
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
  readonly #kernel: TermKernel;
  readonly #options: Bm25Options;
  #tail: Part = emptyTail(0);
  #segments: Part[] = [];
  /** Parts by number, those without pages taken out; numbers are not used again. */
  readonly #byNumber = new Map<number, Part>([[0, this.#tail]]);
  #nextNumber = 1;
  /** Where a page is, by ordinal: the number of its part, {@link NOBODY} when it is not here. */
  #partOf = new Int32Array(0);
  #localOf = new Int32Array(0);
  #pageCount = 0;
  #totalLength = 0;
  /** One more than the highest page ordinal ever here. */
  #pageLimit = 0;
  readonly #list = new PostingList();

  constructor(
    kernel: TermKernel = new ReferenceTermKernel(),
    options: Bm25Options = { k1: 0.9, b: 0.4 },
  ) {
    this.#kernel = kernel;
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
    const list = this.#list;
    for (const { source, ordinals } of this.#parts()) {
      const found = source.find(term);
      if (found === undefined) continue;
      const [postings] = source.postings([found]);
      if (postings === undefined) continue;
      list.read(postings, source.localCount);
      for (let i = 0; i < list.size; i++) {
        const page = ordinals[list.locals[i] as number] as number;
        if (page !== NOBODY) visitor(page as PageOrdinal, list.counts[i] as number);
      }
    }
  }

  /** BM25 of every accepted page that has a term of the query, or an expansion of one. */
  search(terms: readonly QueryTerm[], mask?: PageMask): LexicalScores {
    const parts = this.#parts();
    const sources = parts.map((part) => part.source);
    const asked = terms.map((term) => this.#meet(sources, term));
    const { k1, b } = this.#options;
    const pageCount = Math.max(1, this.pageCount);
    // No page has a length where all words are stop words.
    const averageLength = this.#totalLength > 0 ? this.#totalLength / pageCount : 1;
    const { pages, scores, sum, squares, met } = this.#kernel.score({
      parts: parts.flatMap((part, place) => partOf(part, place, asked) ?? []),
      termCount: terms.length,
      saturation: k1 + 1,
      base: k1 * (1 - b),
      slope: (k1 * b) / averageLength,
      pageLimit: this.#pageLimit,
      mask,
    });
    const mean = sum / pageCount;
    return {
      pages,
      scores,
      mean,
      deviation: Math.sqrt(Math.max(0, squares / pageCount - mean * mean)),
      matches: asked.map(({ match }, term) => ({ ...match, pages: met[term] as PageSet })),
    };
  }

  /**
   * Looks a term up, and what it may stand for. A page scores by the term itself, or where they are
   * higher by its expansions together.
   */
  #meet(sources: readonly TermSource[], { term, weight, prefix }: QueryTerm): MetTerm {
    const own = sources.map((source) => source.find(term));
    const frequency = own.reduce((sum, found) => sum + (found?.frequency ?? 0), 0);
    const expansions = expandTerm(sources, term, prefix, frequency > 0);
    const groups: FoundGroup[] = [];
    let idf = 0;
    if (frequency > 0) {
      idf = this.#idf(frequency);
      groups.push({ weight: weight * idf, found: [own] });
    }
    if (expansions.length > 0) {
      const together = expansions.reduce((sum, one) => sum + one.frequency, 0);
      const groupIdf = this.#idf(together);
      const share = frequency > 0 ? expansionWeight : Math.sqrt(expansionWeight);
      groups.push({
        weight: weight * share * groupIdf,
        found: expansions.map((one) => sources.map((source) => source.find(one.term))),
      });
      idf = Math.max(idf, share * groupIdf);
    }
    return {
      match: { term, frequency, expansions: expansions.map((one) => one.term), idf },
      // A score of 0 stands for a page that was not met.
      groups: groups.filter((group) => group.weight > 0),
    };
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
    }
    part.ordinals[local] = page;
    part.liveCount++;
    this.#pageCount++;
    this.#partOf[page] = part.number;
    this.#localOf[page] = local;
    this.#totalLength += part.source.lengthOf(local);
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

/** What the terms of a query met in a part; null for nothing. */
function partOf(
  { source, ordinals }: Part,
  place: number,
  asked: readonly MetTerm[],
): ScoredPart | null {
  let isMet = false;
  const terms = asked.map(({ groups }) => {
    const here: PostingGroup[] = [];
    for (const { weight, found } of groups) {
      const own = found.flatMap((byPart) => byPart[place] ?? []);
      if (own.length > 0) here.push({ weight, lists: source.postings(own) });
    }
    isMet ||= here.length > 0;
    return here;
  });
  if (!isMet) return null;
  return { lengths: source.lengths, ordinals, localCount: source.localCount, terms };
}

function emptyTail(number: number): Part {
  return { number, source: new TermTail(), ordinals: new Int32Array(0), liveCount: 0 };
}
