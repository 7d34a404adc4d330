import { asAppError } from '../core/errors.ts';
import type { SyncSearchResult } from '../engine/sync-api.ts';
import { reasonOf } from './errors.ts';

/** Some work that can be stopped, and its end, which never rejects. */
export interface Running {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Searches of the mirror: a newer one lets go of the older, and each has its own time-out. */
export class OneAtATime {
  readonly #timeoutMs: number;
  #asking: Running | null = null;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @param work takes in what it finds and says how many pages that were */
  async ask(work: (signal: AbortSignal) => Promise<number>): Promise<SyncSearchResult> {
    this.#asking?.stop.abort();
    const stop = new AbortController();
    const taking = work(stop.signal);
    const asking = { stop, done: taking.then(ignore, ignore) };
    this.#asking = asking;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<SyncSearchResult>((resolve) => {
      timer = setTimeout(() => {
        stop.abort();
        resolve({ state: 'failed', reason: 'timeout' });
      }, this.#timeoutMs);
    });
    try {
      return await Promise.race([
        late,
        taking.then((taken): SyncSearchResult => ({ state: 'asked', taken })),
      ]);
    } catch (thrown) {
      if (stop.signal.aborted) return { state: 'off' };
      return { state: 'failed', reason: reasonOf(thrown) ?? asAppError(thrown).code };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of what is asked and waits until nothing of it goes on. */
  async halt(): Promise<void> {
    this.#asking?.stop.abort();
    await this.#asking?.done;
  }
}

const ignore = () => undefined;
