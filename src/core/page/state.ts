import type { PageKey, Timestamp } from '../ids.ts';
import type { PageSummary } from '../search/types.ts';
import type { Pause, SiteRule } from './settings.ts';

/** Why a page looks private. Words for people are the interface's; these are stable names. */
export const privateReasons = [
  'incognito',
  'container', // a container tab whose name says it is private
  'password-field',
  'card-field',
  'one-time-code',
  'login-address',
  'secret-address', // a token, key or code in the URL
  'bank-address',
  'health-address',
  'mail-address',
  'messages-address',
  'account-address',
  'not-archived', // the page asks not to be indexed or archived
  'bank-words',
  'health-words',
  'mail-words',
  'secret-words', // keys or card numbers in the text
  'bank-meaning', // what the model says of its text
  'health-meaning',
  'mail-meaning',
] as const;
export type PrivateReason = (typeof privateReasons)[number];

/** Why a PDF has no text to keep. `no-text`: a scan, whose words are pictures. */
export const pdfRefusals = ['encrypted', 'damaged', 'too-large', 'no-text'] as const;
export type PdfRefusal = (typeof pdfRefusals)[number];

/** How far long work has come: `done` of `total` sheets or pages. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Why a page cannot be read at all. */
export type NotReadableReason =
  | 'no-tab'
  | 'browser-page' // not http(s), or a page where extensions may not run
  | 'needs-reload' // opened before the extension was installed or updated
  | 'asleep' // its tab was discarded to save memory; it is loaded anew when it is looked at
  | 'incognito'
  | 'private' // surely private: never stored
  | 'empty'
  | `pdf-${PdfRefusal}`
  | 'failed';

/** A page that waits for the person's word. Its text is kept in memory only, never on the disk. */
export interface HeldPage {
  readonly key: PageKey;
  readonly url: string;
  readonly title: string;
  readonly site: string;
  readonly reasons: readonly PrivateReason[];
  readonly heldAt: Timestamp;
  /** When it leaves by itself. */
  readonly until: Timestamp;
  /** Whether its text is still at hand; otherwise it is read at the next visit. */
  readonly hasText: boolean;
}

/** `always`, `never`: a rule for its site is made too. `once`: this page, this time. */
export const heldDecisions = ['always', 'never', 'once'] as const;
export type HeldDecision = (typeof heldDecisions)[number];

/** What Dejalu does with the page of a tab. */
export type PageState =
  | { readonly state: 'stored'; readonly page: PageSummary }
  | { readonly state: 'reading'; readonly progress?: Progress }
  | { readonly state: 'held'; readonly held: HeldPage }
  | { readonly state: 'excluded'; readonly rule: SiteRule; readonly isDefaultRule: boolean }
  | { readonly state: 'paused'; readonly pause: Pause }
  | {
      readonly state: 'not-readable';
      readonly reason: NotReadableReason;
      readonly privateReasons: readonly PrivateReason[];
    };

/** A tab's page with its state. `url` and `title` are empty when the tab cannot be asked. */
export interface TabPage {
  readonly tabId: number | null;
  readonly url: string;
  readonly title: string;
  /** Null when the tab shows no web page. */
  readonly key: PageKey | null;
  readonly state: PageState;
}
