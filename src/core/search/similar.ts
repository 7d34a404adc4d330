import { AppError } from '../errors.ts';
import type { Embedding, PageOrdinal } from '../ids.ts';
import type { TokenIds } from '../model/types.ts';
import { splitPassages } from '../text/passages.ts';
import { standardise } from './calibration.ts';
import type { PageTokens, SearchContext } from './context.ts';
import { coarseScan, type DenseScores, withoutScript } from './dense.ts';
import { foldDuplicates } from './duplicates.ts';
import { acceptPages } from './filter-pages.ts';
import { joined } from './page-tokens.ts';
import { StageClock } from './pipeline.ts';
import { loadByPage, showHit, summaryOf } from './present.ts';
import { defaultRanking } from './ranking.ts';
import { scriptGroupOfText } from './script-group.ts';
import { queryWords } from './snippet.ts';
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
/** Hits that one site may have before pages of other sites come first. */
const maxOfOneSite = 3;

interface Source {
  readonly text: string;
  /** Its script group. */
  readonly group: string;
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
  const nothing = { filters: {}, titleWords: [], phrases: [], without: [] };
  const accepted = acceptPages(context.pages, context.lexical, nothing, request.filters);
  const mask = accepted.mask?.slice() ?? new Uint8Array(context.pages.length).fill(1);
  if (own !== undefined) mask[own] = 0;
  const found = new Map<PageOrdinal, number>();
  const scans = sources.map((source) =>
    coarseScan(context, source.embedding, source.group, defaultRanking, mask),
  );
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
  const ownSite = own === undefined ? undefined : context.pages.row(own).site;
  const candidates = pages.flatMap((page, index) => {
    const tokens = loaded[index];
    if (tokens == null || !context.pages.has(page)) return [];
    const isSameSite = ownSite !== undefined && context.pages.row(page).site === ownSite;
    return compare(context, page, tokens, sources, scans, isSameSite) ?? [];
  });
  stages.end('rescore');
  await context.checkpoint();
  candidates.sort((a, b) => b.score - a.score || a.page - b.page);
  const hits = await arrange(context, candidates, request.limit);
  stages.end('present');
  return { hits, problems: [], searchedPages: accepted.count, timings: stages.timings };
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
  const { model, encoder } = context;
  if (pageId === undefined && (text ?? '').trim() === '') {
    throw new AppError('bad-request', 'Similar pages need a page or a text to be similar to.');
  }
  const sources: Source[] = [];
  const add = (words: string, ids: TokenIds) => {
    const embedding = encoder.embed(ids);
    if (embedding.some((value) => value !== 0))
      sources.push({ text: words, group: scriptGroupOfText(words), embedding });
  };
  for (const passage of text === undefined ? [] : splitPassages([{ kind: 'text', text }])) {
    add(passage.text, model.tokenizer.encode(passage.text));
  }
  if (pageId === undefined) return { sources: spread(sources, maxPassages) };
  const own = context.pages.ordinalOf(pageId);
  const asked = own === undefined ? [] : [own];
  const [[stored], [tokens]] = await Promise.all([
    context.loadTexts(asked),
    context.loadTokens(asked),
  ]);
  if (own === undefined || stored == null || tokens == null) {
    throw new AppError('bad-request', `Page ${pageId} is not among the pages read.`);
  }
  tokens.passages.forEach((ids, index) => {
    add(`${stored.title}. ${stored.passages[index]?.text ?? ''}`, joined(tokens.title, ids));
  });
  return { sources: spread(sources, maxPassages), own };
}

/** The best pair of passages of the source and a page; `undefined` below the threshold. */
function compare(
  context: SearchContext,
  page: PageOrdinal,
  { title, passages }: PageTokens,
  sources: readonly Source[],
  scans: readonly DenseScores[],
  isSameSite: boolean,
): Candidate | undefined {
  const embeddings = passages.map((ids) => context.encoder.embed(joined(title, ids)));
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
      if (isSameSite && cosine > boilerplateCosine) return;
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
  const first: typeof folded = [];
  const later: typeof folded = [];
  const ofSite = new Map<string, number>();
  for (const head of folded) {
    const { site } = context.pages.row(head.page);
    const count = (ofSite.get(site) ?? 0) + 1;
    ofSite.set(site, count);
    (count > maxOfOneSite ? later : first).push(head);
  }
  const shown = [...first, ...later].slice(0, limit);
  const texts = await loadByPage(
    context,
    shown.flatMap(({ page, folded: others }) => [page, ...others]),
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
      nearDuplicates: others.flatMap((other) => {
        const own = texts.get(other);
        return own === undefined ? [] : [summaryOf(context, other, own)];
      }),
    });
  });
}
