import type { PageId } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import { isStretchGone } from '../core/page/changes.ts';
import type { FoundPlace, OpenedState, OpenedText } from '../core/page/opened.ts';
import { pageKey } from '../core/page/page-key.ts';
import type { PageSummary } from '../core/search/types.ts';
import type { StoredPage } from '../engine/api.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { HostOutcome, PageJob } from '../messaging/host-protocol.ts';
import { packText, unpackText } from '../platform/gzip.ts';
import type { KeyValueStore } from '../platform/storage.ts';

/**
 * Pages that were opened from a result, looked after until they were read again:
 *
 *   waiting ──read, what was found is there──▶ (forgotten about)
 *      ├──read, what was found is not there──▶ changed
 *      ├──answered with an error──▶ gone (404, 410) or not-shown
 *      └──no page came──▶ not-shown
 *
 * Reading a page again replaces its text, so the text as it was is kept here: packed, in memory only,
 * of the last few pages. Nothing is fetched; what is known comes from the tab that was opened.
 */
export interface OpenedPages {
  /** Opens a page that was found. @param opening opens it; the tab that shows it then */
  open(found: FoundPlace, url: string, opening: () => Promise<number | null>): Promise<void>;
  /** The tab shows a page of the web. */
  landed(tabId: number, url: string): Promise<void>;
  /** The page of a tab was read; whether it is not as it was found. */
  read(tabId: number, job: PageJob, outcome: HostOutcome): Promise<boolean>;
  /** What the tab shows instead of what was found; null when it shows that, or nothing is known. */
  stateOf(tabId: number): Promise<OpenedState | null>;
  textOf(tabId: number): Promise<OpenedText | null>;
  /** Lets go of the texts of pages that are stored no longer. */
  dropForgotten(): Promise<void>;
}

const openedKey = 'opened';
/** The passages as they were stored: packed JSON, apart from the rest, which every page asks for. */
const textKey = (tabId: number): string => `opened:${tabId}`;
const mostOpened = 3;
/** The engine has just found the page; one that does not answer holds up no opening. */
const askTimeoutMs = 1_000;
/**
 * When a tab is looked at where no page came to, after each other. No event is listened to for it: one
 * of every tab would wake the background all day, and what is stopped in between costs the notice alone.
 */
const looksMs = [2_000, 4_000, 8_000, 12_000];
const maxTextBytes = 40_000_000;
/** What a site answers for a page that it has no more. */
const goneStatus: readonly number[] = [404, 410];

interface Entry {
  readonly tabId: number;
  readonly url: string;
  /** The address that the tab came to; null before any page of the web was seen there. */
  readonly landed: string | null;
  readonly page: PageSummary;
  readonly place: Omit<FoundPlace, 'id'>;
  readonly state: 'waiting' | OpenedState;
  /** The page that was read there since. */
  readonly readId: PageId | null;
}

interface Tools {
  /** In memory; outlives the background. */
  readonly store: KeyValueStore;
  readonly askHost: AskHost;
  /** Whether a tab is still on its way to what it shows. */
  readonly isLoading: (tabId: number) => Promise<boolean>;
  /** Whether a content script answers in a tab. */
  readonly hasReader: (tabId: number) => Promise<boolean>;
  /** No page came to a tab, as `stateOf` says from now on. */
  readonly onNotShown: (tabId: number) => void;
  readonly wait: (ms: number) => Promise<void>;
}

export function createOpenedPages(tools: Tools): OpenedPages {
  const { store, askHost } = tools;
  const lock = createLock();
  const all = async (): Promise<readonly Entry[]> =>
    ((await store.get(openedKey)) as Entry[] | undefined) ?? [];
  const find = async (tabId: number) => (await all()).find((entry) => entry.tabId === tabId);
  const keep = async (kept: readonly Entry[]): Promise<void> => {
    const gone = (await all()).filter(({ tabId }) => !kept.some((each) => each.tabId === tabId));
    await store.set(openedKey, kept);
    await store.remove(gone.map(({ tabId }) => textKey(tabId)));
  };
  const put = async (tabId: number, entry: Entry | null): Promise<void> => {
    const others = (await all()).filter((each) => each.tabId !== tabId);
    await keep(entry === null ? others : [entry, ...others].slice(0, mostOpened));
  };
  const storedPage = (id: PageId): Promise<StoredPage | null> =>
    askHost('page-engine:stored-page', { id }, { timeoutMs: askTimeoutMs }).catch(() => null);
  const passagesOf = async ({ tabId }: Entry): Promise<StoredPage['passages']> => {
    const packed = await store.get(textKey(tabId));
    return typeof packed === 'string' ? JSON.parse(await unpackText(packed, maxTextBytes)) : [];
  };

  /** What a reading says of an opened page: a state, or that nothing more is to be looked after. */
  const judge = async (
    entry: Entry,
    { url, action, status = 0 }: PageJob,
    outcome: HostOutcome,
  ): Promise<Pick<Entry, 'state' | 'readId'> | null> => {
    // The person has gone on from there.
    if (pageKey(url) !== pageKey(entry.landed ?? entry.url)) return null;
    switch (outcome.outcome) {
      case 'error-page':
        return { state: goneStatus.includes(status) ? 'gone' : 'not-shown', readId: null };
      case 'empty':
        return { state: 'not-shown', readId: null };
      case 'held':
      case 'private':
        return null;
      case 'stored': {
        const { pageId, outcome: what } = outcome.receipt;
        const { index, text } = entry.place;
        if (what === 'unchanged' && pageId === entry.page.id) return null;
        if (index === null || action === 'title-only') return null;
        const before = (await passagesOf(entry))[index]?.text ?? '';
        const now = (await storedPage(pageId))?.passages.map((passage) => passage.text);
        if (now === undefined || !isStretchGone(before, text, now)) return null;
        return { state: 'changed', readId: pageId };
      }
    }
  };

  /** Looks at a tab until a page has come to it, or nothing else will. */
  const watch = async (tabId: number): Promise<void> => {
    for (const ms of looksMs) {
      await tools.wait(ms);
      if (!isAwaited(await find(tabId))) return;
      if (await tools.isLoading(tabId)) continue;
      if (await tools.hasReader(tabId)) return;
      const isTold = await lock(async () => {
        const entry = await find(tabId);
        if (!isAwaited(entry)) return false;
        await put(tabId, { ...entry, state: 'not-shown' });
        return true;
      });
      if (isTold) tools.onNotShown(tabId);
      return;
    }
  };

  return {
    async open({ id, ...place }, url, opening) {
      // Before it is opened: reading it again replaces its text.
      const stored = await storedPage(id);
      const tabId = await opening();
      if (stored === null || tabId === null) return;
      const text = await packText(JSON.stringify(stored.passages));
      const { page } = stored;
      await lock(async () => {
        try {
          await put(tabId, {
            tabId,
            url,
            landed: null,
            page,
            place,
            state: 'waiting',
            readId: null,
          });
          await store.set(textKey(tabId), text);
        } catch {
          // Without room for it nothing is looked after, and everything else goes on.
          await put(tabId, null).catch(() => {});
        }
      });
      // A tab that was closed meanwhile cannot be asked, and needs no notice.
      void watch(tabId).catch(() => {});
    },
    landed: (tabId, url) =>
      lock(async () => {
        const entry = await find(tabId);
        if (entry === undefined) return;
        // A page came after all.
        if (entry.landed === null) await put(tabId, { ...entry, landed: url, state: 'waiting' });
        else if (pageKey(entry.landed) !== pageKey(url)) await put(tabId, null);
      }),
    read: (tabId, job, outcome) =>
      lock(async () => {
        const entry = await find(tabId);
        if (entry === undefined) return false;
        // It goes on changing: what it was when it was found stays what is shown.
        if (entry.state === 'changed' && outcome.outcome === 'stored') return true;
        const judged = await judge(entry, job, outcome);
        await put(tabId, judged && { ...entry, ...judged });
        return judged !== null;
      }),
    async stateOf(tabId) {
      const entry = await find(tabId);
      return entry === undefined || entry.state === 'waiting' ? null : entry.state;
    },
    async textOf(tabId) {
      const entry = await find(tabId);
      if (entry === undefined || entry.state === 'waiting') return null;
      const { page, place, state, readId } = entry;
      if ((await storedPage(page.id)) === null) return null;
      const now = readId === null ? null : await storedPage(readId);
      return {
        state,
        page,
        index: place.index,
        passages: await passagesOf(entry),
        now: now?.passages.map(({ text }) => text) ?? null,
      };
    },
    dropForgotten: () =>
      lock(async () => {
        const before = await all();
        const kept = [];
        for (const entry of before) if (await storedPage(entry.page.id)) kept.push(entry);
        if (kept.length < before.length) await keep(kept);
      }),
  };
}

/** Whether no page has come yet that an entry waits for. Firefox shows PDF files without a content script. */
function isAwaited(entry: Entry | undefined): entry is Entry {
  return entry?.state === 'waiting' && entry.landed === null && entry.page.type !== 'pdf';
}
