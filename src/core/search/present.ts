import type { PageOrdinal } from '../ids.ts';
import type { SearchContext, StoredText } from './context.ts';
import { type Explanation, sharesOf } from './explain.ts';
import type { Fused } from './fuse.ts';
import { beginningsOf, makeSnippet, type QueryWords, type TokenShares } from './snippet.ts';
import { openUrlAt, openUrlAtSheet } from './text-fragment.ts';
import type { Hit, PageSummary, ScoreParts } from './types.ts';

/** What a list shows of a page. */
function summaryOf(
  { pages }: SearchContext,
  page: PageOrdinal,
  { title, url }: Pick<StoredText, 'title' | 'url'>,
): PageSummary {
  return { ...pages.row(page), title, url };
}

/** What a list shows of pages folded under another, which needs no text of theirs. */
export function summariesOf(context: SearchContext, pages: readonly PageOrdinal[]): PageSummary[] {
  return pages.flatMap((page) => {
    const head = context.pages.has(page) ? context.headOf(page) : null;
    return head === null ? [] : [summaryOf(context, page, head)];
  });
}

/** The texts of the pages that are still here. */
export async function loadByPage(
  context: SearchContext,
  pages: readonly PageOrdinal[],
): Promise<ReadonlyMap<PageOrdinal, StoredText>> {
  const texts = await context.loadTexts(pages);
  return new Map(
    pages.flatMap((page, index) => {
      const text = texts[index];
      return text == null || !context.pages.has(page) ? [] : [[page, text]];
    }),
  );
}

interface Shown {
  readonly page: PageOrdinal;
  readonly text: StoredText;
  readonly passageIndex: number;
  readonly score: number;
  readonly parts: ScoreParts;
  readonly isWeak: boolean;
  readonly nearDuplicates: readonly PageSummary[];
  /** How much of its score each token carries, where it was ranked by a query. */
  readonly shares?: TokenShares;
}

/** A hit with its snippet around the evidence and the link that opens there. */
export function showHit(context: SearchContext, query: QueryWords, shown: Shown): Hit {
  const { text, passageIndex } = shown;
  const passage = text.passages[passageIndex] ?? { text: '' };
  const { snippet, at } = makeSnippet(context, query, passage.text, shown.shares);
  const pageText = text.passages.map((one) => one.text).join('\n');
  return {
    page: summaryOf(context, shown.page, text),
    passageIndex,
    ...(passage.heading === undefined ? {} : { heading: passage.heading }),
    snippet,
    score: shown.score,
    parts: shown.parts,
    isWeak: shown.isWeak,
    nearDuplicates: shown.nearDuplicates,
    openUrl:
      passage.sheet === undefined
        ? openUrlAt(text.url, passage.text, at, pageText)
        : openUrlAtSheet(text.url, passage.sheet),
  };
}

/** A fused candidate as a hit, at the passage where its query tokens are met best. */
export function showFused(
  context: SearchContext,
  words: QueryWords,
  fused: Fused,
  explanation: Explanation,
  text: StoredText,
  isWeak: boolean,
  nearDuplicates: readonly PageSummary[],
): Hit {
  const { candidate, parts, score } = fused;
  return showHit(context, words, {
    page: candidate.page,
    text,
    passageIndex: candidate.lateBestPassage,
    score,
    parts,
    isWeak,
    nearDuplicates,
    shares: sharesOf(explanation),
  });
}

/** A hit of a list without a query: the page's beginning, nothing marked. */
export function showListed(context: SearchContext, page: PageOrdinal, text: StoredText): Hit {
  const nothing = { dense: null, lexical: null, late: null, prior: 0 };
  const none: QueryWords = {
    ids: new Uint32Array(0),
    weights: new Float32Array(0),
    wordOf: [],
    terms: new Set(),
    beginnings: beginningsOf([]),
  };
  const hit = showHit(context, none, {
    page,
    text,
    passageIndex: 0,
    score: 0,
    parts: nothing,
    isWeak: false,
    nearDuplicates: [],
  });
  return { ...hit, openUrl: text.url };
}
