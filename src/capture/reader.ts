import { type AppError, asAppError } from '../core/errors.ts';
import { pageKey } from '../core/page/page-key.ts';
import type { PrivateReason } from '../core/page/state.ts';
import { fingerprint } from '../core/text/fingerprint.ts';
import type {
  ContentProtocol,
  OfferAnswer,
  Refusal,
  TabProtocol,
} from '../messaging/content-protocol.ts';
import { contentLimits } from '../messaging/content-protocol.ts';
import { canonicalOf } from './head.ts';
import { splitText } from './pieces.ts';
import { type Snapshot, type SnapshotTools, takeSnapshot } from './snapshot.ts';

/** Asks the background; rejects with an AppError. */
export type Ask = <M extends keyof ContentProtocol>(
  type: M,
  params: ContentProtocol[M]['params'],
) => Promise<ContentProtocol[M]['result']>;

export interface ReaderTools extends SnapshotTools {
  readonly page: Document;
  readonly address: () => string;
  /** How the site answered when the document was loaded; 0 when nobody knows. */
  readonly status: () => number;
  readonly ask: Ask;
  /** Runs a step later; a newer call replaces one that waits longer. */
  readonly schedule: (step: () => void, delayMs: number) => void;
}

/** Text is settled when nothing changed for this long … */
const quietMs = 600;
/** … or when it has not come to rest after this long. */
const restlessMs = 8000;
/** First wait before a changed page is read again; doubles each time, up to the last. */
const rereadMs = { first: 8000, last: 300_000 };
/** A copy with less text than this is tried again, later and with less left out. */
const nearlyEmptyLength = 120;
const emptyRetriesMs = [1500, 4000, 10_000];
const maxSendAttempts = 8;

type Stage = Awaited<TabProtocol['background-content:tell']['result']>['stage'];

/** One visit of one page: a load, a client-side navigation, a return from the back-forward cache. */
interface View {
  key: string;
  /** Canonical link at the time the view began; a later view must not inherit it. */
  canonicalIsOwn: boolean;
  /** How the site answered; of a view that the page made by itself nobody knows. */
  readonly status: number;
  /** Since when it can be seen; null while it cannot. */
  shownAt: number | null;
  visibleMs: number;
  begunAt: number;
  mayRead: boolean | null;
  dwellMs: number;
  isAsked: boolean;
  isDirty: boolean;
  emptyTries: number;
  nextRereadMs: number;
  readAt: number;
  sentHtml: number | null;
}

/**
 * Reads the page of one tab:
 *
 *   waiting ──visible for the dwell time, text settled──▶ reading ──▶ sent ──changed──▶ waiting
 *      │                                                     │
 *      └──paused, excluded, private──▶ refused               └──no text──▶ empty (tried again)
 *
 * Each client-side navigation and each return from the back-forward cache starts a new view.
 */
export interface PageReader {
  /** Something happened that may matter: a mutation, a navigation, the tab came to the front. */
  notice(event: 'mutation' | 'navigation' | 'visibility' | 'restored'): void;
  readNow(): void;
  tell(): TabProtocol['background-content:tell']['result'];
  stop(): void;
}

export function createPageReader(tools: ReaderTools): PageReader {
  const { page, ask, now } = tools;
  let stage: Stage = 'waiting';
  let why: TabProtocol['background-content:tell']['result']['why'] = null;
  let reasons: readonly PrivateReason[] = [];
  let lastMutation = now();
  let isBusy = false;
  /** Something happened while it was busy: it may have to do with another view. */
  let isWantedAgain = false;
  let isStopped = false;
  let view = newView(true, tools.status());

  function newView(canonicalIsOwn: boolean, status: number): View {
    const at = now();
    return {
      key: pageKey(tools.address()) ?? tools.address(),
      canonicalIsOwn,
      status,
      shownAt: isVisible() ? at : null,
      visibleMs: 0,
      begunAt: at,
      mayRead: null,
      dwellMs: 0,
      isAsked: false,
      isDirty: true,
      emptyTries: 0,
      nextRereadMs: rereadMs.first,
      readAt: 0,
      sentHtml: null,
    };
  }

  function begin(canonicalIsOwn: boolean, status: number): void {
    view = newView(canonicalIsOwn, status);
    lastMutation = now();
    stage = 'waiting';
    why = null;
    reasons = [];
  }

  function isVisible(): boolean {
    const isPrerendered = (page as Document & { prerendering?: boolean }).prerendering === true;
    return page.visibilityState === 'visible' && !isPrerendered;
  }

  function shownMs({ visibleMs, shownAt }: View): number {
    return visibleMs + (shownAt === null ? 0 : now() - shownAt);
  }

  function canonical(): string {
    return view.canonicalIsOwn ? canonicalOf(page).slice(0, contentLimits.urlLength) : '';
  }

  function wake(delayMs: number): void {
    if (!isStopped) tools.schedule(() => void step(), Math.max(0, delayMs));
  }

  function refuse(reason: Refusal, found: readonly PrivateReason[]): void {
    stage = 'refused';
    why = reason;
    reasons = found;
  }

  /** Decides what the view needs now, and when to look again. */
  async function step(): Promise<void> {
    if (isBusy) isWantedAgain = true;
    if (isBusy || isStopped) return;
    if ((pageKey(tools.address()) ?? tools.address()) !== view.key) {
      const named = canonicalOf(page);
      begin(named !== '' && pageKey(named) === pageKey(tools.address()), 0);
    }
    if (!isVisible() && !(view.mayRead === true && shownMs(view) >= view.dwellMs)) return;
    isBusy = true;
    try {
      await advance(view);
    } catch (thrown) {
      fail(asAppError(thrown, 'internal'));
    } finally {
      isBusy = false;
      if (isWantedAgain) wake(0);
      isWantedAgain = false;
    }
  }

  async function advance(current: View): Promise<void> {
    if (current.mayRead === null) {
      const answer = await ask('content-background:may-read', { url: tools.address() });
      current.mayRead = answer.mayRead;
      current.dwellMs = answer.dwellMs;
      if (!answer.mayRead && answer.why !== null) refuse(answer.why, []);
    }
    if (!current.mayRead || !current.isDirty) return;
    const at = now();
    const dwellLeft = current.isAsked ? 0 : current.dwellMs - shownMs(current);
    const rereadLeft = current.readAt === 0 ? 0 : current.readAt + current.nextRereadMs - at;
    const isRestless = at - Math.max(current.begunAt, current.readAt) > restlessMs;
    const quietLeft = isRestless || current.isAsked ? 0 : lastMutation + quietMs - at;
    const waitMs = Math.max(dwellLeft, rereadLeft, quietLeft);
    if (waitMs > 0) wake(waitMs);
    else await read(current);
  }

  async function read(current: View): Promise<void> {
    stage = 'reading';
    current.isDirty = false;
    const url = tools.address();
    let snapshot = await takeSnapshot(page, tools);
    if (snapshot.textLength < nearlyEmptyLength) snapshot = await takeSnapshot(page, tools, true);
    // The fingerprint of a long copy is a stretch of its own.
    await tools.pause();
    // Title and canonical link are asked of the page when it is sent, with no pause in between.
    if (tools.address() !== url || current !== view) return wake(quietMs);
    const isRead = current.readAt > 0;
    const { hasPasswordField, hasCardField, hasOneTimeCodeField } = snapshot.signals;
    const isForm = hasPasswordField || hasCardField || hasOneTimeCodeField;
    const isEmpty = snapshot.textLength < nearlyEmptyLength && !isForm;
    if (isEmpty && current.status < 400 && current.emptyTries < emptyRetriesMs.length) {
      // The text may still be on its way, unless the site says that there is none; a page that stays this short is offered at the last try.
      const delayMs = emptyRetriesMs[current.emptyTries] ?? 0;
      current.emptyTries += 1;
      current.isDirty = true;
      current.begunAt = now();
      stage = isRead ? 'sent' : 'waiting';
      if (!current.isAsked) return wake(delayMs);
    }
    const print = fingerprint(snapshot.html);
    if (print === current.sentHtml) {
      stage = 'sent';
    } else {
      await send(snapshot, url, current);
      current.sentHtml = print;
    }
    current.isAsked = false;
    if (isRead) current.nextRereadMs = Math.min(current.nextRereadMs * 2, rereadMs.last);
    current.readAt = now();
    if (current.isDirty) wake(current.nextRereadMs);
  }

  async function send(snapshot: Snapshot, url: string, current: View): Promise<void> {
    const pieces = splitText(snapshot.html, contentLimits.pieceLength);
    for (let attempt = 0; attempt < maxSendAttempts && !isStopped; attempt += 1) {
      const answer = await ask('content-background:offer-page', {
        url,
        title: page.title.slice(0, contentLimits.titleLength),
        canonical: canonical(),
        lang: (page.documentElement.lang ?? '').slice(0, 100),
        length: snapshot.html.length,
        pieces: pieces.length,
        signals: snapshot.signals,
        status: current.status,
        isAsked: current.isAsked,
      }).catch((thrown: unknown) => retryOrThrow(asAppError(thrown)));
      const retryMs = await follow(answer, pieces);
      if (retryMs === null) return;
      await new Promise<void>((resume) => setTimeout(resume, retryMs * (attempt + 1)));
    }
    stage = 'failed';
    why = 'busy';
  }

  /** Does what the answer says; milliseconds until the page may be offered again, null for done. */
  async function follow(answer: OfferAnswer, pieces: readonly string[]): Promise<number | null> {
    if (answer.answer === 'refused') {
      if (answer.retryMs !== null) return answer.retryMs;
      refuse(answer.why, answer.reasons);
      return null;
    }
    if (answer.answer === 'send') {
      for (const [index, text] of pieces.entries()) {
        try {
          const { retryMs } = await ask('content-background:send-piece', {
            transfer: answer.transfer,
            index,
            text,
          });
          if (retryMs !== null) return retryMs;
        } catch (thrown) {
          const again = retryOrThrow(asAppError(thrown));
          return again.retryMs;
        }
      }
    }
    stage = 'sent';
    why = null;
    return null;
  }

  /** The background died between two messages: the page is offered again from the start. */
  function retryOrThrow(error: AppError): Extract<OfferAnswer, { answer: 'refused' }> {
    const passing = ['host-gone', 'timeout', 'cancelled', 'engine-gone'];
    if (!passing.includes(error.code) || isStopped) throw error;
    return { answer: 'refused', why: 'busy', retryMs: 500, reasons: [] };
  }

  function fail(error: AppError): void {
    stage = 'failed';
    why = 'failed';
    // After an update of the extension the old content script has nobody to talk to: normal.
    if (/context invalidated/i.test(error.message)) isStopped = true;
    else console.warn(`Dejalu could not read this page: ${error.message}`);
  }

  return {
    notice(event) {
      const at = now();
      switch (event) {
        case 'mutation':
          lastMutation = at;
          view.isDirty = true;
          wake(view.readAt === 0 ? quietMs : view.readAt + view.nextRereadMs - at);
          return;
        case 'navigation':
          wake(0);
          return;
        case 'restored':
          begin(view.canonicalIsOwn, view.status);
          wake(0);
          return;
        case 'visibility':
          if (isVisible()) {
            view.shownAt ??= at;
            // A pause or a rule may have changed while the tab was away.
            if (view.mayRead === false) view.mayRead = null;
          } else if (view.shownAt !== null) {
            view.visibleMs += at - view.shownAt;
            view.shownAt = null;
          }
          wake(0);
      }
    },
    readNow() {
      view.isAsked = true;
      view.isDirty = true;
      view.mayRead = null;
      view.sentHtml = null;
      view.readAt = 0;
      wake(0);
    },
    tell: () => ({
      url: tools.address(),
      title: page.title,
      canonical: canonical(),
      stage,
      why,
      reasons,
      progress: null,
    }),
    stop() {
      isStopped = true;
    },
  };
}
