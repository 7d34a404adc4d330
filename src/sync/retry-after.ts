import { retryAfterMs } from '../core/retry-after.ts';

let asked = 0;
let isWatching = false;

/**
 * Notes `Retry-After` of each answer 429. Qdrant's client hands on its first character alone and
 * takes no fetch of ours, so the global one is looked at; it does what it did otherwise.
 */
export function watchRetryAfter(): void {
  if (isWatching) return;
  isWatching = true;
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (response.status === 429) {
      // A date is counted from the server's own clock, which may be hours from ours.
      const now = Date.parse(response.headers.get('date') ?? '') || Date.now();
      asked = retryAfterMs(response.headers.get('retry-after'), now) ?? 0;
    }
    return response;
  };
}

/** Milliseconds that the last answer 429 asked to wait, once; 0 when it did not say. */
export function takeRetryAfter(): number {
  const ms = asked;
  asked = 0;
  return ms;
}
