import {
  type Background,
  backgroundOf,
  shrinkBackground,
  spreadOf,
  standardise,
} from './calibration.ts';
import type { SearchContext } from './context.ts';
import { type DenseScores, withoutScript } from './dense.ts';
import { type LexicalChannel, rarestMissing } from './lexical.ts';
import type { Ranking } from './ranking.ts';
import type { Rescored } from './rescore.ts';
import { scriptGroupOfLang } from './script-group.ts';
import type { ScoreParts } from './types.ts';

/** A candidate with its fused score: the sum of its parts. */
export interface Fused {
  readonly candidate: Rescored;
  readonly parts: ScoreParts;
  readonly score: number;
  readonly slopes: Slopes;
  /** How rare the rarest word of the query is that the page has not, 0 to 1. */
  readonly rarestMissing: number;
}

/** What one unit of each raw score adds to the fused one: a weight over a deviation. */
export interface Slopes {
  readonly cosine: number;
  readonly latePassage: number;
  readonly latePage: number;
  readonly lateTitle: number;
}

/** Late interaction of an ordinary candidate, where too few candidates can tell. */
const expectedLate: Background = { mean: 0.42, deviation: 0.09 };
/** The same with a title alone: fewer tokens, so the nearest is further. */
const expectedTitle: Background = { mean: 0.25, deviation: 0.12 };
const expectedStrength = 12;
/** As many candidates of a script say half of what its own mean says. */
const groupStrength = 2;
/** Semantic peers whose lexical evidence stands in for that of a page in another script. */
const peers = 10;

/**
 * Adds the channels, each in deviations above its own background: the dense one against all pages,
 * late interaction against candidates of the same length, each without what a shared script adds.
 * A page in another script than the query's cannot have lexical evidence; it is missing, not zero,
 * and the page gets what pages of the query's script that mean as much have on average. So it is
 * with the title of a page that has none.
 */
export function fuse(
  context: SearchContext,
  queryGroup: string,
  dense: DenseScores,
  lexical: LexicalChannel,
  rescored: readonly Rescored[],
  ranking: Ranking,
  priorOf: (candidate: Rescored) => number,
): Fused[] {
  const lengths = rescored.map(({ tokenCount }) => Math.log(1 + tokenCount));
  const groups = rescored.map(({ page }) => scriptGroupOfLang(context.pages.langOf(page)));
  const latePassage = lateBackground(
    rescored.map((one) => one.latePassage),
    lengths,
    groups,
  );
  const latePage = lateBackground(
    rescored.map((one) => one.latePage),
    lengths,
    groups,
  );
  const titled = rescored.flatMap(({ lateTitle }, index) =>
    lateTitle === null ? [] : [{ lateTitle, group: groups[index] as string }],
  );
  const lateTitle = lateBackground(
    titled.map((one) => one.lateTitle),
    titled.map(() => 0),
    titled.map(({ group }) => group),
    expectedTitle,
  );
  const weight = ranking.lexical * lexical.trust;
  const slopes: Slopes = {
    cosine: ranking.dense / spreadOf(dense.background),
    latePassage: ranking.latePassage / spreadOf(latePassage.at(0, queryGroup)),
    latePage: ranking.latePage / spreadOf(latePage.at(0, queryGroup)),
    lateTitle: ranking.lateTitle / spreadOf(lateTitle.at(0, queryGroup)),
  };
  const missing = rarestMissing(
    context.lexical.pageCount,
    lexical.matches,
    rescored.map(({ page }) => page),
  );
  const scored = rescored.map((candidate, index) => {
    const length = lengths[index] as number;
    const group = groups[index] as string;
    const cosine = withoutScript(context, dense, candidate.page, candidate.cosine);
    const semantic = ranking.dense * standardise(cosine, dense.background);
    const ofTitle =
      candidate.lateTitle === null
        ? 0
        : ranking.lateTitle * standardise(candidate.lateTitle, lateTitle.at(0, group));
    const late =
      ofTitle +
      ranking.latePassage * standardise(candidate.latePassage, latePassage.at(length, group)) +
      ranking.latePage * standardise(candidate.latePage, latePage.at(length, group));
    const bm25 = lexical.scores.of(candidate.page);
    const isMissing = ranking.isScriptAware && group !== queryGroup && bm25 === 0;
    const words = isMissing ? null : weight * standardise(bm25, lexicalBackground(lexical));
    const prior = priorOf(candidate);
    return { candidate, semantic, late, words, prior, rarestMissing: missing[index] ?? 0 };
  });
  // Where there are fewer peers, those that are not there have no more than an ordinary page.
  const standIn =
    scored
      .filter((one) => one.words !== null)
      .sort((a, b) => b.semantic + b.late - a.semantic - a.late)
      .slice(0, peers)
      .reduce((sum, one) => sum + (one.words ?? 0), 0) / peers;
  return scored
    .map(({ candidate, semantic, late, words, prior, rarestMissing }) => ({
      candidate,
      rarestMissing,
      parts: { dense: semantic, lexical: words, late, prior },
      score: semantic + late + (words ?? standIn) + prior,
      slopes,
    }))
    .sort((a, b) => b.score - a.score || a.candidate.page - b.candidate.page);
}

/** In a collection of a few pages one hit would be many deviations, or none, by itself. */
function lexicalBackground({ mean, deviation }: LexicalChannel): Background {
  return { mean, deviation: Math.max(deviation, 0.1) };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Background of a raw late interaction for a page of some length and script. */
interface LateBackground {
  at(length: number, group: string): Background;
}

/**
 * The background of late interaction. The more tokens a page has, the nearer the nearest of them,
 * and tokens of the query's own script are nearer than others: neither says that the page is
 * meant. A line through the candidates over their lengths (logarithms of tokens), and the mean of
 * what is left within each script, say by how much.
 */
function lateBackground(
  values: readonly number[],
  lengths: readonly number[],
  groups: readonly string[],
  expected: Background = expectedLate,
): LateBackground {
  const middle = meanOf(lengths);
  const mean = meanOf(values);
  let together = 0;
  let alone = 0;
  values.forEach((value, index) => {
    const x = (lengths[index] as number) - middle;
    together += x * (value - mean);
    alone += x * x;
  });
  const slope = Math.max(0, together / (alone + 1));
  const rest = values.map(
    (value, index) => value - mean - slope * ((lengths[index] as number) - middle),
  );
  const offsets = new Map<string, number>();
  for (const group of new Set(groups)) {
    const own = rest.filter((_, index) => groups[index] === group);
    offsets.set(group, (meanOf(own) * own.length) / (own.length + groupStrength));
  }
  const level = rest.map(
    (value, index) => mean + value - (offsets.get(groups[index] as string) ?? 0),
  );
  const background = shrinkBackground(backgroundOf(level), expected, expectedStrength);
  return {
    at: (length, group) => ({
      ...background,
      mean: background.mean + slope * (length - middle) + (offsets.get(group) ?? 0),
    }),
  };
}
