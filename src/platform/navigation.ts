import { browser } from './browser.ts';

/** Of web pages; the filter spares the background from being woken for others. */
const web = { url: [{ schemes: ['http', 'https'] }] };

/**
 * Tells when the page of a tab takes another address without a load: by the history interface, back
 * and forward within it, or the fragment. Frames inside the page are its own matter.
 */
export function onAddressChange(run: (tabId: number) => void): void {
  const listen = ({ tabId, frameId }: { tabId: number; frameId: number }): void => {
    if (frameId === 0) run(tabId);
  };
  browser.webNavigation.onHistoryStateUpdated.addListener(listen, web);
  browser.webNavigation.onReferenceFragmentUpdated.addListener(listen, web);
}
