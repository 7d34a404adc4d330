import { damaged } from '../core/index/bytes.ts';
import { PageSet, pageSetWords } from '../core/index/page-set.ts';
import type {
  PostingGroup,
  ScoredPart,
  ScoreRequest,
  TermKernel,
  TermScores,
} from '../core/index/term-kernel.ts';
import {
  bestVariant,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
  Places,
} from './kernels-module.ts';

/** What reading postings may read behind them. */
const margin = 64;

/** Where everything of one call is. */
interface Layout {
  /** Of all scores, and of their squares. */
  readonly sums: number;
  /** A set of pages for each term of the query, one behind the other. */
  readonly sets: number;
  readonly setWords: number;
  /** 0 for none. */
  readonly mask: number;
  readonly pages: number;
  readonly found: number;
  // Of the part under way, by its local numbers.
  readonly scores: number;
  readonly ofTerm: number;
  readonly counted: number;
  readonly lengths: number;
  readonly ordinals: number;
  // Of the postings under way.
  readonly locals: number;
  readonly counts: number;
  readonly postings: number;
  readonly end: number;
}

/** BM25 over compressed postings in WebAssembly, with the reference's bits. */
export class WasmTermKernel implements TermKernel {
  readonly #wasm: KernelFunctions;
  // All of the memory; made anew when it has grown.
  #bytes = new Uint8Array(0);
  #words = new Uint32Array(0);
  #ints = new Int32Array(0);

  constructor(variant: KernelVariant = bestVariant()) {
    this.#wasm = instantiateKernels(variant);
  }

  score(request: ScoreRequest): TermScores {
    const { parts, termCount, pageLimit, mask } = request;
    const layout = layOut(request);
    growTo(this.#wasm.memory, layout.end);
    const { buffer } = this.#wasm.memory;
    if (this.#bytes.buffer !== buffer) {
      this.#bytes = new Uint8Array(buffer);
      this.#words = new Uint32Array(buffer);
      this.#ints = new Int32Array(buffer);
    }
    // What a call before left, or left unfinished.
    this.#bytes.fill(0, layout.sums, layout.sets + termCount * layout.setWords * 4);
    this.#bytes.fill(0, layout.scores, layout.lengths);
    if (mask !== undefined) {
      const accepted = this.#bytes.subarray(layout.mask, layout.mask + pageLimit);
      accepted.fill(0);
      accepted.set(mask.subarray(0, pageLimit));
    }
    let found = 0;
    for (const part of parts) {
      const { localCount } = part;
      this.#words.set(firstOf(part.lengths, localCount), layout.lengths / 4);
      this.#ints.set(firstOf(part.ordinals, localCount), layout.ordinals / 4);
      for (let term = 0; term < termCount; term++) this.#addTerm(request, layout, part, term);
      found = this.#wasm.takeScores(
        layout.scores,
        localCount,
        layout.ordinals,
        pageLimit,
        layout.mask,
        layout.sums,
        layout.pages,
        layout.found,
        found,
      );
    }
    const [sum = 0, squares = 0] = new Float64Array(buffer, layout.sums, 2);
    const { sets, setWords } = layout;
    return {
      pages: new Int32Array(buffer, layout.pages, found).slice(),
      scores: new Float32Array(buffer, layout.found, found).slice(),
      sum,
      squares,
      met: Array.from({ length: termCount }, (_, term) => {
        const words = new Uint32Array(buffer, sets + term * setWords * 4, setWords);
        return new PageSet(pageLimit, words.slice());
      }),
    };
  }

  /** Adds what each page of a part scores by one term of the query. */
  #addTerm(request: ScoreRequest, layout: Layout, part: ScoredPart, term: number): void {
    const groups = part.terms[term] as readonly PostingGroup[];
    const [group] = groups;
    if (group === undefined) return;
    const { saturation, base, slope, pageLimit } = request;
    const { localCount } = part;
    const { locals, counts, lengths, ordinals, scores, ofTerm, counted } = layout;
    const met = layout.sets + term * layout.setWords * 4;
    const [postings] = group.lists;
    if (groups.length === 1 && group.lists.length === 1 && postings !== undefined) {
      const size = this.#read(layout, postings, localCount);
      const top = group.weight * saturation;
      this.#wasm.addScores(
        size,
        locals,
        counts,
        lengths,
        ordinals,
        pageLimit,
        top,
        base,
        slope,
        scores,
        met,
      );
      return;
    }
    for (const { weight, lists } of groups) {
      for (const list of lists) {
        this.#wasm.addCounts(this.#read(layout, list, localCount), locals, counts, counted);
      }
      const top = weight * saturation;
      this.#wasm.raiseScores(counted, localCount, lengths, top, base, slope, ofTerm);
    }
    this.#wasm.mergeScores(ofTerm, localCount, ordinals, pageLimit, scores, met);
  }

  /** Copies postings and reads them; says how many they are. */
  #read({ postings, locals, counts }: Layout, bytes: Uint8Array, localCount: number): number {
    this.#bytes.set(bytes, postings);
    const size = this.#wasm.readPostings(postings, bytes.length, localCount, locals, counts);
    if (size < 0) throw damaged('postings cannot be read');
    return size;
  }
}

/** A view costs something: none is made of an array that has no room for more. */
function firstOf<T extends Uint32Array | Int32Array>(list: T, count: number): T {
  return list.length === count ? list : (list.subarray(0, count) as T);
}

function layOut({ parts, termCount, pageLimit, mask }: ScoreRequest): Layout {
  let localCount = 0;
  let postingBytes = 0;
  let all = 0;
  for (const part of parts) {
    all += part.localCount;
    localCount = Math.max(localCount, part.localCount);
    for (const groups of part.terms) {
      for (const { lists } of groups) {
        for (const { length } of lists) postingBytes = Math.max(postingBytes, length);
      }
    }
  }
  const places = new Places();
  const setWords = pageSetWords(pageLimit);
  const sums = places.take(16);
  const sets = places.take(termCount * setWords * 4);
  const scores = places.take(localCount * 4);
  const ofTerm = places.take(localCount * 4);
  const counted = places.take(localCount * 4);
  const lengths = places.take(localCount * 4);
  const ordinals = places.take(localCount * 4);
  const locals = places.take(localCount * 4);
  const counts = places.take(localCount * 4);
  const postings = places.take(postingBytes + margin);
  const pages = places.take((all + 1) * 4);
  const found = places.take((all + 1) * 4);
  const accepted = mask === undefined ? 0 : places.take(pageLimit);
  return {
    sums,
    sets,
    setWords,
    mask: accepted,
    pages,
    found,
    scores,
    ofTerm,
    counted,
    lengths,
    ordinals,
    locals,
    counts,
    postings,
    end: places.end,
  };
}
