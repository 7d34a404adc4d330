import { createLock } from '../core/lock.ts';
import type { SpeedDay, SpeedReport, TimedKind } from '../core/speed.ts';
import type { KeyValueStore } from '../platform/storage.ts';

/** How long reading a page and searching took lately, for the person to look at. */
export interface SpeedLog {
  /** Runs a task and notes how long it took; one that fails is not noted. */
  timed<T>(kind: TimedKind, task: () => Promise<T>, counts?: (result: T) => boolean): Promise<T>;
  report(): Promise<SpeedReport>;
  /** Forgets everything, with what the numbers tell of when somebody read. */
  clear(): Promise<void>;
}

const logKey = 'speed';
const mostTimes = 200;
const mostDays = 60;
/** Times that come this close together are written together: every keystroke is a search. */
const gatherMs = 5_000;
const nothing: SpeedReport = { reading: [], searching: [], days: [] };

interface Tools {
  readonly store: KeyValueStore;
  now(): number;
  /** A clock that never goes back, in milliseconds. */
  clock(): number;
  /** Runs something later. */
  after(ms: number, run: () => void): unknown;
}

/**
 * Times are kept on the disk, because the background is stopped many times a day. The last few may
 * be lost with it.
 */
export function createSpeedLog({ store, now, clock, after }: Tools): SpeedLog {
  let waiting: { readonly kind: TimedKind; readonly ms: number; readonly day: string }[] = [];
  let isGathering = false;
  const lock = createLock();

  const report = async (): Promise<SpeedReport> => readReport(await store.get(logKey));
  const write = async (): Promise<void> => {
    const noted = waiting;
    waiting = [];
    if (noted.length === 0) return;
    let next = await report();
    for (const { kind, ms, day } of noted) next = withTime(next, kind, ms, day);
    await store.set(logKey, next);
  };
  // What cannot be timed is still read and found.
  const flush = (): Promise<void> => lock(write).catch(() => undefined);
  const flushSoon = (): void => {
    if (isGathering) return;
    isGathering = true;
    after(gatherMs, () => {
      isGathering = false;
      void flush();
    });
  };
  return {
    async timed(kind, task, counts = () => true) {
      const startedAt = clock();
      const result = await task();
      if (counts(result)) {
        waiting.push({ kind, ms: Math.round((clock() - startedAt) * 10) / 10, day: dayOf(now()) });
        flushSoon();
      }
      return result;
    },
    async report() {
      await flush();
      return report();
    },
    clear: () =>
      lock(async () => {
        waiting = [];
        await store.remove([logKey]);
      }),
  };
}

function withTime(before: SpeedReport, kind: TimedKind, ms: number, day: string): SpeedReport {
  const next = { ...before, [kind]: [...before[kind], ms].slice(-mostTimes) };
  if (kind === 'searching') return next;
  const today = before.days.find((each) => each.day === day) ?? { day, pages: 0, ms: 0 };
  const others = before.days.filter((each) => each.day !== day);
  const days = [...others, { day, pages: today.pages + 1, ms: today.ms + ms }];
  return { ...next, days: days.sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-mostDays) };
}

function dayOf(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What was stored, without anything that is not of its shape. */
function readReport(stored: unknown): SpeedReport {
  if (typeof stored !== 'object' || stored === null) return nothing;
  const { reading, searching, days } = stored as Record<string, unknown>;
  const times = (list: unknown) =>
    Array.isArray(list) ? list.filter((ms) => typeof ms === 'number' && ms >= 0) : [];
  return {
    reading: times(reading),
    searching: times(searching),
    days: Array.isArray(days) ? days.filter(isDay) : [],
  };
}

function isDay(value: unknown): value is SpeedDay {
  if (typeof value !== 'object' || value === null) return false;
  const { day, pages, ms } = value as Record<string, unknown>;
  return (
    typeof day === 'string' &&
    /^\d{4}-\d\d-\d\d$/.test(day) &&
    typeof pages === 'number' &&
    typeof ms === 'number'
  );
}
