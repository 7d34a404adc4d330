import { type Browser, browser } from './browser.ts';
import { followPermission } from './permissions.ts';

type Details = Browser.webRequest.OnHeadersReceivedDetails;

/** What a site sent with a page that a tab loads. */
export interface Answer {
  readonly tabId: number;
  readonly url: string;
  /** `Cache-Control` and `X-Robots-Tag`, as they came. */
  readonly asks: string;
}

const pages = ['http://*/*', 'https://*/*'];
const permission = { permissions: ['webRequest' as const], origins: pages };
const named = /^(?:cache-control|x-robots-tag)$/i;

/** Tells whether headers may be seen: now, and whenever that changes. Returns what ends it. */
export function onHeadersAllowed(run: (mayRead: boolean) => void): () => void {
  return followPermission(permission, run);
}

/** Asks the person; only in answer to a click. True when it is granted, or was before. */
export function requestHeaders(): Promise<boolean> {
  return browser.permissions.request(permission);
}

/** Gives back what headers are seen by; the sites are not to be given back, as `origins.ts` says. */
export async function dropHeaders(): Promise<void> {
  await browser.permissions.remove({ permissions: permission.permissions });
}

/**
 * Tells of the answers that pages of tabs come with. It looks on: nothing is held up or changed. The
 * permission is optional, so the event may not exist yet; then it is listened to from the moment it is
 * granted.
 */
export function onAnswer(run: (answer: Answer) => void): void {
  const tell = ({ tabId, url, responseHeaders = [] }: Details): undefined => {
    const asks = responseHeaders.filter(({ name }) => named.test(name));
    run({ tabId, url, asks: asks.map(({ value = '' }) => value).join(',') });
  };
  const listen = (): void => {
    const { webRequest } = browser as { webRequest?: typeof browser.webRequest };
    if (webRequest === undefined || webRequest.onHeadersReceived.hasListener(tell)) return;
    webRequest.onHeadersReceived.addListener(tell, { urls: pages, types: ['main_frame'] }, [
      'responseHeaders',
    ]);
  };
  listen();
  browser.permissions.onAdded.addListener(listen);
}
