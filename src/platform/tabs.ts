import { AppError } from '../core/errors.ts';
import { type Browser, browser } from './browser.ts';

export interface TabInfo {
  readonly id: number;
  readonly isIncognito: boolean;
  /** The browser has let its page go to save memory, and loads it anew when it is looked at. */
  readonly isDiscarded: boolean;
}

type RawTab = Browser.tabs.Tab;

function readTab(tab: RawTab | undefined): TabInfo | null {
  if (tab?.id === undefined) return null;
  return { id: tab.id, isIncognito: tab.incognito, isDiscarded: tab.discarded === true };
}

/**
 * The tab in front of the window last used. Our own page open in a tab does not count: then it is the
 * tab used before it.
 */
export async function activeTab(exceptId: number | null): Promise<TabInfo | null> {
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (active?.id !== undefined && active.id !== exceptId) return readTab(active);
  const others = (await browser.tabs.query({})).filter((tab) => tab.id !== exceptId);
  others.sort((a, b) => (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0));
  return readTab(others[0]);
}

export async function tabById(tabId: number): Promise<TabInfo | null> {
  try {
    return readTab(await browser.tabs.get(tabId));
  } catch {
    // Closed meanwhile.
    return null;
  }
}

/** Tells when another tab or another page comes to the front of a window; returns how to stop. */
export function onFrontChange(run: () => void): () => void {
  const activated = () => run();
  const updated = (_tabId: number, change: { status?: string }, tab: RawTab) => {
    if (tab.active && change.status === 'complete') run();
  };
  browser.tabs.onActivated.addListener(activated);
  browser.tabs.onUpdated.addListener(updated);
  return () => {
    browser.tabs.onActivated.removeListener(activated);
    browser.tabs.onUpdated.removeListener(updated);
  };
}

/** Whether a tab is on its way to what it shows. Rejects when it was closed. */
export async function isTabLoading(tabId: number): Promise<boolean> {
  return (await browser.tabs.get(tabId)).status === 'loading';
}

const openable = /^(?:https?|file):/i;

/**
 * Opens a web address or, by its path, a page of the extension.
 * @returns the tab it is shown in, where the browser says so
 * @throws AppError `bad-request` for any other scheme
 */
export async function openPage(
  url: string,
  place: 'tab' | 'new-tab' | 'side-window',
): Promise<number | null> {
  const isOwn = url.startsWith('/');
  if (!isOwn && !openable.test(url)) {
    throw new AppError(
      'bad-request',
      `Cannot open "${url.slice(0, 80)}"; allowed: http, https, file`,
    );
  }
  const address = isOwn ? browser.runtime.getURL(url) : url;
  if (place === 'new-tab') {
    return (await browser.tabs.create({ url: address })).id ?? null;
  }
  if (place === 'side-window') {
    const side = { url: address, type: 'popup', width: 480, height: 900 } as const;
    return (await browser.windows.create(side))?.tabs?.[0]?.id ?? null;
  }
  const [active] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  const tab =
    active?.id === undefined
      ? await browser.tabs.create({ url: address })
      : await browser.tabs.update(active.id, { url: address });
  return tab?.id ?? null;
}
