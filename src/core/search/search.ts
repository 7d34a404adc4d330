import { AppError } from '../errors.ts';
import type { PageId, PageOrdinal, Timestamp } from '../ids.ts';
import { normalise } from '../model/encoder.ts';
import { queryTerms } from '../text/terms.ts';
import type { SearchContext } from './context.ts';
import { foldDuplicates } from './duplicates.ts';
import { explainer } from './explain.ts';
import { acceptPages } from './filter-pages.ts';
import type { Fused } from './fuse.ts';
import { idsOfTexts } from './page-tokens.ts';
import { type ParsedQuery, parseQuery } from './parse-query.ts';
import { acceptPhrases } from './phrase.ts';
import { rankPages, StageClock } from './pipeline.ts';
import { loadByPage, showFused, showListed, summariesOf } from './present.ts';
import { defaultRanking, type Ranking } from './ranking.ts';
import type { EncodedQuery } from './rescore.ts';
import { findLike } from './similar.ts';
import { queryWords } from './snippet.ts';
import { spreadSites } from './spread-sites.ts';
import type { Hit, SearchRequest, SearchResponse } from './types.ts';
import { countPlain, rivalHits } from './weak.ts';

export { findSimilar } from './similar.ts';

const maxLimit = 200;
/** How much an example moves the query's embedding towards it, or away from it. */
const likeWeight = 0.6;
const unlikeWeight = 0.4;
/** So many times the hits asked for are looked at, to have pages of several sites. */
const steeredFactor = 4;

/** @throws AppError `bad-request` */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new AppError('bad-request', `A limit of ${limit} hits is not allowed; 1 to ${maxLimit}.`);
  }
}

/** A question's ranking: all of its answer that is the same however many hits are shown. */
export interface Ranked {
  readonly parsed: ParsedQuery;
  readonly query: EncodedQuery;
  readonly fused: readonly Fused[];
  readonly searchedPages: number;
}

/** What a search may take over from the one before it. */
export interface RankingSlot {
  /** The ranking of the same question, if nothing has changed since. */
  readonly before: Ranked | null;
  keep(ranked: Ranked): void;
}

/**
 * Finds pages for a query as typed: by meaning and by words, the best passage of each page. A query
 * of operators only, and an empty one, lists the pages that pass by the time they were read.
 * @param slot where the ranking of the same question may be found, and is put
 * @param now for the operators that count from today and for the prior of visits
 * @throws AppError `bad-request` for a request out of bounds, `superseded` from the checkpoint
 */
export async function search(
  context: SearchContext,
  request: SearchRequest,
  now: Timestamp,
  ranking: Ranking = defaultRanking,
  slot?: RankingSlot,
): Promise<SearchResponse> {
  checkLimit(request.limit);
  const stages = new StageClock(context.clock);
  if (slot?.before) {
    await context.checkpoint();
    return presentRanked(context, slot.before, request, stages, 'more');
  }
  const parsed = parseQuery(request.query, now);
  if (parsed.url !== undefined) return findAddress(context, parsed, parsed.url, stages);
  if (parsed.bareUrl !== undefined) {
    // A page is the same over http and https.
    const found = await findAddress(context, parsed, `https://${parsed.bareUrl}`, stages);
    if (found.hits.length > 0) return found;
  }
  await context.checkpoint();
  const accepted = await acceptPhrases(
    context,
    parsed,
    acceptPages(context.pages, context.lexical, parsed, request.filters),
  );
  stages.end('parse');
  const answer = (hits: readonly Hit[]): SearchResponse => ({
    hits,
    problems: parsed.problems,
    searchedPages: accepted.count,
    timings: stages.timings,
  });
  const examples = examplesOf(context, request);
  const mask = withoutExamples(context, accepted.mask, examples);
  if (parsed.words === '' && examples.like.length > 0) {
    const hits = await findLike(context, examples, mask, request.limit, stages);
    return answer(request.sort === 'time' ? byTime(hits) : hits);
  }
  const query = await encodeQuery(context, parsed.words, examples);
  stages.end('encode');
  if (query === null) {
    const pages = recentPages(context, accepted.mask).slice(0, request.limit);
    const hits = await listPages(context, pages);
    stages.end('present');
    return answer(hits);
  }
  const fused = await rankPages(
    context,
    {
      words: parsed.words,
      query,
      ...(mask === undefined ? {} : { mask }),
      hasPrior: request.sort !== 'relevance',
      now,
    },
    ranking,
    stages,
  );
  const ranked = { parsed, query, fused, searchedPages: accepted.count };
  slot?.keep(ranked);
  return presentRanked(context, ranked, request, stages, 'present');
}

async function presentRanked(
  context: SearchContext,
  { parsed, query, fused, searchedPages }: Ranked,
  request: SearchRequest,
  stages: StageClock,
  stage: 'present' | 'more',
): Promise<SearchResponse> {
  const hits = await present(context, parsed, query, fused, request);
  stages.end(stage);
  return { hits, problems: parsed.problems, searchedPages, timings: stages.timings };
}

/** The words' embedding, moved by the examples; `null` when there is nothing to search by. */
async function encodeQuery(
  context: SearchContext,
  words: string,
  { like, unlike }: Examples,
): Promise<EncodedQuery | null> {
  const ids = context.model.tokenizer.encode(words);
  const embedding = Float32Array.from(context.encoder.embed(ids));
  const towards = await meanOfPages(context, like);
  const away = await meanOfPages(context, unlike);
  if (towards === null && (ids.length === 0 || embedding.every((value) => value === 0))) {
    return null;
  }
  if (towards === null && away === null) return { ids, embedding };
  for (let d = 0; d < embedding.length; d++) {
    embedding[d] =
      (embedding[d] as number) + likeWeight * (towards?.[d] ?? 0) - unlikeWeight * (away?.[d] ?? 0);
  }
  return { ids, embedding: normalise(embedding) };
}

async function meanOfPages(
  context: SearchContext,
  pages: readonly PageOrdinal[],
): Promise<Float32Array | null> {
  let mean: Float32Array | null = null;
  for (const tokens of await context.loadTokens(pages)) {
    if (tokens === null) continue;
    const { title, passages } = idsOfTexts(tokens);
    mean ??= new Float32Array(context.encoder.dims);
    const all = Uint32Array.from([title, ...passages].flatMap((ids) => [...ids]));
    const embedding = context.encoder.embed(all);
    for (let d = 0; d < mean.length; d++) {
      mean[d] = (mean[d] as number) + (embedding[d] as number);
    }
  }
  return mean === null ? null : normalise(mean);
}

/** Pages like those looked for, and pages unlike them. */
interface Examples {
  readonly like: readonly PageOrdinal[];
  readonly unlike: readonly PageOrdinal[];
}

function examplesOf({ pages }: SearchContext, { like = [], unlike = [] }: SearchRequest): Examples {
  const ordinals = (ids: readonly PageId[]) => ids.flatMap((id) => pages.ordinalOf(id) ?? []);
  return { like: ordinals(like), unlike: ordinals(unlike) };
}

/** The examples themselves are not what is looked for. */
function withoutExamples(
  context: SearchContext,
  mask: Uint8Array | undefined,
  { like, unlike }: Examples,
): Uint8Array | undefined {
  const examples = [...like, ...unlike];
  if (examples.length === 0) return mask;
  const without = mask?.slice() ?? new Uint8Array(context.pages.length).fill(1);
  for (const page of examples) without[page] = 0;
  return without;
}

/** One hit a page, near-duplicates under the best of them, in the order asked for. */
async function present(
  context: SearchContext,
  parsed: ParsedQuery,
  query: EncodedQuery,
  ranked: readonly Fused[],
  { limit, sort, like = [], unlike = [] }: SearchRequest,
): Promise<Hit[]> {
  const words = queryWords(context, parsed.words);
  const explain = explainer(context, query);
  const byPage = new Map(ranked.map((fused) => [fused.candidate.page, fused]));
  // The divider compares the first hits among themselves, however few are asked for.
  // A list that is steered by examples draws from more, so that no site of theirs fills it.
  const isSteered = like.length + unlike.length > 0;
  const wanted = Math.max(limit, rivalHits) * (isSteered ? steeredFactor : 1);
  const heads = foldDuplicates(context.codes, [...byPage.keys()], wanted).map((head) => ({
    ...head,
    fused: byPage.get(head.page) as Fused,
  }));
  const judged = heads.map(({ fused }) => fused);
  // A page that holds what was put in quotation marks is no weak match.
  const isSure = parsed.phrases.length > 0;
  const plain = isSure ? limit : countPlain(judged, queryTerms(parsed.words).length);
  const siteOf = ({ page }: { page: PageOrdinal }) => context.pages.row(page).site;
  const inOrder = isSteered
    ? [...spreadSites(heads.slice(0, plain), siteOf), ...heads.slice(plain)]
    : heads;
  const shown = inOrder.slice(0, limit);
  // Only what is shown is read; a page may have been forgotten while it was.
  const texts = await loadByPage(
    context,
    shown.map(({ page }) => page),
  );
  const hits = shown.flatMap(({ page, folded, fused }, place) => {
    const text = texts.get(page);
    if (text === undefined) return [];
    const duplicates = summariesOf(context, folded);
    return showFused(context, words, fused, explain(fused), text, place >= plain, duplicates);
  });
  return sort === 'time' ? byTime(hits) : hits;
}

/** Those read last first, weak ones after the others. */
function byTime(hits: readonly Hit[]): Hit[] {
  return hits.toSorted(
    (a, b) => Number(a.isWeak) - Number(b.isWeak) || b.page.lastReadAt - a.page.lastReadAt,
  );
}

function recentPages(context: SearchContext, mask: Uint8Array | undefined): PageOrdinal[] {
  return [...context.pages.ordinals()]
    .filter((page) => mask === undefined || mask[page] === 1)
    .sort((a, b) => context.pages.lastReadAt(b) - context.pages.lastReadAt(a));
}

async function listPages(context: SearchContext, pages: readonly PageOrdinal[]): Promise<Hit[]> {
  const texts = await loadByPage(context, pages);
  return [...texts].map(([page, text]) => showListed(context, page, text));
}

async function findAddress(
  context: SearchContext,
  parsed: ParsedQuery,
  url: string,
  stages: StageClock,
): Promise<SearchResponse> {
  const id = await context.findPageByUrl(url);
  const page = id === null ? undefined : context.pages.ordinalOf(id);
  const hits = page === undefined ? [] : await listPages(context, [page]);
  stages.end('address');
  return {
    hits,
    problems: parsed.problems,
    searchedPages: context.pages.pageCount,
    timings: stages.timings,
  };
}
