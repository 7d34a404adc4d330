import type { Embedding, PageOrdinal } from '../ids.ts';
import { NO_DISTANCE, type PageMask } from '../index/scan-kernel.ts';
import { type Background, shrinkBackground } from './calibration.ts';
import type { SearchContext } from './context.ts';
import type { Ranking } from './ranking.ts';
import { scriptGroupOfLang } from './script-group.ts';

/** What the coarse stage knows: some pages' estimated best cosines, and the background of all. */
export interface DenseScores {
  /** What sharing the query's script adds to a page's cosine here. */
  readonly script: ScriptExcess;
  /** Estimated cosine of the best passage, of pages among the candidates. */
  readonly estimates: ReadonlyMap<PageOrdinal, number>;
  /** Background of the best cosines of all pages. */
  readonly background: Background;
}

/** A script group, and by how much its pages' cosines lie above those of other pages; not below 0. */
export interface ScriptExcess {
  readonly group: string;
  readonly excess: number;
}

/** What a page's best cosine with an unrelated query usually is, where few pages can tell. */
const expected: Background = { mean: 0.16, deviation: 0.09 };
const expectedStrength = 40;
/** With so many pages of the query's script, or of others, half of the difference is believed. */
const excessStrength = 8;

/**
 * The expected sum of a unit query's components against a unit vector's signs is their cosine
 * times this: components of a rotated unit vector are about normal with variance 1 / bits.
 */
export function signScoreScale(bits: number): number {
  return Math.sqrt((2 * bits) / Math.PI);
}

/**
 * Every passage by Hamming distance, then the nearest again by the float query (asymmetric).
 * @param group the script group of what is asked
 */
export function coarseScan(
  context: SearchContext,
  embedding: Embedding,
  group: string,
  ranking: Ranking,
  mask?: PageMask,
): DenseScores {
  const { codes, encoder } = context;
  const bits = codes.codeBytes * 8;
  const share = Math.ceil(codes.passageCount * ranking.secondLookShare);
  const limit = Math.min(ranking.secondLookMax, Math.max(ranking.secondLookMin, share));
  const scan = codes.scan(encoder.code(embedding), limit, mask);
  const scores = codes.signScores(encoder.rotate(embedding), scan.rows);
  const scale = signScoreScale(bits);
  const estimates = new Map<PageOrdinal, number>();
  scan.rows.forEach((row, index) => {
    const page = codes.pageOf(row);
    const estimate = (scores[index] as number) / scale;
    if (estimate > (estimates.get(page) ?? -2)) estimates.set(page, estimate);
  });
  const { own, others } = countDistances(context, scan.nearest, group, bits);
  const ownCosines = cosinesOf(own, bits);
  const otherCosines = cosinesOf(others, bits);
  return {
    estimates,
    script: { group, excess: scriptExcess(ownCosines, otherCosines) },
    background: backgroundOfAll([ownCosines, otherCosines], bits),
  };
}

/** A cosine without what the page's script adds to it: what can be compared across scripts. */
export function withoutScript(
  { pages }: SearchContext,
  { script }: Pick<DenseScores, 'script'>,
  page: PageOrdinal,
  cosine: number,
): number {
  if (script.excess === 0 || scriptGroupOfLang(pages.langOf(page)) !== script.group) return cosine;
  return cosine - script.excess;
}

/**
 * How many pages have their nearest passage at each distance: pages of the query's script, and all
 * others. There are some hundred distances, however many pages.
 */
function countDistances(
  { pages }: SearchContext,
  nearest: Uint16Array,
  group: string,
  bits: number,
): { readonly own: Uint32Array; readonly others: Uint32Array } {
  const own = new Uint32Array(bits + 1);
  const others = new Uint32Array(bits + 1);
  const isOwnLang = pages.langs.map((lang) => scriptGroupOfLang(lang) === group);
  const count = Math.min(nearest.length, pages.length);
  for (let page = 0; page < count; page++) {
    const distance = nearest[page] as number;
    if (distance === NO_DISTANCE) continue;
    const counts = isOwnLang[pages.langNumberOf(page as PageOrdinal)] ? own : others;
    counts[distance] = (counts[distance] as number) + 1;
  }
  return { own, others };
}

/** The number, sum and sum of squares of some pages' cosines. */
interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** The best cosines of pages by their Hamming distances: the angle is π × distance / bits. */
function cosinesOf(counts: Uint32Array, bits: number): Moments {
  let count = 0;
  let sum = 0;
  let squares = 0;
  counts.forEach((pages, distance) => {
    const cosine = Math.cos((Math.PI * distance) / bits);
    count += pages;
    sum += pages * cosine;
    squares += pages * cosine * cosine;
  });
  return { count, sum, squares };
}

/**
 * By how much the cosines of pages in the query's script lie above those of all others, in the
 * mean: what is left of language in the vectors, and no sign that a page is meant. Pages of another
 * script that lie higher are nearer in what they are about, so it is never negative.
 */
function scriptExcess(own: Moments, others: Moments): number {
  const fewer = Math.min(own.count, others.count);
  if (fewer === 0) return 0;
  const share = fewer / (fewer + excessStrength);
  return share * Math.max(0, own.sum / own.count - others.sum / others.count);
}

/**
 * The background of cosines behind Hamming distances. The variance that taking signs adds (that of
 * a binomial) is taken away again, at most half of it all.
 */
function backgroundOfAll(parts: readonly Moments[], bits: number): Background {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (count === 0) return expected;
  const mean = parts.reduce((sum, part) => sum + part.sum, 0) / count;
  const squares = parts.reduce((sum, part) => sum + part.squares, 0) / count;
  const seen = Math.max(0, squares - mean * mean);
  const share = Math.acos(Math.max(-1, Math.min(1, mean))) / Math.PI;
  const noise = (Math.PI * Math.sin(Math.PI * share)) ** 2 * ((share * (1 - share)) / bits);
  const deviation = Math.sqrt(Math.max(seen - noise, seen / 2));
  return shrinkBackground({ count, mean, deviation }, expected, expectedStrength);
}
