import type { ListedAddress } from '../core/page/address-list.ts';
import { browser } from './browser.ts';
import { requestHistory } from './history.ts';

/** Where the browser itself keeps addresses. */
export type PastSource = 'history' | 'bookmarks';

/** The most visits that are asked of the history; browsers keep 90 days. */
const maxVisited = 100_000;

/**
 * Asks the person for the permission, in answer to a click; nothing may come before it.
 * @returns null when it is not granted
 */
export async function readPast(source: PastSource): Promise<readonly ListedAddress[] | null> {
  const isGranted =
    source === 'history'
      ? await requestHistory()
      : await browser.permissions.request({ permissions: ['bookmarks'] });
  if (!isGranted) return null;
  return source === 'history' ? visitedAddresses() : bookmarkedAddresses();
}

async function visitedAddresses(): Promise<readonly ListedAddress[]> {
  const items = await browser.history.search({ text: '', startTime: 0, maxResults: maxVisited });
  return items.flatMap(({ url, title = '', lastVisitTime = null }) =>
    url === undefined ? [] : [{ url, title, at: lastVisitTime }],
  );
}

interface Bookmark {
  readonly url?: string | undefined;
  readonly title: string;
  readonly dateAdded?: number | undefined;
  readonly children?: readonly Bookmark[] | undefined;
}

async function bookmarkedAddresses(): Promise<readonly ListedAddress[]> {
  const found: ListedAddress[] = [];
  const waiting: Bookmark[] = [...(await browser.bookmarks.getTree())];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { url, title, dateAdded = null, children = [] } = next;
    if (url !== undefined) found.push({ url, title, at: dateAdded });
    waiting.push(...children);
  }
  return found;
}
