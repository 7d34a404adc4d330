import { AppError } from '../core/errors.ts';

/** Lets the newest request of each client go on; the older ones stop at their next checkpoint. */
export class LatestWins {
  readonly #latest = new Map<string, number>();
  #count = 0;

  /**
   * Registers a request. Its checkpoint lets waiting messages in, then rejects with `superseded`
   * when one of them was a newer request of the same client.
   */
  start(client: string | undefined): () => Promise<void> {
    const own = ++this.#count;
    if (client !== undefined) this.#latest.set(client, own);
    return async () => {
      // A message reaches the worker only between tasks; a promise alone would not let it in.
      await nextTask();
      if (client !== undefined && this.#latest.get(client) !== own) {
        throw new AppError('superseded', 'A newer query took this one’s place.');
      }
    };
  }
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
// In Node a listening port would keep the process alive.
(channel.port1 as { unref?: () => void }).unref?.();

/** The next task, without the delay that nested timers get. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
