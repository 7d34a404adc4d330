import type { CallOptions } from '../../messaging/client.ts';
import type { PageMessage, PageProtocol } from '../../messaging/protocol.ts';

/** Asks the background or the engine; rejects with an AppError. The views get it from outside. */
export type Ask = <M extends PageMessage>(
  type: M,
  params: PageProtocol[M]['params'],
  options?: CallOptions,
) => Promise<PageProtocol[M]['result']>;

/** A clock that tests can hold. */
export interface Timers {
  now(): number;
  /** Runs `task` after `ms`; the returned function calls it off. */
  after(ms: number, task: () => void): () => void;
}

export const browserTimers: Timers = {
  now: () => Date.now(),
  after(ms, task) {
    const id = setTimeout(task, ms);
    return () => clearTimeout(id);
  },
};
