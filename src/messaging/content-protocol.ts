import type { PrivateSignals } from '../core/page/private-rules.ts';
import type { NotReadableReason, PdfRefusal, PrivateReason, Progress } from '../core/page/state.ts';

/** Limits of what a content script may send; a message stays under 256 KB of JSON. */
export const contentLimits = {
  urlLength: 8192,
  titleLength: 2048,
  /** UTF-16 units of one piece; 3 bytes each at most in UTF-8, so 192 KB. */
  pieceLength: 64 * 1024,
  /** UTF-16 units of a whole snapshot. */
  snapshotLength: 4 * 1024 * 1024,
  /** Bytes of a PDF. */
  pdfBytes: 64 * 1024 * 1024,
  /** Bytes of one of its pieces; in base64 as long as a piece of text. */
  pdfPieceBytes: 48 * 1024,
} as const;

/** Why a page that was offered is not taken; `busy` ones are asked to come again. */
export type Refusal =
  | 'paused'
  | 'excluded'
  | 'private'
  | 'held'
  | 'incognito'
  | 'not-web'
  | 'unchanged'
  | 'busy';

/** What the page offers, before any of its text is sent. */
export interface PageOffer {
  readonly url: string;
  readonly title: string;
  readonly canonical: string;
  readonly lang: string;
  /** UTF-16 units of the snapshot that would follow. */
  readonly length: number;
  readonly pieces: number;
  readonly signals: PrivateSignals;
  /** How the site answered when the page was loaded, 200 or 404; 0 when nobody knows. */
  readonly status: number;
  /** The person asked for this page, so dwell time and change limits were passed over. */
  readonly isAsked: boolean;
}

export type OfferAnswer =
  | { readonly answer: 'send'; readonly transfer: string }
  | { readonly answer: 'done' }
  | {
      readonly answer: 'refused';
      readonly why: Refusal;
      readonly retryMs: number | null;
      readonly reasons: readonly PrivateReason[];
    };

/** What became of a slice of a PDF. `busy` and `host-gone` ones are offered again. */
export type PdfAnswer =
  | ({ readonly state: 'reading' } & Progress)
  | { readonly state: 'queued' }
  | {
      readonly state: 'refused';
      readonly why: Refusal | `pdf-${PdfRefusal}`;
      readonly retryMs: number | null;
      readonly reasons: readonly PrivateReason[];
    };

/** What a content script may ask; nothing else of the product can be reached from a page. */
export interface ContentProtocol {
  /** Asked once a page is visible: may it be read, and after how long? */
  'content-background:may-read': {
    params: { url: string };
    result: { mayRead: boolean; why: Refusal | null; dwellMs: number };
  };
  'content-background:offer-page': { params: PageOffer; result: OfferAnswer };
  /** One piece of the snapshot; the last one's answer comes when the page is safely queued. */
  'content-background:send-piece': {
    params: { transfer: string; index: number; text: string };
    result: { isQueued: boolean; retryMs: number | null };
  };
  /** The PDF that the browser shows in this tab. `lengthBytes` is 0 for a file of the disk. */
  'content-background:offer-pdf': {
    params: { url: string; lengthBytes: number };
    result: OfferAnswer;
  };
  /** One piece of its bytes, in base64. */
  'content-background:send-pdf-piece': {
    params: { transfer: string; index: number; data: string };
    result: null;
  };
  /** Reads some more sheets; asked again until it is queued or refused. */
  'content-background:read-pdf': {
    params: { transfer: string; url: string };
    result: PdfAnswer;
  };
}

/** What the content script of a tab answers. */
export interface TabProtocol {
  'background-content:tell': {
    params: null;
    result: {
      url: string;
      title: string;
      canonical: string;
      stage: 'waiting' | 'reading' | 'sent' | 'refused' | 'empty' | 'failed';
      why: Refusal | NotReadableReason | null;
      reasons: readonly PrivateReason[];
      progress: Progress | null;
    };
  };
  /** The page may have another address now. Which one is for the content script to see. */
  'background-content:address-changed': { params: null; result: null };
  /** Reads the page now. */
  'background-content:read-now': { params: null; result: null };
}
