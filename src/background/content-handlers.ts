import { AppError } from '../core/errors.ts';
import { isFileAddress, pageKey, siteOf, withoutFragment } from '../core/page/page-key.ts';
import { readContentParams } from '../messaging/content-params.ts';
import type { ContentProtocol, OfferAnswer, PageOffer } from '../messaging/content-protocol.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { PageJob } from '../messaging/host-protocol.ts';
import type { MessageServer } from '../messaging/server.ts';
import { packText } from '../platform/gzip.ts';
import type { Sender } from '../platform/sender.ts';
import type { Answers } from './answers.ts';
import { type GateAnswer, passGate } from './gate.ts';
import { type IconState, showIcon } from './icon.ts';
import type { OpenedPages } from './opened-pages.ts';
import type { PageQueue } from './queue.ts';
import type { SettingsStore } from './settings-store.ts';
import type { Transfers } from './transfers.ts';
import type { Tray } from './tray.ts';

export interface ContentTools {
  readonly settings: SettingsStore;
  readonly queue: PageQueue;
  readonly tray: Tray;
  readonly opened: Pick<OpenedPages, 'landed'>;
  readonly transfers: Transfers;
  readonly answers: Pick<Answers, 'asksNotToBeKept'>;
  readonly now: () => number;
  readonly isPrivateContainer: (containerId: string | null) => Promise<boolean>;
  readonly askHost: AskHost;
}

/**
 * A content script speaks for the page of its own tab and for nothing else: the top frame, and an
 * address of the origin that the browser says the frame has.
 */
export function checkSender(sender: Sender, url: string): number {
  if (sender.tabId === null || sender.frameId !== 0) {
    throw new AppError('not-allowed', 'Only the top frame of a tab may offer a page');
  }
  if (isFileAddress(url) && withoutFragment(sender.url) !== withoutFragment(url)) {
    throw new AppError('not-allowed', 'A file may be offered only by the tab that shows it');
  }
  if (siteOf(sender.url) !== siteOf(url)) {
    throw new AppError('not-allowed', 'A page may be offered only by its own tab', {
      details: { offered: siteOf(url), sender: siteOf(sender.url) },
    });
  }
  return sender.tabId;
}

function iconOf(gate: GateAnswer): IconState {
  if (gate.isOpen) return 'plain';
  return gate.why === 'paused' ? 'paused' : gate.why === 'not-web' ? 'plain' : 'excluded';
}

type Refused = Extract<OfferAnswer, { answer: 'refused' }>;

/** What of an offer becomes a part of its job. */
type Offered = Pick<PageOffer, 'url' | 'title' | 'canonical' | 'lang' | 'signals'>;

/** Where offered pages are let in, or why not; the toolbar icon shows which. */
export interface Entrance {
  gate(url: string, sender: Sender, signals?: PageOffer['signals']): Promise<GateAnswer>;
  /** The page's job but for its text, or why it is not taken. */
  admit(
    offer: Offered,
    form: PageJob['form'],
    sender: Sender,
  ): Promise<{ readonly job: Omit<PageJob, 'snapshot'> } | { readonly refused: Refused }>;
}

export function createEntrance(tools: ContentTools): Entrance {
  const { settings, tray, answers, now } = tools;
  const gate: Entrance['gate'] = async (url, sender, signals) =>
    passGate(
      url,
      {
        isIncognito: sender.isIncognito,
        isPrivateContainer: await tools.isPrivateContainer(sender.containerId),
      },
      settings,
      signals,
    );
  const refused = (why: Refused['why'], reasons: Refused['reasons']) => ({
    refused: { answer: 'refused', why, retryMs: null, reasons } as const,
  });
  return {
    gate,
    async admit({ url, title, canonical, lang, ...offered }, form, sender) {
      const tabId = checkSender(sender, url);
      const signals = (await answers.asksNotToBeKept(tabId, url))
        ? { ...offered.signals, robots: `${offered.signals.robots},no-store` }
        : offered.signals;
      const passed = await gate(url, sender, signals);
      if (!passed.isOpen) {
        await showIcon(iconOf(passed), tabId);
        return refused(passed.why, passed.reasons);
      }
      const key = pageKey(url, canonical);
      if (key === null) {
        throw new AppError('bad-request', 'The offered address has no page key');
      }
      const held = await tray.find(key);
      if (held?.hasText) {
        await showIcon('held', tabId);
        return refused('held', held.reasons);
      }
      const isAllowed = passed.isOwnRule || (await tray.takeAllowance(key));
      const { action } = passed;
      return { job: { key, url, title, lang, readAt: now(), signals, form, action, isAllowed } };
    },
  };
}

/**
 * Shows on the icon that a page is stored or held already, before it has been stayed with. The engine
 * may take a moment to start: by then the tab may show another page, whose own answer counts.
 */
function createKnownIcon({ askHost, tray }: ContentTools) {
  const asking = new Map<number, string>();
  const stateOf = async (url: string): Promise<IconState | null> => {
    const key = pageKey(url);
    if (key === null) return null;
    if ((await tray.find(key)) !== null) return 'held';
    return (await askHost('page-engine:page-by-key', { key })) === null ? null : 'stored';
  };
  return {
    stop: (tabId: number): void => void asking.delete(tabId),
    async show(url: string, tabId: number): Promise<void> {
      asking.set(tabId, url);
      // Without an answer the icon stays plain, and what becomes of the page is shown once it is read.
      const state = await stateOf(url).catch(() => null);
      if (asking.get(tabId) !== url) return;
      asking.delete(tabId);
      if (state !== null) await showIcon(state, tabId);
    },
  };
}

export const busy: Refused = { answer: 'refused', why: 'busy', retryMs: 1500, reasons: [] };

/** Answers what content scripts ask of pages; `handlePdfMessages` answers for PDF files. */
export function handleContentMessages(
  server: MessageServer<ContentProtocol>,
  entrance: Entrance,
  tools: ContentTools,
): void {
  const { settings, queue, transfers } = tools;
  const known = createKnownIcon(tools);

  server.handle(
    'content-background:may-read',
    'content',
    readContentParams('content-background:may-read'),
    async ({ url }, sender) => {
      const tabId = checkSender(sender, url);
      known.stop(tabId);
      // Whatever wakes the background looks after what waits.
      void queue.drain();
      await tools.opened.landed(tabId, url);
      const gate = await entrance.gate(url, sender);
      await showIcon(iconOf(gate), tabId);
      if (gate.isOpen) void known.show(url, tabId);
      const { dwellMs } = await settings.get();
      return { mayRead: gate.isOpen, why: gate.isOpen ? null : gate.why, dwellMs };
    },
  );

  server.handle(
    'content-background:offer-page',
    'content',
    readContentParams('content-background:offer-page'),
    async (offer, sender): Promise<OfferAnswer> => {
      const tabId = checkSender(sender, offer.url);
      const admitted = await entrance.admit(offer, 'html', sender);
      if ('refused' in admitted) return admitted.refused;
      const job = { ...admitted.job, status: offer.status };
      const transfer = transfers.begin(job, tabId, offer.length, offer.pieces);
      return transfer === null ? busy : { answer: 'send', transfer };
    },
  );

  server.handle(
    'content-background:send-piece',
    'content',
    readContentParams('content-background:send-piece'),
    async ({ transfer, index, text }, sender) => {
      const tabId = checkSender(sender, sender.url);
      const completed = transfers.accept(transfer, tabId, index, text);
      if (completed === null) return { isQueued: false, retryMs: null };
      try {
        await queue.add({ ...completed.job, snapshot: await packText(completed.html) }, tabId);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'storage-full') throw thrown;
        return { isQueued: false, retryMs: busy.retryMs };
      } finally {
        void queue.drain();
      }
      return { isQueued: true, retryMs: null };
    },
  );
}
