import { type AppError, asAppError } from '../core/errors.ts';
import type { PageKey } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import type { HostOutcome, PageJob } from '../messaging/host-protocol.ts';
import type { KeyValueStore } from '../platform/storage.ts';

const indexKey = 'queue';
const maxAttempts = 6;
const backOffMs = [0, 250, 1000, 4000, 10_000, 20_000];

/** A page that waits to be read, as the index of the queue lists it. */
export interface QueuedPage {
  readonly id: string;
  readonly key: PageKey;
  readonly tabId: number | null;
  readonly attempts: number;
}

export interface QueueTools {
  readonly store: KeyValueStore;
  readonly readPage: (job: PageJob) => Promise<HostOutcome>;
  readonly onDone: (page: QueuedPage, job: PageJob, outcome: HostOutcome) => Promise<void>;
  readonly onFailed: (page: QueuedPage, error: AppError) => Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Pages on their way to the engine. The queue lives in the browser's session storage, so a page that
 * was acknowledged is read even when the background dies at once: whatever wakes it next calls
 * {@link PageQueue.drain}. A newer copy of a page takes the place of one still waiting.
 */
export interface PageQueue {
  /** @throws AppError `storage-full` when the session storage has no room; the page keeps its copy */
  add(job: PageJob, tabId: number | null): Promise<void>;
  has(key: PageKey): Promise<boolean>;
  /** Reads what waits, oldest first; single-flight. Resolves when the queue is empty or stuck. */
  drain(): Promise<void>;
  /**
   * Forgets waiting pages that match. Resolves when the one being read is in the store, so that what
   * is forgotten there afterwards misses none.
   */
  drop(matches: (job: PageJob) => boolean): Promise<void>;
}

const jobKey = (id: string): string => `queue:${id}`;

/** Errors that say nothing about the page: it stays and is tried again. */
const passing: readonly string[] = ['host-gone', 'engine-gone', 'timeout'];
/** Errors that will not pass soon: the queue rests until it is drained again. */
const lasting: readonly string[] = [
  'engine-failed',
  'storage-full',
  'storage-unavailable',
  'model-missing',
  'model-invalid',
];

export function createPageQueue(tools: QueueTools): PageQueue {
  const { store } = tools;
  const lock = createLock();
  let draining: Promise<void> | null = null;
  let isWantedAgain = false;
  /** The page that is being read, to its end. */
  let reading: Promise<unknown> = Promise.resolve();

  async function index(): Promise<QueuedPage[]> {
    const stored = await store.get(indexKey);
    return Array.isArray(stored) ? (stored as QueuedPage[]) : [];
  }

  const remove = (id: string): Promise<void> =>
    lock(async () => {
      await store.set(
        indexKey,
        (await index()).filter((page) => page.id !== id),
      );
      await store.remove([jobKey(id)]);
    });

  const noteAttempt = (id: string): Promise<void> =>
    lock(async () =>
      store.set(
        indexKey,
        (await index()).map((page) =>
          page.id === id ? { ...page, attempts: page.attempts + 1 } : page,
        ),
      ),
    );

  const isQueued = async (id: string): Promise<boolean> =>
    (await lock(index)).some((page) => page.id === id);

  /** Reads one page; false when the queue should rest. */
  async function readOne(page: QueuedPage): Promise<boolean> {
    await tools.wait(backOffMs[Math.min(page.attempts, backOffMs.length - 1)] ?? 0);
    const job = (await store.get(jobKey(page.id))) as PageJob | undefined;
    if (job === undefined) {
      await remove(page.id);
      return true;
    }
    try {
      const outcome = tools.readPage(job);
      reading = outcome.catch(() => null);
      await reading;
      // Of a page that was dropped meanwhile nothing is said, nor held for the person's word.
      if (await isQueued(page.id)) await tools.onDone(page, job, await outcome);
      await remove(page.id);
      return true;
    } catch (thrown) {
      const error = asAppError(thrown);
      if (lasting.includes(error.code)) {
        await tools.onFailed(page, error);
        return false;
      }
      if (passing.includes(error.code) && page.attempts + 1 < maxAttempts) {
        await noteAttempt(page.id);
        return true;
      }
      await tools.onFailed(page, error);
      await remove(page.id);
      return true;
    }
  }

  async function drainAll(): Promise<void> {
    do {
      isWantedAgain = false;
      for (let isGoing = true; isGoing; ) {
        const [next] = await lock(index);
        isGoing = next !== undefined && (await readOne(next));
      }
    } while (isWantedAgain);
    draining = null;
  }

  return {
    add: (job, tabId) =>
      lock(async () => {
        const id = crypto.randomUUID();
        const waiting = await index();
        const older = waiting.filter((page) => page.key === job.key);
        await store.set(jobKey(id), job);
        try {
          await store.set(indexKey, [
            ...waiting.filter((page) => page.key !== job.key),
            { id, key: job.key, tabId, attempts: 0 } satisfies QueuedPage,
          ]);
        } catch (thrown) {
          await store.remove([jobKey(id)]);
          throw thrown;
        }
        await store.remove(older.map((page) => jobKey(page.id)));
      }),
    has: async (key) => (await lock(index)).some((page) => page.key === key),
    drain() {
      isWantedAgain = true;
      draining ??= drainAll().catch((thrown: unknown) => {
        draining = null;
        throw thrown;
      });
      return draining;
    },
    async drop(matches) {
      await lock(async () => {
        const kept: QueuedPage[] = [];
        const gone: string[] = [];
        for (const page of await index()) {
          const job = (await store.get(jobKey(page.id))) as PageJob | undefined;
          if (job === undefined || matches(job)) gone.push(jobKey(page.id));
          else kept.push(page);
        }
        await store.set(indexKey, kept);
        await store.remove(gone);
      });
      await reading;
    },
  };
}
