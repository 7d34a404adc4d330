import { type ErrorCode, errorCodes, type NotedProblem } from '../core/errors.ts';
import { createLock } from '../core/lock.ts';
import type { KeyValueStore } from '../platform/storage.ts';

/** The last problems since the browser was started, for the health of the whole. */
export interface ProblemLog {
  note(code: ErrorCode): Promise<void>;
  /** Latest first. */
  list(): Promise<readonly NotedProblem[]>;
}

const logKey = 'problems';
const mostProblems = 20;

function isProblem(value: unknown): value is NotedProblem {
  if (typeof value !== 'object' || value === null) return false;
  const { code, at } = value as Record<string, unknown>;
  return (errorCodes as readonly unknown[]).includes(code) && typeof at === 'number';
}

export function createProblemLog(store: KeyValueStore, now: () => number): ProblemLog {
  const lock = createLock();
  const list = async (): Promise<readonly NotedProblem[]> => {
    const stored = await store.get(logKey);
    return Array.isArray(stored) ? stored.filter(isProblem) : [];
  };
  return {
    list,
    note: (code) =>
      lock(async () => {
        await store.set(logKey, [{ code, at: now() }, ...(await list())].slice(0, mostProblems));
      }),
  };
}
