import type { PageOrdinal } from '../src/core/ids.ts';
import { NO_DISTANCE } from '../src/core/index/scan-kernel.ts';
import { backgroundOf } from '../src/core/search/calibration.ts';
import { coarseScan, type DenseScores, signScoreScale } from '../src/core/search/dense.ts';
import { type Fused, fuse } from '../src/core/search/fuse.ts';
import { type LexicalChannel, lexicalScan } from '../src/core/search/lexical.ts';
import { chooseCandidates, StageClock } from '../src/core/search/pipeline.ts';
import { defaultRanking, type Ranking } from '../src/core/search/ranking.ts';
import { rescore } from '../src/core/search/rescore.ts';
import { scriptGroupOfText } from '../src/core/search/script-group.ts';
import type { Collection } from './collection.ts';

/** Rankings of one query: a score for every page, or the fused list of the pipeline. */
export interface StageResults {
  /** By page ordinal; −Infinity where the stage knows nothing of the page. */
  readonly scores: Readonly<Record<string, Float32Array>>;
  readonly fused: Readonly<Record<string, readonly Fused[]>>;
  readonly lexical: LexicalChannel;
  readonly timings: Readonly<Record<string, number>>;
  /** Pages in the order of the coarse stage, for its recall against exact scores. */
  readonly coarse: readonly PageOrdinal[];
}

/** The pipeline with one signal changed or left out: what each is worth. */
export const ablations: Readonly<Record<string, Partial<Ranking>>> = {
  pipeline: {},
  'no words': { lexical: 0 },
  'no late interaction': { latePassage: 0, latePage: 0, lateTitle: 0 },
  'no whole page': { latePage: 0 },
  'no title': { lateTitle: 0 },
  'no cosine': { dense: 0 },
  'missing words as 0': { isScriptAware: false },
};

/** Exact cosine of the query with the passage of a row; rows are those of the codes. */
function exactCosine({ context, embeddings }: Collection, query: Float32Array, row: number) {
  const { dims } = context.encoder;
  let dot = 0;
  for (let d = 0, at = row * dims; d < dims; d++, at++) {
    dot += (embeddings[at] as number) * (query[d] as number);
  }
  return dot;
}

function exactPageScores(collection: Collection, query: Float32Array) {
  const { context, owners } = collection;
  const scores = new Float32Array(context.pages.length).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < owners.length; row++) {
    const cosine = exactCosine(collection, query, row);
    const owner = owners[row] as number;
    if (cosine > (scores[owner] as number)) scores[owner] = cosine;
  }
  return scores;
}

/** What the coarse stage would know if it compared exact embeddings. */
function exactDense(scores: Float32Array, { script }: DenseScores): DenseScores {
  const none = { mean: 0, deviation: 1 };
  return {
    script,
    estimates: new Map([...scores].map((score, page) => [page as PageOrdinal, score])),
    background: backgroundOf(scores) ?? none,
  };
}

/** Asks one query of every stage alone and of the whole. */
export async function askStages(
  collection: Collection,
  text: string,
  isWhole = true,
  others: Readonly<Record<string, Partial<Ranking>>> = {},
): Promise<StageResults> {
  const { context } = collection;
  const ids = context.model.tokenizer.encode(text);
  const stages = new StageClock(context.clock);
  const query = { ids, embedding: context.encoder.embed(ids) };
  stages.end('encode');
  const group = scriptGroupOfText(text);
  const dense = coarseScan(context, query.embedding, group, defaultRanking);
  stages.end('scan');
  const lexical = lexicalScan(context, text);
  stages.end('lexical');
  const candidates = chooseCandidates(context, dense, lexical, defaultRanking.candidates);
  stages.end('candidates');
  const rescored = await rescore(context, query, candidates, defaultRanking);
  stages.end('rescore');
  const fuseWith = (change: Partial<Ranking>) =>
    fuse(context, group, dense, lexical, rescored, { ...defaultRanking, ...change }, () => 0);
  const fused: Record<string, readonly Fused[]> = { pipeline: fuseWith({}) };
  stages.end('fuse');
  for (const [name, change] of Object.entries(isWhole ? { ...ablations, ...others } : {})) {
    fused[name] = fuseWith(change);
  }
  const float = exactPageScores(collection, query.embedding);
  if (isWhole) {
    const exact = exactDense(float, dense);
    const best = chooseCandidates(context, exact, lexical, defaultRanking.candidates);
    const every = { ...defaultRanking, exactPassages: Number.MAX_SAFE_INTEGER };
    const all = await rescore(context, query, best, every);
    fused['all float'] = fuse(context, group, exact, lexical, all, defaultRanking, () => 0);
    const single = { ...defaultRanking, exactPassages: 1 };
    const one = await rescore(context, query, candidates, single);
    fused['one passage a page'] = fuse(context, group, dense, lexical, one, single, () => 0);
    const biased = { ...dense, script: { group, excess: 0 } };
    const args = [lexical, rescored, defaultRanking, () => 0] as const;
    fused['scripts uncorrected'] = fuse(context, group, biased, ...args);
  }
  const bm25 = new Float32Array(context.pages.length);
  lexical.scores.pages.forEach((page, place) => {
    bm25[page] = lexical.scores.scores[place] as number;
  });
  const nearest = context.codes.scan(context.encoder.code(query.embedding), 0).nearest;
  const code = Float32Array.from(nearest.subarray(0, context.pages.length), (distance) =>
    distance === NO_DISTANCE ? Number.NEGATIVE_INFINITY : -distance,
  );
  const signs = new Float32Array(context.pages.length).fill(Number.NEGATIVE_INFINITY);
  const rows = Int32Array.from({ length: context.codes.rowCount }, (_, row) => row);
  const rotated = context.encoder.rotate(query.embedding);
  context.codes.signScores(rotated, rows).forEach((score, row) => {
    const page = context.codes.pageOf(row);
    const scaled = score / signScoreScale(context.codes.codeBytes * 8);
    if (scaled > (signs[page] as number)) signs[page] = scaled;
  });
  const coarse = [...dense.estimates].sort((a, b) => b[1] - a[1]).map(([page]) => page);
  const rescoredCode = new Float32Array(context.pages.length).fill(Number.NEGATIVE_INFINITY);
  const nearestPages = coarse.slice(0, defaultRanking.candidates);
  for (const one of await rescore(context, query, nearestPages, defaultRanking)) {
    // By the best passage alone, as `float` is: what the pipeline makes of several is a signal more.
    const best = one.cosinePassages[0]?.passage;
    const row = best === undefined ? undefined : context.codes.rowsOf(one.page)[best];
    if (row !== undefined) rescoredCode[one.page] = exactCosine(collection, query.embedding, row);
  }
  return {
    scores: {
      bm25,
      float,
      code,
      'code and float query': signs,
      'code and rescoring': rescoredCode,
    },
    fused,
    lexical,
    timings: stages.timings,
    coarse,
  };
}
