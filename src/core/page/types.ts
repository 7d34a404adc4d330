import type { PageKey, Timestamp } from '../ids.ts';

export const pageTypes = ['article', 'docs', 'thread', 'product', 'video', 'pdf', 'other'] as const;
export type PageType = (typeof pageTypes)[number];

export const blockKinds = ['heading', 'text', 'list', 'code', 'table', 'quote'] as const;
export type BlockKind = (typeof blockKinds)[number];

/** A block of a page's main text, in reading order. `text` has no markup; code keeps its line breaks. */
export interface TextBlock {
  readonly kind: BlockKind;
  readonly text: string;
  /** 1-based page of a paginated document (PDF). */
  readonly sheet?: number;
}

/** What the host hands to the engine: a page's main text with its metadata, ready to be read. */
export interface PageText {
  readonly key: PageKey;
  /** The address as it was visited, for opening the page again. */
  readonly url: string;
  readonly title: string;
  readonly blocks: readonly TextBlock[];
  /** BCP 47 language of the page as it says or as found; `und` when unknown. */
  readonly lang: string;
  readonly type: PageType;
  readonly readAt: Timestamp;
  /** The text was fetched for a page from before: that is no reading, and is not counted as one. */
  readonly isFetched?: boolean;
}

/** A contiguous piece of a page's text, the unit of retrieval. */
export interface Passage {
  readonly text: string;
  /** The nearest heading above it, when there is one. */
  readonly heading?: string;
  readonly sheet?: number;
}
