import type { Embedding, PageOrdinal } from '../ids.ts';
import { NO_DISTANCE, type PageMask } from '../index/scan-kernel.ts';
import { type Background, backgroundOf, shrinkBackground } from './calibration.ts';
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
  const limit = Math.max(
    ranking.secondLookMin,
    Math.ceil(codes.passageCount * ranking.secondLookShare),
  );
  const scan = codes.scan(encoder.code(embedding), limit, mask);
  const scores = codes.signScores(encoder.rotate(embedding), scan.rows);
  const scale = signScoreScale(bits);
  const estimates = new Map<PageOrdinal, number>();
  scan.rows.forEach((row, index) => {
    const page = codes.pageOf(row);
    const estimate = (scores[index] as number) / scale;
    if (estimate > (estimates.get(page) ?? -2)) estimates.set(page, estimate);
  });
  const cosines = cosinesOfDistances(scan.nearest, bits);
  return {
    estimates,
    script: { group, excess: scriptExcess(context, cosines, group) },
    background: backgroundOfCosines(cosines, bits),
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
 * By how much the cosines of pages in the query's script lie above those of all others, in the
 * mean: what is left of language in the vectors, and no sign that a page is meant. Pages of another
 * script that lie higher are nearer in what they are about, so it is never negative.
 */
function scriptExcess({ pages }: SearchContext, cosines: Float32Array, group: string): number {
  let own = 0;
  let ownSum = 0;
  let others = 0;
  let othersSum = 0;
  const isOwnLang = new Map<string, boolean>();
  for (let page = 0; page < cosines.length; page++) {
    const cosine = cosines[page] as number;
    if (cosine === NOWHERE) continue;
    const lang = pages.langOf(page as PageOrdinal);
    let isOwn = isOwnLang.get(lang);
    if (isOwn === undefined) {
      isOwn = scriptGroupOfLang(lang) === group;
      isOwnLang.set(lang, isOwn);
    }
    if (isOwn) {
      own++;
      ownSum += cosine;
    } else {
      others++;
      othersSum += cosine;
    }
  }
  const fewer = Math.min(own, others);
  if (fewer === 0) return 0;
  const share = fewer / (fewer + excessStrength);
  return share * Math.max(0, ownSum / own - othersSum / others);
}

/** Stands for a page that was not scanned; below every cosine. */
const NOWHERE = -2;

/** The best cosine of each page by its Hamming distance: the angle is π × distance / bits. */
function cosinesOfDistances(nearest: Uint16Array, bits: number): Float32Array {
  const cosineOf = Float32Array.from({ length: bits + 1 }, (_, distance) =>
    Math.cos((Math.PI * distance) / bits),
  );
  const cosines = new Float32Array(nearest.length);
  for (let page = 0; page < cosines.length; page++) {
    const distance = nearest[page] as number;
    cosines[page] = distance === NO_DISTANCE ? NOWHERE : (cosineOf[distance] as number);
  }
  return cosines;
}

/**
 * The background of cosines behind Hamming distances. The variance that taking signs adds (that of
 * a binomial) is taken away again, at most half of it all.
 */
function backgroundOfCosines(cosines: Float32Array, bits: number): Background {
  const seen = backgroundOf(cosines.filter((cosine) => cosine !== NOWHERE));
  if (seen === undefined) return expected;
  const share = Math.acos(Math.max(-1, Math.min(1, seen.mean))) / Math.PI;
  const noise = (Math.PI * Math.sin(Math.PI * share)) ** 2 * ((share * (1 - share)) / bits);
  const variance = Math.max(seen.deviation ** 2 - noise, seen.deviation ** 2 / 2);
  return shrinkBackground({ ...seen, deviation: Math.sqrt(variance) }, expected, expectedStrength);
}
