import type { PageId, Timestamp } from '../ids.ts';
import type { PageType } from '../page/types.ts';

/** What a list shows of a page. */
export interface PageSummary {
  readonly id: PageId;
  readonly url: string;
  readonly title: string;
  /** Host name without `www.`. */
  readonly site: string;
  readonly lang: string;
  readonly type: PageType;
  readonly firstReadAt: Timestamp;
  readonly lastReadAt: Timestamp;
  readonly readCount: number;
  readonly wordCount: number;
  readonly passageCount: number;
  readonly isPinned: boolean;
}

/** Limits a search to some pages. Several values of one field are alternatives. */
export interface Filters {
  readonly sites?: readonly string[];
  readonly notSites?: readonly string[];
  /** Last read at or after. */
  readonly after?: Timestamp;
  /** Last read before. */
  readonly before?: Timestamp;
  /** Primary language subtags: `en`, `ko`. */
  readonly langs?: readonly string[];
  readonly types?: readonly PageType[];
  readonly isPinned?: boolean;
  readonly isReadAgain?: boolean;
  /** Only these pages. */
  readonly pages?: readonly PageId[];
}

export interface SearchRequest {
  /** As typed, operators included. */
  readonly query: string;
  /** 1 to 200 hits. */
  readonly limit: number;
  readonly filters?: Filters;
  readonly sort?: 'best' | 'relevance' | 'time';
  /** More like these, less like those. */
  readonly like?: readonly PageId[];
  readonly unlike?: readonly PageId[];
  /** A newer request of the same client supersedes the older one. */
  readonly client?: string;
}

/** Asks for pages like a page, a text, or both; the page itself is left out. */
export interface SimilarRequest {
  readonly pageId?: PageId;
  /** A selection or a page that is not stored. */
  readonly text?: string;
  readonly limit: number;
  readonly filters?: Filters;
  readonly client?: string;
}

/** A marked stretch of a snippet: UTF-16 offsets into its text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  /** `exact`: the query's own term. `near`: a word of near meaning. */
  readonly kind: 'exact' | 'near';
  /** Part of the hit's evidence this word carries, 0 to 1. */
  readonly share: number;
  /** The query word it met. */
  readonly met: string;
}

export interface Snippet {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly startsInside: boolean;
  readonly endsInside: boolean;
}

/** The channels of a score. `null`: the channel has no evidence to give, which is not bad evidence. */
export interface ScoreParts {
  readonly dense: number | null;
  readonly lexical: number | null;
  readonly late: number | null;
  readonly prior: number;
}

export interface Hit {
  readonly page: PageSummary;
  /** 0-based index of the best passage among the page's passages. */
  readonly passageIndex: number;
  readonly heading?: string;
  readonly snippet: Snippet;
  readonly score: number;
  readonly parts: ScoreParts;
  /** Below the calibrated divider. */
  readonly isWeak: boolean;
  /** Pages nearly the same, folded under this one. */
  readonly nearDuplicates: readonly PageSummary[];
  /** The page's address with a text fragment that opens it at the passage. */
  readonly openUrl: string;
}

/**
 * What can be wrong with a query: an operator without a value; one that cannot be negated; a value
 * that is no site, no language, no kind of page, no date; a time that ends before it begins; quotation
 * marks left open, or with nothing inside.
 */
export type QueryProblemCode =
  | 'no-value'
  | 'not-negatable'
  | 'bad-site'
  | 'bad-language'
  | 'bad-type'
  | 'bad-date'
  | 'empty-time'
  | 'open-quote'
  | 'empty-quote';

/** A mistake in the query, with its place, for a clear message. UTF-16 offsets. */
export interface QueryProblem {
  readonly start: number;
  readonly end: number;
  readonly code: QueryProblemCode;
  /** The operator without its colon; empty for quotation marks. */
  readonly operator: string;
  /** The operator's value as written; may be empty. */
  readonly value: string;
}

/** Milliseconds by stage of one search. */
export type StageTimings = Readonly<Record<string, number>>;

export interface SearchResponse {
  readonly hits: readonly Hit[];
  readonly problems: readonly QueryProblem[];
  /** Pages that passed the filters. */
  readonly searchedPages: number;
  readonly timings: StageTimings;
}
