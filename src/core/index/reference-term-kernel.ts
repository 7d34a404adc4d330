import type { PageOrdinal } from '../ids.ts';
import { PageSet } from './page-set.ts';
import { PostingList } from './postings.ts';
import type {
  PostingGroup,
  ScoredPart,
  ScoreRequest,
  TermKernel,
  TermScores,
} from './term-kernel.ts';

/**
 * The loop over postings in plain TypeScript. Part by part: what is written at random is as large as a
 * part, and stays near. Scores are kept in single precision and worked out in double.
 */
export class ReferenceTermKernel implements TermKernel {
  readonly #list = new PostingList();
  // By local number within the part.
  #scores = new Float32Array(0);
  #ofGroup = new Float32Array(0);
  #counts = new Int32Array(0);
  // What is found: by page limit.
  #pages = new Int32Array(0);
  #found = new Float32Array(0);

  score(request: ScoreRequest): TermScores {
    const { parts, termCount, pageLimit, mask } = request;
    const met = Array.from({ length: termCount }, () => new PageSet(pageLimit));
    this.#reserve(Math.max(0, ...parts.map(({ localCount }) => localCount)), pageLimit);
    const all = this.#scores;
    const pages = this.#pages;
    const scores = this.#found;
    let found = 0;
    let sum = 0;
    let squares = 0;
    for (const part of parts) {
      const { ordinals, localCount } = part;
      all.fill(0, 0, localCount);
      for (const [term, groups] of part.terms.entries()) {
        this.#addTerm(request, part, groups, met[term] as PageSet);
      }
      for (let local = 0; local < localCount; local++) {
        const score = all[local] as number;
        const page = ordinals[local] as number;
        if (score === 0 || page < 0) continue;
        sum += score;
        squares += score * score;
        if (mask !== undefined && mask[page] !== 1) continue;
        pages[found] = page;
        scores[found++] = score;
      }
    }
    return { pages: pages.slice(0, found), scores: scores.slice(0, found), sum, squares, met };
  }

  /** Adds what each page scores by one term of the query. */
  #addTerm(
    request: ScoreRequest,
    part: ScoredPart,
    groups: readonly PostingGroup[],
    met: PageSet,
  ): void {
    const [group, ...others] = groups;
    if (group === undefined) return;
    const { saturation, base, slope } = request;
    const { lengths, ordinals, localCount } = part;
    const scores = this.#scores;
    const [postings] = group.lists;
    if (others.length === 0 && group.lists.length === 1 && postings !== undefined) {
      const list = this.#list;
      list.read(postings, localCount);
      const { locals, counts, size } = list;
      const top = group.weight * saturation;
      for (let i = 0; i < size; i++) {
        const local = locals[i] as number;
        const page = ordinals[local] as number;
        if (page < 0) continue;
        const count = counts[i] as number;
        const score = Math.fround(
          (top * count) / (count + (base + slope * (lengths[local] as number))),
        );
        if (score === 0) continue;
        scores[local] = (scores[local] as number) + score;
        met.add(page as PageOrdinal);
      }
      return;
    }
    const ofGroup = this.#ofGroup;
    ofGroup.fill(0, 0, localCount);
    for (const one of groups) this.#raise(request, part, one);
    for (let local = 0; local < localCount; local++) {
      const score = ofGroup[local] as number;
      const page = ordinals[local] as number;
      if (score === 0 || page < 0) continue;
      scores[local] = (scores[local] as number) + score;
      met.add(page as PageOrdinal);
    }
  }

  /** Raises each page's score of the term to that of a group. */
  #raise(
    { saturation, base, slope }: ScoreRequest,
    { lengths, localCount }: ScoredPart,
    { weight, lists }: PostingGroup,
  ): void {
    const sums = this.#counts;
    sums.fill(0, 0, localCount);
    const list = this.#list;
    for (const postings of lists) {
      list.read(postings, localCount);
      for (let i = 0; i < list.size; i++) {
        const local = list.locals[i] as number;
        sums[local] = (sums[local] as number) + (list.counts[i] as number);
      }
    }
    const ofGroup = this.#ofGroup;
    const top = weight * saturation;
    for (let local = 0; local < localCount; local++) {
      const count = sums[local] as number;
      if (count === 0) continue;
      const score = Math.fround(
        (top * count) / (count + (base + slope * (lengths[local] as number))),
      );
      if (score > (ofGroup[local] as number)) ofGroup[local] = score;
    }
  }

  #reserve(localCount: number, pageLimit: number): void {
    if (localCount > this.#scores.length) {
      this.#scores = new Float32Array(localCount);
      this.#ofGroup = new Float32Array(localCount);
      this.#counts = new Int32Array(localCount);
    }
    if (pageLimit > this.#pages.length) {
      this.#pages = new Int32Array(pageLimit);
      this.#found = new Float32Array(pageLimit);
    }
  }
}
