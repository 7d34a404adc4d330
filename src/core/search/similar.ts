import { AppError } from '../errors.ts';
import type { Embedding, PageOrdinal } from '../ids.ts';
import type { PageMask } from '../index/scan-kernel.ts';
import type { TokenIds } from '../model/types.ts';
import { splitPassages } from '../text/passages.ts';
import { standardise } from './calibration.ts';
import type { SearchContext } from './context.ts';
import { coarseScan, type DenseScores, withoutScript } from './dense.ts';
import { foldDuplicates } from './duplicates.ts';
import { acceptPages } from './filter-pages.ts';
import { idsOfTexts, joined, type PageTokens } from './page-tokens.ts';
import { StageClock } from './pipeline.ts';
import { loadByPage, showHit, summariesOf } from './present.ts';
import { defaultRanking } from './ranking.ts';
import { scriptGroupOfText } from './script-group.ts';
import { queryWords } from './snippet.ts';
import { spreadSites } from './spread-sites.ts';
import type { Hit, SearchResponse, SimilarRequest } from './types.ts';

/** Passages of the source that ask, spread over it; a page about two things asks for both. */
const maxPassages = 12;
/** Pages whose text is read. */
const maxCandidates = 60;
/** Deviations above the background from which a page is honestly similar, and its least cosine. */
const minDeviations = 2.5;
const minCosine = 0.35;
/** Passages of one site that are nearly the same are its boilerplate, not a likeness. */
const boilerplateCosine = 0.97;
/** What likeness to an example of what is not meant takes away, beside a likeness of the same size. */
const againstWeight = 0.5;

interface Source {
  readonly text: string;
  /** Its script group. */
  readonly group: string;
  /** The site of the page it is from. */
  readonly site?: string;
  readonly embedding: Embedding;
}

interface Candidate {
  readonly page: PageOrdinal;
  readonly passageIndex: number;
  readonly source: Source;
  readonly cosine: number;
  /** Best likeness, plus a little for each further passage of the source that it answers. */
  readonly score: number;
}

/**
 * Finds pages like a page, a text, or both; the page itself is left out. Each passage of the source
 * asks by itself; a page's score is that of its best pair of passages, in deviations above the
 * background of that passage. Pages below the threshold are not shown: the list may be empty.
 * @throws AppError `bad-request` when neither is given or the page is not here
 */
export async function findSimilar(
  context: SearchContext,
  request: SimilarRequest,
): Promise<SearchResponse> {
  const stages = new StageClock(context.clock);
  const { sources, own } = await sourcesOf(context, request);
  stages.end('encode');
  const nothing = { filters: {}, titleWords: [], without: [] };
  const accepted = acceptPages(context.pages, context.lexical, nothing, request.filters);
  const mask = accepted.mask?.slice() ?? new Uint8Array(context.pages.length).fill(1);
  if (own !== undefined) mask[own] = 0;
  const hits = await rankSimilar(context, { sources, against: [] }, mask, request.limit, stages);
  return { hits, problems: [], searchedPages: accepted.count, timings: stages.timings };
}

/**
 * Finds pages like some pages and not like others, by their passages: each passage of an example
 * asks by itself, so that examples about several things find pages on each. A page nearer to an
 * example of what is not meant than to any of the others is not shown.
 * @param mask pages that may be found; the examples are not among them
 */
export async function findLike(
  context: SearchContext,
  examples: { readonly like: readonly PageOrdinal[]; readonly unlike: readonly PageOrdinal[] },
  mask: PageMask | undefined,
  limit: number,
  stages: StageClock,
): Promise<Hit[]> {
  const sources = await passagesOf(context, examples.like);
  const against = await passagesOf(context, examples.unlike);
  stages.end('encode');
  return rankSimilar(context, { sources, against }, mask, limit, stages);
}

/** Passages of several pages, as many of each. */
async function passagesOf(
  context: SearchContext,
  pages: readonly PageOrdinal[],
): Promise<Source[]> {
  const each = Math.max(1, Math.floor(maxPassages / Math.max(1, pages.length)));
  const all = await Promise.all(pages.map((page) => sourcesOfPage(context, page)));
  return all.flatMap((sources) => spread(sources ?? [], each));
}

interface Question {
  readonly sources: readonly Source[];
  /** Passages like those that are not meant. */
  readonly against: readonly Source[];
}

async function rankSimilar(
  context: SearchContext,
  { sources, against }: Question,
  mask: PageMask | undefined,
  limit: number,
  stages: StageClock,
): Promise<Hit[]> {
  const found = new Map<PageOrdinal, number>();
  const scanOf = (source: Source) =>
    coarseScan(context, source.embedding, source.group, defaultRanking, mask);
  const scans = sources.map(scanOf);
  const scansAgainst = against.map(scanOf);
  for (const scan of scans) {
    for (const [page, estimate] of scan.estimates) {
      const z = standardise(withoutScript(context, scan, page, estimate), scan.background);
      if (z > (found.get(page) ?? 0)) found.set(page, z);
    }
  }
  stages.end('scan');
  await context.checkpoint();
  const pages = [...found]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, maxCandidates)
    .map(([page]) => page);
  const loaded = await context.loadTokens(pages);
  const candidates = pages.flatMap((page, index) => {
    const tokens = loaded[index];
    if (tokens == null || !context.pages.has(page)) return [];
    const embeddings = embeddingsOf(context, tokens);
    const one = compare(context, page, embeddings, sources, scans);
    const other = compare(context, page, embeddings, against, scansAgainst);
    if (one === undefined || one.score <= (other?.score ?? 0)) return [];
    return { ...one, score: one.score - againstWeight * (other?.score ?? 0) };
  });
  stages.end('rescore');
  await context.checkpoint();
  candidates.sort((a, b) => b.score - a.score || a.page - b.page);
  const hits = await arrange(context, candidates, limit);
  stages.end('present');
  return hits;
}

function spread<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from(
    { length: limit },
    (_, i) => items[Math.floor((i * items.length) / limit)] as T,
  );
}

async function sourcesOf(
  context: SearchContext,
  { pageId, text }: SimilarRequest,
): Promise<{ sources: Source[]; own?: PageOrdinal }> {
  if (pageId === undefined && (text ?? '').trim() === '') {
    throw new AppError('bad-request', 'Similar pages need a page or a text to be similar to.');
  }
  const passages = text === undefined ? [] : splitPassages([{ kind: 'text', text }]);
  const sources = passages.flatMap((passage) =>
    sourceOf(context, passage.text, context.model.tokenizer.encode(passage.text)),
  );
  if (pageId === undefined) return { sources: spread(sources, maxPassages) };
  const own = context.pages.ordinalOf(pageId);
  const ofPage = own === undefined ? undefined : await sourcesOfPage(context, own);
  if (own === undefined || ofPage === undefined) {
    throw new AppError('bad-request', `Page ${pageId} is not among the pages read.`);
  }
  return { sources: spread([...sources, ...ofPage], maxPassages), own };
}

/** A passage that asks; none without a word that the model knows. */
function sourceOf(
  { encoder }: SearchContext,
  text: string,
  ids: TokenIds,
  site?: string,
): readonly Source[] {
  const embedding = encoder.embed(ids);
  if (embedding.every((value) => value === 0)) return [];
  const group = scriptGroupOfText(text);
  return [{ text, group, embedding, ...(site === undefined ? {} : { site }) }];
}

/** The passages of a page; `undefined` when it is not there any more. */
async function sourcesOfPage(
  context: SearchContext,
  page: PageOrdinal,
): Promise<Source[] | undefined> {
  const [[stored], [tokens]] = await Promise.all([
    context.loadTexts([page]),
    context.loadTokens([page]),
  ]);
  if (stored == null || tokens == null || !context.pages.has(page)) return undefined;
  const { site } = context.pages.row(page);
  const { title, passages } = idsOfTexts(tokens);
  return passages.flatMap((ids, index) => {
    const text = `${stored.title}. ${stored.passages[index]?.text ?? ''}`;
    return sourceOf(context, text, joined(title, ids), site);
  });
}

function embeddingsOf(context: SearchContext, tokens: PageTokens): Embedding[] {
  const { title, passages } = idsOfTexts(tokens);
  return passages.map((ids) => context.encoder.embed(joined(title, ids)));
}

/** The best pair of passages of the sources and a page; `undefined` below the threshold. */
function compare(
  context: SearchContext,
  page: PageOrdinal,
  embeddings: readonly Embedding[],
  sources: readonly Source[],
  scans: readonly DenseScores[],
): Candidate | undefined {
  const { site } = context.pages.row(page);
  let best: Candidate | undefined;
  let answered = 0;
  sources.forEach((source, s) => {
    const scan = scans[s] as DenseScores;
    let ofSource = Number.NEGATIVE_INFINITY;
    embeddings.forEach((embedding, passageIndex) => {
      let cosine = 0;
      for (let d = 0; d < embedding.length; d++) {
        cosine += (embedding[d] as number) * (source.embedding[d] as number);
      }
      if (source.site === site && cosine > boilerplateCosine) return;
      const score = standardise(withoutScript(context, scan, page, cosine), scan.background);
      ofSource = Math.max(ofSource, score);
      if (cosine >= minCosine && score >= minDeviations && score > (best?.score ?? 0)) {
        best = { page, passageIndex, source, cosine, score };
      }
    });
    if (ofSource >= minDeviations) answered += ofSource;
  });
  if (best === undefined) return undefined;
  return { ...best, score: best.score + (0.25 * answered) / sources.length };
}

/** Best first, near-duplicates folded, and no site filling the list while others wait. */
async function arrange(
  context: SearchContext,
  candidates: readonly Candidate[],
  limit: number,
): Promise<Hit[]> {
  const byPage = new Map(candidates.map((candidate) => [candidate.page, candidate]));
  const folded = foldDuplicates(context.codes, [...byPage.keys()], candidates.length);
  const spread = spreadSites(folded, ({ page }) => context.pages.row(page).site);
  const shown = spread.slice(0, limit);
  const texts = await loadByPage(
    context,
    shown.map(({ page }) => page),
  );
  return shown.flatMap(({ page, folded: others }) => {
    const candidate = byPage.get(page);
    const text = texts.get(page);
    if (candidate === undefined || text === undefined) return [];
    const { passageIndex, source, score } = candidate;
    return showHit(context, queryWords(context, source.text), {
      page,
      text,
      passageIndex,
      score,
      parts: { dense: score, lexical: null, late: null, prior: 0 },
      isWeak: false,
      nearDuplicates: summariesOf(context, others),
    });
  });
}
