import { AppError } from '../core/errors.ts';
import type { PageId } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import {
  farSentence,
  type SelfTestAction,
  type SelfTestOutcome,
  type SelfTestStatus,
  spread,
  summed,
  type TestedPage,
  testedPlaces,
} from '../core/self-test.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { KeyValueStore } from '../platform/storage.ts';

/** Asks for the person's own pages by a sentence of each, at idle or by hand. */
export interface SelfTest {
  status(): Promise<SelfTestStatus>;
  control(action: SelfTestAction): Promise<SelfTestStatus>;
  /** Begins a run when it is time for one, and goes on with it for a slice. */
  runAtIdle(): Promise<void>;
  /** Forgets the last result and a run that is under way. */
  clear(): Promise<void>;
}

const selfTestKey = 'self-test';
const mostPages = 50;
/** The pages that are drawn from. */
const mostRecent = 1000;
const mostWorst = 5;
/** Some are forgotten before anybody looks; so many are kept to show {@link mostWorst} of. */
const keptWorst = 2 * mostWorst;
/** Pages of one slice: at idle a query each, with room between; by hand, so that one sees it move. */
const slicePages = 10;
const handPages = 2;
/** By itself once in so long, and when so many pages were read since. */
const restMs = 7 * 86_400_000;
const leastNewPages = 50;

/** A run under way: kept, because the background may be stopped between two of its pages. */
interface Run {
  /** Those drawn from all over the last ones read, and others in case some have no sentence. */
  readonly waiting: readonly PageId[];
  readonly tested: readonly TestedPage[];
  readonly times: readonly number[];
}

interface Kept {
  readonly run: Run | null;
  readonly last: SelfTestOutcome | null;
}

interface Tools {
  readonly store: KeyValueStore;
  readonly askHost: AskHost;
  now(): number;
  /** A clock that never goes back, in milliseconds. */
  clock(): number;
  /** Somebody searches: a slice at idle gives way. */
  isSearching(): boolean;
}

/**
 * A run asks the engine what the popup would ask, a page at a time, so that a search of the person's
 * waits for one query at most. Of what it found only numbers are kept.
 */
export function createSelfTest({ store, askHost, now, clock, isSearching }: Tools): SelfTest {
  const lock = createLock();
  // Only this writes it: what is of another shape is of another version, and is left behind.
  const kept = async (): Promise<Kept> =>
    ((await store.get(selfTestKey)) as Kept | undefined) ?? { run: null, last: null };

  const status = async (): Promise<SelfTestStatus> => {
    const { run, last } = await kept();
    return {
      run: run && {
        done: run.tested.length,
        total: Math.min(mostPages, run.tested.length + run.waiting.length),
      },
      last: last && { ...last, worst: await shown(last.worst) },
    };
  };

  const shown = async (worst: readonly TestedPage[]) => {
    const pages = [];
    for (const { id, rank } of worst) {
      const stored = await askHost('page-engine:stored-page', { id });
      if (stored !== null) pages.push({ page: stored.page, rank });
      if (pages.length === mostWorst) break;
    }
    return pages;
  };

  const begin = async (before: Kept): Promise<Kept> => {
    const recent = await askHost('page-engine:recent-pages', { limit: mostRecent });
    const drawn = new Set(spread(recent, mostPages));
    const others = recent.filter((page) => !drawn.has(page));
    const waiting = [...drawn, ...spread(others, mostPages)].map(({ id }) => id);
    const next = { ...before, run: { waiting, tested: [], times: [] } };
    await store.set(selfTestKey, next);
    return next;
  };

  /** Place of the page and the time of the search; null for a page that cannot be asked for. */
  const test = async (id: PageId): Promise<{ rank: number; ms: number } | null> => {
    const stored = await askHost('page-engine:stored-page', { id }).catch(unlessDamaged);
    const query = stored === null ? null : farSentence(stored.passages);
    if (query === null) return null;
    const startedAt = clock();
    const request = { query, limit: testedPlaces, client: 'self-test' };
    const { hits } = await askHost('page-engine:search', request);
    const ms = clock() - startedAt;
    const place = hits.findIndex(
      (hit) => hit.page.id === id || hit.nearDuplicates.some((page) => page.id === id),
    );
    return { rank: place + 1, ms };
  };

  /** Goes on for a few pages, or until it has to give way; writes what came of them. */
  const goOn = async (run: Run, pages: number, mustStop: () => boolean): Promise<void> => {
    const tested = [...run.tested];
    const times = [...run.times];
    const isWhole = () => tested.length === mostPages;
    let done = 0;
    for (const id of run.waiting.slice(0, pages)) {
      if (isWhole() || mustStop()) break;
      const found = await test(id);
      done += 1;
      if (found === null) continue;
      tested.push({ id, rank: found.rank });
      times.push(found.ms);
    }
    const waiting = run.waiting.slice(done);
    const { last } = await kept();
    await store.set(
      selfTestKey,
      waiting.length > 0 && !isWhole()
        ? { run: { waiting, tested, times }, last }
        : { run: null, last: summed(tested, times, now(), keptWorst) },
    );
  };

  const isDue = async (last: SelfTestOutcome | null): Promise<boolean> => {
    if (last !== null && now() - last.at < restMs) return false;
    const recent = await askHost('page-engine:recent-pages', { limit: leastNewPages });
    const oldest = recent[leastNewPages - 1];
    return oldest !== undefined && oldest.lastReadAt > (last?.at ?? Number.NEGATIVE_INFINITY);
  };

  return {
    status: () => lock(status),
    control: (action) =>
      lock(async () => {
        const before = await kept();
        if (action === 'stop') await store.set(selfTestKey, { ...before, run: null });
        else if (action === 'begin') before.run ?? (await begin(before));
        else if (before.run !== null) await goOn(before.run, handPages, () => false);
        return status();
      }),
    runAtIdle: () =>
      lock(async () => {
        if (isSearching()) return;
        const before = await kept();
        if (before.run === null && !(await isDue(before.last))) return;
        const { run } = before.run === null ? await begin(before) : before;
        if (run !== null) await goOn(run, slicePages, isSearching);
      }),
    clear: () => lock(() => store.remove([selfTestKey])),
  };
}

/** A page whose text is damaged cannot be asked for; any other failure is one of the run. */
function unlessDamaged(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === 'storage-corrupt') return null;
  throw thrown;
}
