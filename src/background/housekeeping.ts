import type { PageId } from '../core/ids.ts';
import { pageKey } from '../core/page/page-key.ts';
import type { PageSummary } from '../core/search/types.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { RemovedVisits } from '../platform/history.ts';
import type { Fetcher } from './fetcher.ts';
import type { PageQueue } from './queue.ts';
import type { SettingsStore } from './settings-store.ts';
import type { Tray } from './tray.ts';

export interface HousekeepingTools {
  readonly settings: SettingsStore;
  readonly queue: PageQueue;
  readonly tray: Tray;
  readonly fetcher: Pick<Fetcher, 'drop'>;
  readonly askHost: AskHost;
  readonly now: () => number;
}

const listLength = 500;

/** All pages, newest first, in lists short enough for one message. */
export async function* allPages(askHost: AskHost): AsyncGenerator<readonly PageSummary[]> {
  let after: Pick<PageSummary, 'lastReadAt' | 'id'> | undefined;
  for (;;) {
    const pages = await askHost('page-engine:recent-pages', {
      limit: listLength,
      ...(after === undefined ? {} : { after }),
    });
    yield pages;
    const last = pages.at(-1);
    if (pages.length < listLength || last === undefined) return;
    after = { lastReadAt: last.lastReadAt, id: last.id };
  }
}

/** Forgets the pages whose visits left the browser's history: stored, waiting and held ones. */
export async function forgetRemoved(
  removed: RemovedVisits,
  tools: HousekeepingTools,
): Promise<void> {
  if (!(await tools.settings.get()).forgetsWithHistory) return;
  if (removed === null) {
    await tools.queue.drop(() => true);
    await tools.tray.drop(() => true);
    await tools.fetcher.drop(() => true);
    await tools.askHost('page-engine:forget', { by: 'everything' });
    return;
  }
  // A page's own key may come from its canonical link, so its address is compared, not its key.
  const gone = new Set(removed.map((url) => pageKey(url)));
  const isGone = ({ url }: { readonly url: string }): boolean => gone.has(pageKey(url));
  await tools.queue.drop(isGone);
  await tools.tray.drop(isGone);
  await tools.fetcher.drop(isGone);
  const ids = [];
  for await (const pages of allPages(tools.askHost)) {
    ids.push(...pages.filter(isGone).map((page) => page.id));
  }
  if (ids.length > 0) await tools.askHost('page-engine:forget', { by: 'ids', ids });
}

/**
 * Forgets pages whose visits were removed while the extension could not see it.
 * @param readHere pages that the history must hold if nobody removed them
 */
export async function reconcileWithHistory(
  isInHistory: (url: string) => Promise<boolean>,
  readHere: ReadonlySet<PageId>,
  tools: HousekeepingTools,
): Promise<number> {
  if (!(await tools.settings.get()).forgetsWithHistory || readHere.size === 0) return 0;
  const ids = [];
  for await (const pages of allPages(tools.askHost)) {
    for (const page of pages) {
      if (readHere.has(page.id) && !(await isInHistory(page.url))) ids.push(page.id);
    }
  }
  if (ids.length > 0) await tools.askHost('page-engine:forget', { by: 'ids', ids });
  return ids.length;
}
