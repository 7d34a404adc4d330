import type { PageOrdinal } from '../src/core/ids.ts';
import type { Fused } from '../src/core/search/fuse.ts';
import { rankPages, StageClock } from '../src/core/search/pipeline.ts';
import { defaultRanking } from '../src/core/search/ranking.ts';
import { queryTerms } from '../src/core/text/terms.ts';
import type { Collection } from './collection.ts';
import type { BeirData, EvalQuery } from './data.ts';
import { type Divided, seenOf } from './divider.ts';
import { type Gain, gainsOf, type Tried, trySignals } from './experiments.ts';
import { figuresByKind, ndcg10, type Outcome, type RefindFigures, rankOf } from './metrics.ts';
import { MiniSearchPeer } from './minisearch.ts';
import { askStages } from './stages.ts';
import { type TransformerPeer, transformerScores } from './transformers.ts';

export const coarseDepths = [50, 100, 200, 500] as const;

export interface RefindReport {
  readonly pageCount: number;
  readonly passageCount: number;
  readonly figures: Readonly<Record<string, Readonly<Record<string, RefindFigures>>>>;
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
  /** Share of the exact float top ten among the first so many pages of the coarse stage. */
  readonly coarseRecall: Readonly<Record<number, number>>;
  /** Mean milliseconds by stage, with the plain kernels. */
  readonly timings: Readonly<Record<string, number>>;
  /** What signals beside those of the pipeline would change; empty unless asked for. */
  readonly gains: readonly Gain[];
  /** Every query at the divider of weak matches. */
  readonly divided: readonly Divided[];
}

function average(sums: Readonly<Record<string, number>>, count: number): Record<string, number> {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count]));
}

/** The pages that answer a query; none for what was never read. */
function rightPages(
  { ordinalOf }: Collection,
  { page, accept = [] }: EvalQuery,
): ReadonlySet<PageOrdinal> {
  const keys = page === null ? [] : [page, ...accept];
  return new Set(keys.flatMap((key) => ordinalOf.get(key) ?? []));
}

/** Rankers of others, by name: a score for every page. */
type Peers = Readonly<Record<string, (query: string) => Promise<Float32Array>>>;

async function makePeers(
  collection: Collection,
  transformers: readonly TransformerPeer[],
): Promise<Peers> {
  const words = new MiniSearchPeer(collection.pages);
  const peers: Record<string, (query: string) => Promise<Float32Array>> = {
    minisearch: async (query) => words.scores(query),
  };
  for (const one of transformers) peers[one.name] = await transformerScores(collection, one);
  return peers;
}

/** Asks every query of every stage. */
export async function measureRefind(
  collection: Collection,
  queries: readonly EvalQuery[],
  transformers: readonly TransformerPeer[] = [],
  hasExperiments = false,
): Promise<RefindReport> {
  const outcomes = new Map<string, Outcome[]>();
  const note = (stage: string, query: EvalQuery, rank: number) => {
    const own = outcomes.get(stage) ?? [];
    own.push({ kind: query.kind, rank });
    outcomes.set(stage, own);
  };
  const peers = await makePeers(collection, transformers);
  const timings: Record<string, number> = {};
  const recall = coarseDepths.map(() => 0);
  const divided: Divided[] = [];
  const tried: Tried[] = [];
  for (const query of queries) {
    const right = rightPages(collection, query);
    const isOwn = ({ candidate }: Fused) => right.has(candidate.page);
    const result = await askStages(collection, query.query);
    const pipeline = result.fused.pipeline ?? [];
    divided.push(await divide(collection, query, right, pipeline));
    if (right.size === 0) continue;
    if (hasExperiments) {
      const { context } = collection;
      const ids = context.model.tokenizer.encode(query.query);
      const encoded = { ids, embedding: context.encoder.embed(ids) };
      const { kind, page } = query;
      tried.push({ kind, page: page ?? '', ...trySignals(context, encoded, pipeline, isOwn) });
    }
    const best = (scores: Float32Array) =>
      Math.min(...[...right].map((page) => rankOf(scores, page)));
    for (const [stage, scores] of Object.entries(result.scores)) {
      note(stage, query, best(scores));
    }
    for (const [stage, fused] of Object.entries(result.fused)) {
      const rank = fused.findIndex(isOwn);
      note(stage, query, rank < 0 ? Number.POSITIVE_INFINITY : rank);
    }
    for (const [name, scores] of Object.entries(peers)) {
      note(name, query, best(await scores(query.query)));
    }
    for (const [stage, ms] of Object.entries(result.timings)) {
      timings[stage] = (timings[stage] ?? 0) + ms;
    }
    const float = result.scores.float as Float32Array;
    const top = [...float.keys()]
      .sort((a, b) => (float[b] as number) - (float[a] as number))
      .slice(0, 10);
    coarseDepths.forEach((depth, i) => {
      const found = new Set<number>(result.coarse.slice(0, depth));
      recall[i] = (recall[i] ?? 0) + top.filter((one) => found.has(one)).length / top.length;
    });
  }
  const length = divided.filter(({ there }) => there !== undefined).length;
  return {
    pageCount: collection.pages.length,
    passageCount: collection.owners.length,
    figures: Object.fromEntries([...outcomes].map(([stage, own]) => [stage, figuresByKind(own)])),
    outcomes,
    coarseRecall: Object.fromEntries(
      coarseDepths.map((depth, i) => [depth, (recall[i] ?? 0) / length]),
    ),
    timings: average(timings, length),
    gains: gainsOf(tried),
    divided,
  };
}

/** A query at the divider: with its pages there, and once more as if they had never been read. */
async function divide(
  { context }: Collection,
  { kind, page, query }: EvalQuery,
  right: ReadonlySet<number>,
  pipeline: readonly Fused[],
): Promise<Divided> {
  const terms = queryTerms(query).length;
  const hits = seenOf(pipeline, terms);
  const name = page ?? query;
  if (right.size === 0) return { kind, page: name, away: hits };
  const mask = new Uint8Array(context.pages.length).fill(1);
  for (const one of right) mask[one] = 0;
  const ids = context.model.tokenizer.encode(query);
  const encoded = { ids, embedding: context.encoder.embed(ids) };
  const request = { words: query, query: encoded, mask, hasPrior: false, now: 0 };
  const away = await rankPages(context, request, defaultRanking, new StageClock(context.clock));
  const own = pipeline.findIndex(({ candidate }) => right.has(candidate.page));
  return {
    kind,
    page: name,
    away: seenOf(away, terms),
    there: { hits, own: own < hits.length ? own : -1 },
  };
}

export interface BeirReport {
  readonly pageCount: number;
  readonly figures: Readonly<Record<string, { readonly n: number; readonly ndcg10: number }>>;
  readonly values: ReadonlyMap<string, readonly number[]>;
}

/** Asks the judged queries of a BEIR collection of every stage. */
export async function measureBeir(
  collection: Collection,
  data: BeirData,
  transformers: readonly TransformerPeer[] = [],
): Promise<BeirReport> {
  const values = new Map<string, number[]>();
  const peers = await makePeers(collection, transformers);
  const keyOf = (page: number) => collection.pages[page]?.key ?? '';
  for (const [id, judged] of data.judged) {
    const text = data.queries.get(id);
    if (text === undefined) continue;
    const note = (stage: string, ranked: readonly string[]) => {
      const own = values.get(stage) ?? [];
      own.push(ndcg10(ranked, judged));
      values.set(stage, own);
    };
    const result = await askStages(collection, text);
    const all = new Map(Object.entries(result.scores));
    for (const [name, scores] of Object.entries(peers)) all.set(name, await scores(text));
    for (const [stage, scores] of all) {
      const ranked = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
      note(stage, ranked.slice(0, 10).map(keyOf));
    }
    for (const [stage, fused] of Object.entries(result.fused)) {
      note(
        stage,
        fused.slice(0, 10).map(({ candidate }) => keyOf(candidate.page)),
      );
    }
  }
  const figures = Object.fromEntries(
    [...values].map(([stage, own]) => [
      stage,
      { n: own.length, ndcg10: own.reduce((a, b) => a + b, 0) / own.length },
    ]),
  );
  return { pageCount: collection.pages.length, figures, values };
}
