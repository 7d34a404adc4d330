import type { Timestamp } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import type { FailedFetch, FetchFailure, WantedPage } from '../core/page/fetching.ts';
import type { KeyValueStore } from '../platform/storage.ts';

/** A page whose text is wanted, as it waits. */
export interface FetchItem extends WantedPage {
  readonly tries: number;
  readonly notBefore: Timestamp;
}

/** What is being fetched, but for the pages themselves. */
export interface FetchJob {
  readonly isPaused: boolean;
  readonly isDone: boolean;
  readonly withCookies: boolean;
  /** Numbers of the chunks that still have pages, in their order. */
  readonly chunks: readonly number[];
  readonly nextChunk: number;
  readonly total: number;
  readonly stored: number;
  readonly known: number;
  readonly failedCount: number;
  readonly failures: readonly FailedFetch[];
}

const jobName = 'fetch';
const chunkName = (chunk: number): string => `fetch:${chunk}`;
/** Pages that are written anew each time one of them is done. */
const chunkLength = 200;
/** So many chunks are looked through for a page whose site may be asked now. */
const chunksAhead = 3;
const maxFailures = 300;

const fresh: FetchJob = {
  isPaused: false,
  isDone: false,
  withCookies: false,
  chunks: [],
  nextChunk: 0,
  total: 0,
  stored: 0,
  known: 0,
  failedCount: 0,
  failures: [],
};

/**
 * The pages that wait to be fetched, in chunks, so that a step writes little however long the list
 * is. Every method is whole: a background that dies in it has done all of it or nothing that shows.
 */
export interface FetchList {
  job(): Promise<FetchJob | null>;
  /** The page that is due first among those at the front; null when none is left. */
  next(dueAt: (item: FetchItem) => Timestamp): Promise<FetchItem | null>;
  add(pages: readonly WantedPage[], withCookies: boolean): Promise<void>;
  /** Whether a page still waits: it may have been dropped while it was fetched. */
  has(item: FetchItem): Promise<boolean>;
  putOff(item: FetchItem, notBefore: Timestamp): Promise<void>;
  done(item: FetchItem, result: 'stored' | 'known' | FetchFailure): Promise<void>;
  setPaused(isPaused: boolean): Promise<void>;
  /** Ends it: what still waits is let go, the result stays to be seen. */
  finish(): Promise<void>;
  clear(): Promise<void>;
  drop(matches: (page: { readonly url: string }) => boolean): Promise<void>;
}

export function createFetchList(local: KeyValueStore): FetchList {
  const lock = createLock();

  const readJob = async (): Promise<FetchJob | null> => {
    const stored = await local.get(jobName);
    return typeof stored === 'object' && stored !== null
      ? { ...fresh, ...(stored as Partial<FetchJob>) }
      : null;
  };
  const readChunk = async (chunk: number): Promise<readonly FetchItem[]> => {
    const stored = await local.get(chunkName(chunk));
    return Array.isArray(stored) ? (stored as FetchItem[]) : [];
  };
  const change = (part: (job: FetchJob) => Partial<FetchJob>): Promise<void> =>
    lock(async () => {
      const job = await readJob();
      if (job !== null) await local.set(jobName, { ...job, ...part(job) });
    });

  async function isListed(job: FetchJob, item: FetchItem): Promise<boolean> {
    for (const chunk of job.chunks) {
      if ((await readChunk(chunk)).some(({ url }) => url === item.url)) return true;
    }
    return false;
  }

  /** Replaces an item of the chunk that has it, or takes it out. */
  async function replace(
    job: FetchJob,
    item: FetchItem,
    by: FetchItem | null,
  ): Promise<readonly number[]> {
    for (const chunk of job.chunks) {
      const items = await readChunk(chunk);
      if (!items.some(({ url }) => url === item.url)) continue;
      const left = items.flatMap((each) => (each.url !== item.url ? [each] : by ? [by] : []));
      if (left.length > 0) {
        await local.set(chunkName(chunk), left);
        return job.chunks;
      }
      await local.remove([chunkName(chunk)]);
      return job.chunks.filter((each) => each !== chunk);
    }
    return job.chunks;
  }

  return {
    job: () => lock(readJob),
    next: (dueAt) =>
      lock(async () => {
        const job = await readJob();
        let first: FetchItem | null = null;
        for (const chunk of job?.chunks.slice(0, chunksAhead) ?? []) {
          for (const item of await readChunk(chunk)) {
            if (first === null || dueAt(item) < dueAt(first)) first = item;
          }
        }
        return first;
      }),
    add: (pages, withCookies) =>
      lock(async () => {
        const before = await readJob();
        const job = before === null || before.isDone ? fresh : before;
        const chunks = [...job.chunks];
        let { nextChunk } = job;
        for (let from = 0; from < pages.length; from += chunkLength) {
          const items = pages
            .slice(from, from + chunkLength)
            .map(({ url, title, at }): FetchItem => ({ url, title, at, tries: 0, notBefore: 0 }));
          await local.set(chunkName(nextChunk), items);
          chunks.push(nextChunk);
          nextChunk += 1;
        }
        await local.set(jobName, {
          ...job,
          withCookies,
          chunks,
          nextChunk,
          total: job.total + pages.length,
        } satisfies FetchJob);
      }),
    has: (item) =>
      lock(async () => {
        const job = await readJob();
        return job !== null && isListed(job, item);
      }),
    putOff: (item, notBefore) =>
      lock(async () => {
        const job = await readJob();
        if (job !== null) await replace(job, item, { ...item, tries: item.tries + 1, notBefore });
      }),
    done: (item, result) =>
      lock(async () => {
        const job = await readJob();
        // Of a page that was dropped meanwhile nothing is noted, its address least of all.
        if (job === null || !(await isListed(job, item))) return;
        const chunks = await replace(job, item, null);
        const isFailed = result !== 'stored' && result !== 'known';
        await local.set(jobName, {
          ...job,
          chunks,
          stored: job.stored + (result === 'stored' ? 1 : 0),
          known: job.known + (result === 'known' ? 1 : 0),
          failedCount: job.failedCount + (isFailed ? 1 : 0),
          failures: isFailed
            ? [{ url: item.url, why: result }, ...job.failures].slice(0, maxFailures)
            : job.failures,
        } satisfies FetchJob);
      }),
    setPaused: (isPaused) => change(() => ({ isPaused })),
    finish: () =>
      lock(async () => {
        const job = await readJob();
        if (job === null) return;
        await local.set(jobName, { ...job, isDone: true, isPaused: false, chunks: [] });
        await local.remove(job.chunks.map(chunkName));
      }),
    clear: () => lock(() => local.remove([jobName])),
    drop: (matches) =>
      lock(async () => {
        const job = await readJob();
        if (job === null) return;
        const chunks: number[] = [];
        let gone = 0;
        for (const chunk of job.chunks) {
          const items = await readChunk(chunk);
          const left = items.filter((item) => !matches(item));
          gone += items.length - left.length;
          if (left.length === 0) await local.remove([chunkName(chunk)]);
          else {
            chunks.push(chunk);
            if (left.length < items.length) await local.set(chunkName(chunk), left);
          }
        }
        const failures = job.failures.filter((failure) => !matches(failure));
        await local.set(jobName, { ...job, chunks, failures, total: job.total - gone });
      }),
  };
}
