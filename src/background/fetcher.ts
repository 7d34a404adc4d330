import { AppError, asAppError } from '../core/errors.ts';
import type { Timestamp } from '../core/ids.ts';
import type { FetchAction, FetchFailure, FetchStatus, WantedPage } from '../core/page/fetching.ts';
import { pageKey } from '../core/page/page-key.ts';
import { judgePage, noSignals } from '../core/page/private-rules.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { FetchedPage, HostOutcome } from '../messaging/host-protocol.ts';
import type { KeyValueStore } from '../platform/storage.ts';
import { createFetchList, type FetchItem } from './fetch-list.ts';
import { passGate } from './gate.ts';
import type { SettingsStore } from './settings-store.ts';

export interface FetcherTools {
  readonly local: KeyValueStore;
  readonly settings: SettingsStore;
  readonly askHost: AskHost;
  readonly now: () => Timestamp;
  readonly wait: (ms: number) => Promise<void>;
  /** Gives permissions for sites back to the browser. */
}

/** Fetches the text of pages from before; what the person sees of it is {@link FetchStatus}. */
export interface Fetcher {
  /** Adds pages and begins. */
  add(pages: readonly WantedPage[], withCookies: boolean): Promise<void>;
  status(): Promise<FetchStatus>;
  control(action: FetchAction): Promise<FetchStatus>;
  /** Goes on with what waits; single-flight. Resolves, never rejects, when nothing can be done now. */
  run(): Promise<void>;
  /** Forgets waiting and failed pages that match. */
  drop(matches: (page: { readonly url: string }) => boolean): Promise<void>;
}

/** Between the end of a request and the next one of the same site, unless it wants more. */
const siteDelayMs = 2000;
/** Waits before another try, where the site does not say; the last is for all that follow. */
const againMs = [30_000, 120_000, 600_000];
const maxTries = 4;
const longestRetryMs = 60 * 60_000;
/** Longer than this nobody waits in memory: the browser would end the background meanwhile. */
const longestWaitMs = 20_000;
const fetchTimeoutMs = 150_000;
const readTimeoutMs = 120_000;

/** Errors that say nothing about a page: the work rests until the background is woken again. */
const resting: readonly string[] = [
  'host-gone',
  'engine-gone',
  'engine-failed',
  'storage-full',
  'storage-unavailable',
  'model-missing',
  'model-invalid',
  'timeout',
];

type Result = 'stored' | 'known' | FetchFailure | { readonly againAt: Timestamp };

const hostOf = (url: string): string => new URL(url).host;

/**
 * One request at a time in all, and each site left alone in between. What waits is in the browser's
 * storage, a page leaves it after its text is stored: a background that dies loses nothing, and
 * whatever wakes it next calls {@link Fetcher.run}.
 */
export function createFetcher(tools: FetcherTools): Fetcher {
  const { settings, askHost, now } = tools;
  const list = createFetchList(tools.local);
  /** When each site may be asked again. Empty after a restart, so all are left alone for a moment. */
  const readyAt = new Map<string, Timestamp>();
  let running: Promise<void> | null = null;
  /** The page that is being stored, to its end. */
  let storing: Promise<unknown> = Promise.resolve();
  const begunAt = now();

  const siteReadyAt = (url: string): Timestamp => readyAt.get(hostOf(url)) ?? begunAt + siteDelayMs;
  const leaveAlone = (url: string, ms: number): void => {
    readyAt.set(hostOf(url), now() + Math.max(ms, siteDelayMs));
  };
  const dueAt = (item: FetchItem): Timestamp => Math.max(item.notBefore, siteReadyAt(item.url));

  /** What rules, pause and the address itself say; null lets the request be made. */
  async function refusal(url: string, title: string): Promise<FetchFailure | 'paused' | null> {
    const gate = await passGate(url, { isIncognito: false, isPrivateContainer: false }, settings);
    if (!gate.isOpen) {
      if (gate.why === 'paused') return 'paused';
      return gate.why === 'private' ? 'private' : 'excluded';
    }
    if (gate.action === 'title-only') return 'excluded';
    const judged = judgePage({ url, title, text: '', signals: noSignals });
    // Nobody can be asked about a thousand pages: what is doubtful is left out.
    return gate.isOwnRule || judged.verdict === 'ordinary' ? null : 'private';
  }

  async function isKnown(url: string): Promise<boolean> {
    const key = pageKey(url);
    const page = key === null ? null : await askHost('page-engine:page-by-key', { key });
    return page !== null && page.passageCount > 1;
  }

  async function keep(
    item: FetchItem,
    fetched: Extract<FetchedPage, { state: 'fetched' }>,
  ): Promise<Result> {
    const { url, canonical, title, lang, signals, form, snapshot } = fetched;
    // A redirect may have led to a page that is private, or that a rule keeps out.
    const refused = await refusal(url, title);
    if (refused !== null) return refused === 'paused' ? 'excluded' : refused;
    const key = pageKey(url, canonical);
    if (key === null) return 'not-a-page';
    const gate = await passGate(
      url,
      { isIncognito: false, isPrivateContainer: false },
      settings,
      signals,
    );
    if (!gate.isOpen) return gate.why === 'private' ? 'private' : 'excluded';
    const readAt = Math.min(item.at ?? now(), now());
    // Dropped while it was fetched: there is nobody to tell.
    if (!(await list.has(item))) return 'known';
    const reading: Promise<HostOutcome> = askHost(
      'background-host:read-page',
      {
        key,
        url,
        title: title || item.title,
        lang,
        readAt,
        signals,
        form,
        snapshot,
        action: gate.action,
        isAllowed: gate.isOwnRule,
        isFetched: true,
      },
      { timeoutMs: readTimeoutMs },
    );
    storing = reading.catch(() => null);
    const outcome = await reading;
    if (outcome.outcome === 'stored') {
      await dropBareTwin(item.url, key);
      return 'stored';
    }
    return outcome.outcome === 'empty' ? 'empty' : 'private';
  }

  /** The page of title and address alone, when its text turned out to be under another address. */
  async function dropBareTwin(url: string, storedKey: string): Promise<void> {
    const key = pageKey(url);
    if (key === null || key === storedKey) return;
    const page = await askHost('page-engine:page-by-key', { key });
    if (page === null || page.passageCount > 1 || page.readCount > 1 || page.isPinned) return;
    await askHost('page-engine:forget', { by: 'keys', keys: [key] });
  }

  async function fetchOne(item: FetchItem, withCookies: boolean): Promise<Result | 'paused'> {
    const { url } = item;
    const refused = await refusal(url, item.title);
    if (refused !== null) return refused;
    if (await isKnown(url)) return 'known';
    leaveAlone(url, fetchTimeoutMs);
    const fetched = await askHost(
      'background-host:fetch-page',
      { url, withCookies },
      { timeoutMs: fetchTimeoutMs },
    ).finally(() => leaveAlone(url, 0));
    leaveAlone(url, fetched.crawlDelayMs);
    switch (fetched.state) {
      case 'failed':
        return fetched.why;
      case 'later': {
        if (item.tries + 1 >= maxTries) return fetched.why;
        const usual = againMs[Math.min(item.tries, againMs.length - 1)] ?? 0;
        const ms = Math.min(fetched.afterMs ?? usual, longestRetryMs);
        // A site that asks for time asks it for all of its pages.
        leaveAlone(url, ms);
        return { againAt: now() + ms };
      }
      case 'fetched':
        return keep(item, fetched);
    }
  }

  /** Does the next page; false when there is nothing to do for now. */
  async function step(): Promise<boolean> {
    const job = await list.job();
    if (job === null || job.isPaused || job.isDone) return false;
    if ((await settings.pause()).kind !== 'none') return false;
    const next = await list.next(dueAt);
    if (next === null) {
      await list.finish();
      return false;
    }
    const waitMs = dueAt(next) - now();
    if (waitMs > longestWaitMs) return false;
    if (waitMs > 0) {
      await tools.wait(waitMs);
      return true;
    }
    const result = await fetchOne(next, job.withCookies).catch((thrown: unknown) => {
      const { code, message } = asAppError(thrown);
      if (resting.includes(code)) return 'paused' as const;
      console.warn(`A page could not be fetched: ${code}: ${message}`);
      return 'failed' as const;
    });
    if (result === 'paused') return false;
    if (typeof result === 'object') await list.putOff(next, result.againAt);
    else await list.done(next, result);
    return true;
  }

  async function runAll(): Promise<void> {
    while (await step());
  }

  const run = (): Promise<void> => {
    running ??= runAll()
      .catch((thrown: unknown) => console.warn('Fetching rests:', thrown))
      .finally(() => {
        running = null;
      });
    return running;
  };

  const status = async (): Promise<FetchStatus> => {
    const job = await list.job();
    if (job === null) {
      const none = { total: 0, stored: 0, known: 0, failedCount: 0, failures: [] };
      return { state: 'none', ...none, waitsUntil: null };
    }
    const { total, stored, known, failedCount, failures, isPaused, isDone } = job;
    const next = isDone ? null : await list.next(dueAt);
    const due = next === null ? 0 : dueAt(next);
    return {
      state: isDone ? 'done' : isPaused ? 'paused' : 'running',
      total,
      stored,
      known,
      failedCount,
      failures,
      waitsUntil: due > now() + longestWaitMs ? due : null,
    };
  };

  return {
    run,
    status,
    async add(pages, withCookies) {
      const web = pages.filter(({ url }) => /^https?:/i.test(url));
      if (web.length === 0) throw new AppError('bad-request', 'There is no page to fetch');
      await list.add(web, withCookies);
    },
    async control(action) {
      const job = await list.job();
      if (job !== null) {
        if (action === 'pause' || action === 'resume') await list.setPaused(action === 'pause');
        if (action === 'stop') {
          await list.finish();
        }
        if (action === 'clear' && job.isDone) await list.clear();
      }
      return status();
    },
    async drop(matches) {
      await list.drop(matches);
      // What was on its way is in the store after this, where it is forgotten with the rest.
      await storing;
    },
  };
}
