import type { Timestamp } from '../ids.ts';
import type { PdfRefusal } from './state.ts';

/** Why the text of a page from before was not fetched. */
export const fetchFailures = [
  'robots', // the site's robots.txt asks not to
  'not-found',
  'not-allowed', // the site wants a sign-in, or refuses
  'site-failed', // the site answered with an error, or asked to come later too often
  'not-reached',
  'timeout',
  'too-large',
  'not-a-page', // neither HTML nor PDF
  'empty',
  'private',
  'excluded',
  'pdf-encrypted',
  'pdf-damaged',
  'pdf-no-text',
  'failed', // a fault of ours
] as const satisfies readonly (string | `pdf-${PdfRefusal}`)[];
export type FetchFailure = (typeof fetchFailures)[number];

/** A page that was not fetched. */
export interface FailedFetch {
  readonly url: string;
  readonly why: FetchFailure;
}

/** What is being fetched, as the person sees it. */
export interface FetchStatus {
  readonly state: 'none' | 'running' | 'paused' | 'done';
  readonly total: number;
  readonly stored: number;
  /** Pages whose text was here already; nothing was asked for. */
  readonly known: number;
  readonly failedCount: number;
  /** The latest of those that failed, latest first. */
  readonly failures: readonly FailedFetch[];
  /** When the next request may be made, where a site asked to come later; null otherwise. */
  readonly waitsUntil: Timestamp | null;
}

/** What a person may do about it. `stop` ends it; `clear` takes the result away. */
export const fetchActions = ['pause', 'resume', 'stop', 'clear'] as const;
export type FetchAction = (typeof fetchActions)[number];

/** An address whose text is wanted. */
export interface WantedPage {
  readonly url: string;
  readonly title: string;
  /** When it was visited or added; null when nobody knows. */
  readonly at: Timestamp | null;
}
