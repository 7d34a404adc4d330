import { AppError } from '../core/errors.ts';
import { pageKey, siteOf } from '../core/page/page-key.ts';
import { readContentParams } from '../messaging/content-params.ts';
import type { ContentProtocol, OfferAnswer, PageOffer } from '../messaging/content-protocol.ts';
import type { MessageServer } from '../messaging/server.ts';
import { packText } from '../platform/gzip.ts';
import type { Sender } from '../platform/sender.ts';
import { type GateAnswer, passGate } from './gate.ts';
import { type IconState, showIcon } from './icon.ts';
import type { PageQueue } from './queue.ts';
import type { SettingsStore } from './settings-store.ts';
import type { Transfers } from './transfers.ts';
import type { Tray } from './tray.ts';

export interface ContentTools {
  readonly settings: SettingsStore;
  readonly queue: PageQueue;
  readonly tray: Tray;
  readonly transfers: Transfers;
  readonly now: () => number;
  readonly isPrivateContainer: (containerId: string | null) => Promise<boolean>;
}

const busyRetryMs = 1500;

/**
 * A content script speaks for the page of its own tab and for nothing else: the top frame, and an
 * address of the origin that the browser says the frame has.
 */
function checkSender(sender: Sender, url: string): number {
  if (sender.tabId === null || sender.frameId !== 0) {
    throw new AppError('not-allowed', 'Only the top frame of a tab may offer a page');
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

/** Answers what content scripts ask. */
export function handleContentMessages(
  server: MessageServer<ContentProtocol>,
  tools: ContentTools,
): void {
  const { settings, queue, tray, transfers, now } = tools;

  const gateFor = async (url: string, sender: Sender, signals?: PageOffer['signals']) =>
    passGate(
      url,
      {
        isIncognito: sender.isIncognito,
        isPrivateContainer: await tools.isPrivateContainer(sender.containerId),
      },
      settings,
      signals,
    );

  server.handle(
    'content-background:may-read',
    'content',
    readContentParams('content-background:may-read'),
    async ({ url }, sender) => {
      const tabId = checkSender(sender, url);
      // Whatever wakes the background looks after what waits.
      void queue.drain();
      const gate = await gateFor(url, sender);
      await showIcon(iconOf(gate), tabId);
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
      const gate = await gateFor(offer.url, sender, offer.signals);
      if (!gate.isOpen) {
        await showIcon(iconOf(gate), tabId);
        return { answer: 'refused', why: gate.why, retryMs: null, reasons: gate.reasons };
      }
      const key = pageKey(offer.url, offer.canonical);
      if (key === null) {
        throw new AppError('bad-request', 'The offered address has no page key');
      }
      const held = await tray.find(key);
      if (held?.hasText) {
        await showIcon('held', tabId);
        return { answer: 'refused', why: 'held', retryMs: null, reasons: held.reasons };
      }
      const job = {
        key,
        url: offer.url,
        title: offer.title,
        lang: offer.lang,
        readAt: now(),
        signals: offer.signals,
        action: gate.action,
        isAllowed: gate.isOwnRule || (await tray.takeAllowance(key)),
      };
      const transfer = transfers.begin(job, tabId, offer.length, offer.pieces);
      return transfer === null
        ? { answer: 'refused', why: 'busy', retryMs: busyRetryMs, reasons: [] }
        : { answer: 'send', transfer };
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
        return { isQueued: false, retryMs: busyRetryMs };
      } finally {
        void queue.drain();
      }
      return { isQueued: true, retryMs: null };
    },
  );
}
