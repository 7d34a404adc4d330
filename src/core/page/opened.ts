import type { PageId } from '../ids.ts';
import type { PageSummary } from '../search/types.ts';

/** What a person opens of a page that was found. */
export interface FoundPlace {
  readonly id: PageId;
  /** Of the passage that was found; null when the page itself was opened, at no passage. */
  readonly index: number | null;
  /** The stretch of it that the list showed; may be empty. */
  readonly text: string;
}

/**
 * How an opened page is not what was found: its text is another there, its site has it no more, or
 * no text came at all.
 */
export type OpenedState = 'changed' | 'gone' | 'not-shown';

/** An opened page as it was stored when it was found, beside what it is now. */
export interface OpenedText {
  readonly state: OpenedState;
  readonly page: PageSummary;
  /** Of the passage that was opened. */
  readonly index: number | null;
  readonly passages: readonly { readonly text: string; readonly heading?: string }[];
  /** The texts that were read there since; null when none were. */
  readonly now: readonly string[] | null;
}
