import type { PageKey, Timestamp } from '../core/ids.ts';
import type { FetchFailure } from '../core/page/fetching.ts';
import type { PrivateSignals } from '../core/page/private-rules.ts';
import type { Retention, RuleAction, RuleSettings } from '../core/page/settings.ts';
import type { PdfRefusal, PrivateReason, Progress } from '../core/page/state.ts';
import type { PageText } from '../core/page/types.ts';
import type { ReadReceipt } from '../engine/api.ts';
import type { PageEngineProtocol, PageSyncProtocol } from './protocol.ts';

/** A page as the background hands it to the host. */
export interface PageJob {
  readonly key: PageKey;
  readonly url: string;
  readonly title: string;
  readonly lang: string;
  readonly readAt: Timestamp;
  readonly signals: PrivateSignals;
  /** What `snapshot` holds: the flat copy of a page, or the text of a PDF as the host took it out. */
  readonly form: 'html' | 'pdf';
  /** HTML, or a PDF's text as JSON; gzipped, in base64. */
  readonly snapshot: string;
  readonly action: Exclude<RuleAction, 'never'>;
  /** The person has decided: pages that look private are stored all the same. */
  readonly isAllowed: boolean;
  /** How its site answered, 200 or 404; left out or 0 when nobody knows. */
  readonly status?: number;
  /** Its text was fetched; see {@link PageText.isFetched}. */
  readonly isFetched?: boolean;
}

/** What became of a page. */
export type HostOutcome =
  | { readonly outcome: 'stored'; readonly receipt: ReadReceipt }
  | { readonly outcome: 'held' | 'private'; readonly reasons: readonly PrivateReason[] }
  /** Its site answered with an error in place of a page that is stored, which stays as it was. */
  | { readonly outcome: 'empty' | 'error-page' };

/** A page as it is now: its text, or that its site has it no more, or that it could not be seen. */
export type PageNow =
  | { readonly state: 'there'; readonly texts: readonly string[] }
  | { readonly state: 'gone' | 'unknown' };

/** What came of fetching a page. */
export type FetchedPage = {
  /** How long its site wants to be left alone between two requests, in milliseconds; 0: unsaid. */
  readonly crawlDelayMs: number;
} & (
  | ({
      readonly state: 'fetched';
      /** Where it was found in the end. */
      readonly url: string;
      readonly canonical: string;
    } & Pick<PageJob, 'title' | 'lang' | 'signals' | 'form' | 'snapshot'>)
  | { readonly state: 'failed'; readonly why: FetchFailure }
  /** May be asked again, after this many milliseconds where the site says so. */
  | { readonly state: 'later'; readonly why: FetchFailure; readonly afterMs: number | null }
);

/** What a look at a PDF that is being read finds. */
export type PdfSlice =
  | ({ readonly state: 'reading' } & Progress)
  /** Its text as {@link PageJob.snapshot} holds it; the host keeps nothing of it any more. */
  | { readonly state: 'read'; readonly title: string; readonly snapshot: string }
  | { readonly state: 'refused'; readonly why: PdfRefusal };

/** What the background asks of the host, beside what it passes on from the pages. */
export interface HostProtocol extends PageEngineProtocol, PageSyncProtocol {
  'background-host:read-page': { params: PageJob; result: HostOutcome };
  /** Looks at a page as it is now. Stores nothing. */
  'background-host:page-now': { params: { url: string }; result: PageNow };
  /** Asks a site for a page, unless its robots.txt says no. Stores nothing. */
  'background-host:fetch-page': {
    params: { url: string; withCookies: boolean };
    result: FetchedPage;
  };
  /**
   * Begins with a PDF of a tab. Its bytes come in pieces, or the host fetches a file of the disk
   * itself. Null when too many are under way.
   */
  'background-host:open-pdf': {
    params: { tabId: number; lengthBytes: number; fileUrl: string | null };
    result: { transfer: string | null };
  };
  /** The next bytes, in base64. */
  'background-host:pdf-piece': {
    params: { transfer: string; tabId: number; index: number; data: string };
    result: null;
  };
  /** Reads some more of a PDF whose bytes are here. */
  'background-host:read-pdf': { params: { transfer: string; tabId: number }; result: PdfSlice };
  /** Idle work of the engine. */
  'background-host:maintain': { params: { retention: Retention }; result: { isDone: boolean } };
  /** Lets sync go on, with the rules that say what it may never send. */
  'background-host:wake-sync': { params: RuleSettings; result: null };
}
