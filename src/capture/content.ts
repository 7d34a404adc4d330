import { request } from '../messaging/client.ts';
import {
  type ContentProtocol,
  contentLimits,
  type TabProtocol,
} from '../messaging/content-protocol.ts';
import { createServer } from '../messaging/server.ts';
import { onRuntimeMessage, sendRuntimeMessage } from '../platform/runtime.ts';
import { shadowRootOpener } from '../platform/shadow.ts';
import { createPdfReader } from './pdf-reader.ts';
import { type Ask, createPageReader, type PageReader } from './reader.ts';
import { createShadowRootFinder } from './shadow.ts';

const sliceMs = 8;

const ask: Ask = async (type, params) =>
  (await request(sendRuntimeMessage, 'background', type, params, {
    timeoutMs: 30_000,
  })) as ContentProtocol[typeof type]['result'];

type Scheduler = { yield?: () => Promise<void> };

/** Lets the page's own work go first; a hidden page is not held up by timer throttling. */
function pause(): Promise<void> {
  const { scheduler } = globalThis as unknown as { scheduler?: Scheduler };
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((resume) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resume();
    };
    channel.port2.postMessage(null);
  });
}

/** Single timer whose latest order counts, but never later than one already waiting. */
function createSchedule(): (step: () => void, delayMs: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  return (step, delayMs) => {
    const at = performance.now() + delayMs;
    if (timer !== undefined && dueAt <= at) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      timer = undefined;
      dueAt = Number.POSITIVE_INFINITY;
      step();
    }, delayMs);
  };
}

/** Starts reading the page or the PDF this script runs in. Called once, from the content script. */
export function startContent(): void {
  // Another document type has no text worth reading, or is not shown as a page (XML, images).
  if (!(document instanceof HTMLDocument) || document.body === null) return;
  const reader = document.contentType === 'application/pdf' ? startPdf() : startPage();
  document.addEventListener('visibilitychange', () => reader.notice('visibility'));
  document.addEventListener('prerenderingchange', () => reader.notice('visibility'));

  const server = createServer<TabProtocol>('content');
  server.handle('background-content:tell', 'extension', () => null, reader.tell);
  server.handle(
    'background-content:address-changed',
    'extension',
    () => null,
    () => {
      reader.notice('navigation');
      return null;
    },
  );
  server.handle(
    'background-content:read-now',
    'extension',
    () => null,
    () => {
      reader.readNow();
      return null;
    },
  );
  onRuntimeMessage(server.listener);
  reader.notice('visibility');
}

const surroundings = () => ({
  page: document,
  address: () => location.href,
  ask,
  schedule: createSchedule(),
  now: () => performance.now(),
});

function startPdf(): PageReader {
  return createPdfReader({
    ...surroundings(),
    // The same address that the tab shows, with what the tab sent; answered by the cache if it can.
    load: (url) => fetch(url, { cache: 'force-cache', credentials: 'include' }),
    wait: (ms) => new Promise((resume) => setTimeout(resume, ms)),
  });
}

/** How the site answered when this document was loaded; 0 where the browser does not say. */
function answeredStatus(): number {
  const [loading] = performance.getEntriesByType('navigation');
  return (loading as PerformanceNavigationTiming | undefined)?.responseStatus ?? 0;
}

function startPage(): PageReader {
  const reader = createPageReader({
    ...surroundings(),
    status: answeredStatus,
    pause,
    sliceMs,
    maxLength: contentLimits.snapshotLength,
    shadowRootOf: createShadowRootFinder(shadowRootOpener()),
  });
  new MutationObserver(() => reader.notice('mutation')).observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) reader.notice('restored');
  });
  // The background tells of every change of address; where the page itself can, it is sooner. A page
  // may keep these events from us, and older browsers have none.
  const { navigation } = window as unknown as { navigation?: EventTarget };
  navigation?.addEventListener('navigatesuccess', () => reader.notice('navigation'));
  navigation?.addEventListener('currententrychange', () => reader.notice('navigation'));
  return reader;
}
