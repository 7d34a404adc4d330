import { AppError } from '../core/errors.ts';
import { isFileAddress } from '../core/page/page-key.ts';
import { noSignals } from '../core/page/private-rules.ts';
import { readContentParams } from '../messaging/content-params.ts';
import type { ContentProtocol, OfferAnswer, PdfAnswer } from '../messaging/content-protocol.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { MessageServer } from '../messaging/server.ts';
import { busy, checkSender, type Entrance } from './content-handlers.ts';
import { showIcon } from './icon.ts';
import type { PageQueue } from './queue.ts';

export interface PdfTools {
  readonly queue: PageQueue;
  readonly askHost: AskHost;
}

/** A PDF has no fields, and no canonical link. */
const bare = { canonical: '', lang: '', signals: noSignals };

/**
 * Answers for PDF files that the browser shows. Nothing of one is kept here: the content script has
 * its bytes and asks slice by slice, and the host has what it read so far. When either of them, or
 * the background, dies in between, the content script meets an unknown transfer and offers it again.
 */
export function handlePdfMessages(
  server: MessageServer<ContentProtocol>,
  entrance: Entrance,
  { queue, askHost }: PdfTools,
): void {
  server.handle(
    'content-background:offer-pdf',
    'content',
    readContentParams('content-background:offer-pdf'),
    async ({ url, lengthBytes }, sender): Promise<OfferAnswer> => {
      const tabId = checkSender(sender, url);
      const gate = await entrance.gate(url, sender);
      if (!gate.isOpen) {
        return { answer: 'refused', why: gate.why, retryMs: null, reasons: gate.reasons };
      }
      const fileUrl = isFileAddress(url) ? url : null;
      const file = { tabId, lengthBytes, fileUrl };
      const { transfer } = await askHost('background-host:open-pdf', file);
      return transfer === null ? busy : { answer: 'send', transfer };
    },
  );

  server.handle(
    'content-background:send-pdf-piece',
    'content',
    readContentParams('content-background:send-pdf-piece'),
    (piece, sender) => {
      const tabId = checkSender(sender, sender.url);
      return askHost('background-host:pdf-piece', { ...piece, tabId });
    },
  );

  server.handle(
    'content-background:read-pdf',
    'content',
    readContentParams('content-background:read-pdf'),
    async ({ transfer, url }, sender): Promise<PdfAnswer> => {
      const tabId = checkSender(sender, url);
      const slice = await askHost('background-host:read-pdf', { transfer, tabId });
      if (slice.state === 'reading') return slice;
      if (slice.state === 'refused') {
        await showIcon('plain', tabId);
        return { state: 'refused', why: `pdf-${slice.why}`, retryMs: null, reasons: [] };
      }
      // Rules and pause may have changed while it was read.
      const admitted = await entrance.admit({ url, ...bare, title: slice.title }, 'pdf', sender);
      if ('refused' in admitted) return { ...admitted.refused, state: 'refused' };
      try {
        await queue.add({ ...admitted.job, snapshot: slice.snapshot }, tabId);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'storage-full') throw thrown;
        return { ...busy, state: 'refused' };
      } finally {
        void queue.drain();
      }
      return { state: 'queued' };
    },
  );
}
