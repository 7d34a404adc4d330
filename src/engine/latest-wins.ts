import { AppError } from '../core/errors.ts';
import { nextTask } from './next-task.ts';

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
