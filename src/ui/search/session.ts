import type { Timestamp } from '../../core/ids.ts';

/** A pause in reading longer than this ends a session. */
export const sessionGapMs = 30 * 60_000;

/**
 * The visits of the session that `at` belongs to: neighbours in time, each within
 * {@link sessionGapMs} of the next, in order of time.
 */
export function sessionAround<T extends { readonly visit: { readonly at: Timestamp } }>(
  visits: readonly T[],
  at: Timestamp,
): readonly T[] {
  const inOrder = [...visits].sort((a, b) => a.visit.at - b.visit.at);
  const before = inOrder.filter((entry) => entry.visit.at <= at);
  const after = inOrder.filter((entry) => entry.visit.at > at);
  return [...nearRun(before.reverse(), at).reverse(), ...nearRun(after, at)];
}

/** Entries from the first on while each is near the one before it; the first is near `from`. */
function nearRun<T extends { readonly visit: { readonly at: Timestamp } }>(
  entries: readonly T[],
  from: Timestamp,
): T[] {
  const run: T[] = [];
  let last = from;
  for (const entry of entries) {
    if (Math.abs(entry.visit.at - last) > sessionGapMs) break;
    run.push(entry);
    last = entry.visit.at;
  }
  return run;
}
