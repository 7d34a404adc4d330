import { request } from '../messaging/client.ts';
import {
  type ContentProtocol,
  contentLimits,
  type TabProtocol,
} from '../messaging/content-protocol.ts';
import { createServer } from '../messaging/server.ts';
import { onRuntimeMessage, sendRuntimeMessage } from '../platform/runtime.ts';
import { shadowRootOpener } from '../platform/shadow.ts';
import { type Ask, createPageReader } from './reader.ts';
import { createShadowRootFinder } from './shadow.ts';

const sliceMs = 8;
const addressCheckMs = 1000;

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

/** Starts reading the page this script runs in. Called once, from the content script. */
export function startContent(): void {
  // Another document type has no text worth reading, or is not shown as a page (XML, images).
  if (!(document instanceof HTMLDocument) || document.body === null) return;
  const reader = createPageReader({
    page: document,
    address: () => location.href,
    ask,
    schedule: createSchedule(),
    now: () => performance.now(),
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
  document.addEventListener('visibilitychange', () => reader.notice('visibility'));
  document.addEventListener('prerenderingchange', () => reader.notice('visibility'));
  window.addEventListener('popstate', () => reader.notice('navigation'));
  window.addEventListener('hashchange', () => reader.notice('navigation'));
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) reader.notice('restored');
  });
  const { navigation } = window as unknown as { navigation?: EventTarget };
  if (navigation) {
    navigation.addEventListener('navigatesuccess', () => reader.notice('navigation'));
    navigation.addEventListener('currententrychange', () => reader.notice('navigation'));
  } else {
    // Without the Navigation API nothing tells of pushState; the address is looked at now and then.
    let address = location.href;
    setInterval(() => {
      if (document.hidden || location.href === address) return;
      address = location.href;
      reader.notice('navigation');
    }, addressCheckMs);
  }

  const server = createServer<TabProtocol>('content');
  server.handle('background-content:tell', 'extension', () => null, reader.tell);
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
