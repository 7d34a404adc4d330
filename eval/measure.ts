import type { PageOrdinal } from '../src/core/ids.ts';
import type { Fused } from '../src/core/search/fuse.ts';
import { idsOfTexts } from '../src/core/search/page-tokens.ts';
import { rankPages, StageClock } from '../src/core/search/pipeline.ts';
import { defaultRanking } from '../src/core/search/ranking.ts';
import { queryTerms } from '../src/core/text/terms.ts';
import { induceVectors } from './a-la-carte.ts';
import { type Collection, orderedTokens } from './collection.ts';
import type { BeirData, EvalQuery } from './data.ts';
import { type Divided, seenOf } from './divider.ts';
import { type Gain, gainsOf, type Tried, triedWeights, trySignals } from './experiments.ts';
import { learnWeights } from './learned-weights.ts';
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

/** All that a run of the evaluation measured. */
export interface EvalReport {
  refind?: RefindReport;
  /** The sample pages that ship with the project, beside other data. */
  sample?: RefindReport;
  readonly beir: Record<string, BeirReport>;
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

const learnedName = 'weights learned from generated queries';

/** What is learned from the pages for experiments. */
async function prepareExperiments({ context, pages, ordinalOf }: Collection) {
  const tokens = await context.loadTokens(pages.flatMap(({ key }) => ordinalOf.get(key) ?? []));
  const texts = tokens.flatMap((one) => {
    if (one === null) return [];
    const { title, passages } = orderedTokens(one);
    return [title, ...passages];
  });
  const learned = await learnWeights(context);
  const induced = induceVectors(context.model, texts);
  console.log(`Weights learned from generated queries: ${JSON.stringify(learned)}`);
  console.log(`Vectors induced for ${induced.size} words in pieces`);
  return { learned, induced };
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
  const experiments = hasExperiments ? await prepareExperiments(collection) : undefined;
  const asked = new Set(queries.flatMap((query) => [...rightPages(collection, query)]));
  for (const query of queries) {
    const right = rightPages(collection, query);
    const isOwn = ({ candidate }: Fused) => right.has(candidate.page);
    const others = experiments === undefined ? {} : { [learnedName]: experiments.learned };
    const result = await askStages(collection, query.query, true, others);
    const pipeline = result.fused.pipeline ?? [];
    divided.push(await divide(collection, query, right, asked, pipeline));
    if (right.size === 0) continue;
    if (experiments !== undefined) {
      const { context } = collection;
      const { kind, page, query: words } = query;
      const ids = context.model.tokenizer.encode(words);
      const encoded = { ids, embedding: context.encoder.embed(ids) };
      const toTry = {
        words,
        query: encoded,
        lexical: result.lexical,
        induced: experiments.induced,
      };
      const one = trySignals(context, toTry, pipeline, isOwn);
      const place = result.fused[learnedName]?.findIndex(isOwn) ?? -1;
      const learned = triedWeights.map(() => (place < 0 ? 0 : 1 / (1 + place)));
      tried.push({ kind, page: page ?? '', ...one, with: { ...one.with, [learnedName]: learned } });
    }
    const best = (scores: Float32Array) =>
      Math.min(...[...right].map((page) => rankOf(scores, page)));
    for (const [stage, scores] of Object.entries(result.scores)) {
      note(stage, query, best(scores));
    }
    for (const [stage, fused] of Object.entries(result.fused)) {
      if (stage === learnedName) continue; // reported among the experiments
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

/** Cosine of the whole texts of two pages. */
async function likeness({ context }: Collection, a: PageOrdinal, b: PageOrdinal): Promise<number> {
  const [one, other] = (await context.loadTokens([a, b])).map((tokens) => {
    if (tokens === null) return undefined;
    const { title, passages } = idsOfTexts(tokens);
    return context.encoder.embed(Uint32Array.from([title, ...passages].flatMap((ids) => [...ids])));
  });
  return one?.reduce((sum, value, d) => sum + value * (other?.[d] ?? 0), 0) ?? 0;
}

/**
 * A query at the divider: with its pages there, once more as if they had never been read, and as if
 * none of the pages that any query asks for had.
 */
async function divide(
  collection: Collection,
  { kind, page, query }: EvalQuery,
  right: ReadonlySet<PageOrdinal>,
  asked: ReadonlySet<PageOrdinal>,
  pipeline: readonly Fused[],
): Promise<Divided> {
  const { context } = collection;
  const terms = queryTerms(query).length;
  const hits = seenOf(pipeline, terms);
  const name = page ?? query;
  if (right.size === 0) return { kind, page: name, away: hits };
  const ids = context.model.tokenizer.encode(query);
  const encoded = { ids, embedding: context.encoder.embed(ids) };
  const without = (pages: ReadonlySet<PageOrdinal>) => {
    const mask = new Uint8Array(context.pages.length).fill(1);
    for (const one of pages) mask[one] = 0;
    const request = { words: query, query: encoded, mask, hasPrior: false, now: 0 };
    return rankPages(context, request, defaultRanking, new StageClock(context.clock));
  };
  const away = await without(right);
  const first = away[0]?.candidate.page;
  const likest = await Promise.all(
    [...right].map((one) => (first === undefined ? 0 : likeness(collection, one, first))),
  );
  const own = pipeline.findIndex(({ candidate }) => right.has(candidate.page));
  const isAnyLeft = asked.size < context.pages.pageCount;
  return {
    kind,
    page: name,
    away: seenOf(away, terms),
    likeness: Math.max(...likest),
    ...(isAnyLeft ? { absent: seenOf(await without(asked), terms) } : {}),
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
