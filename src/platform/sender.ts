import { type Browser, browser } from './browser.ts';

/** Who sent a message, as the browser vouches for it. */
export interface Sender {
  /**
   * `extension`: a page, worker or hidden document of this extension. `content`: our content script
   * in a web page. `stranger`: anybody else, and our own pages framed by a web page.
   */
  readonly kind: 'extension' | 'content' | 'stranger';
  readonly tabId: number | null;
  readonly frameId: number | null;
  /** Address of the sending frame; empty when unknown. */
  readonly url: string;
  readonly isIncognito: boolean;
  /** Firefox's container of the tab; null for none. */
  readonly containerId: string | null;
}

/** Where the extension lives: its id and the origin of its pages, with a trailing slash. */
export interface Home {
  readonly id: string;
  readonly origin: string;
}

/** This extension. */
export function home(): Home {
  return { id: browser.runtime.id, origin: browser.runtime.getURL('/') };
}

type RawSender = Browser.runtime.MessageSender & { tab?: { cookieStoreId?: string } };

/** Classifies a message's sender. */
export function readSender(raw: RawSender, { id, origin }: Home): Sender {
  // A service worker has no address of its own in some browsers, only an origin.
  const url = raw.url ?? (raw.origin === undefined ? '' : `${raw.origin}/`);
  const tabId = raw.tab?.id ?? null;
  const frameId = raw.frameId ?? null;
  const container = raw.tab?.cookieStoreId;
  let kind: Sender['kind'] = 'stranger';
  if (raw.id === id) {
    if (url.startsWith(origin) && (tabId === null || frameId === 0 || frameId === null)) {
      kind = 'extension';
    } else if (!url.startsWith(origin) && tabId !== null && frameId !== null) {
      kind = 'content';
    }
  }
  return {
    kind,
    tabId,
    frameId,
    url,
    isIncognito: raw.tab?.incognito === true,
    containerId: container === undefined || container === 'firefox-default' ? null : container,
  };
}
