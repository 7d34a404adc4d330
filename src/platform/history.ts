import { browser } from './browser.ts';

/** What left the browser's history. `null`: everything. */
export type RemovedVisits = readonly string[] | null;

const permission = { permissions: ['history' as const] };

/** Whether the person has let the extension see the browser's history. */
export async function mayReadHistory(): Promise<boolean> {
  return browser.permissions.contains(permission);
}

/** Asks the person; only in answer to a click. True when it is granted, or was before. */
export async function requestHistory(): Promise<boolean> {
  return browser.permissions.request(permission);
}

/**
 * Tells of addresses that leave the history. The permission is optional, so the event may not exist
 * yet; then it is listened to from the moment it is granted.
 */
export function onHistoryRemoved(run: (removed: RemovedVisits) => void): void {
  let isListening = false;
  const listen = (): void => {
    const { history } = browser as { history?: typeof browser.history };
    if (isListening || history === undefined) return;
    isListening = true;
    history.onVisitRemoved.addListener(({ allHistory, urls }) =>
      run(allHistory ? null : (urls ?? [])),
    );
  };
  listen();
  browser.permissions.onAdded.addListener(listen);
}

/** Whether the history still holds a visit to an address. */
export async function isInHistory(url: string): Promise<boolean> {
  return (await browser.history.getVisits({ url })).length > 0;
}
