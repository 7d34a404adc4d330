import type { Ranked, RankingSlot } from '../core/search/search.ts';
import type { SearchRequest } from '../core/search/types.ts';

/** A list grows right after it was shown; what was read long ago and its times are not as they were. */
const keptMs = 10_000;

/**
 * The last ranking, so that more hits of a question cost no second one: a view asks for those that it
 * can show first, and for the others when they are painted. No change of the index outdates it.
 */
export class LastRanking {
  readonly #clock: () => number;
  #kept: { readonly key: string; readonly at: number; readonly ranked: Ranked } | null = null;
  /** Counts beginnings and ends of changes, so it is odd while one goes on. */
  #changes = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  slot(request: SearchRequest): RankingSlot {
    const { limit: _limit, client: _client, ...question } = request;
    const key = JSON.stringify(question);
    const kept = this.#kept;
    const isFresh = kept?.key === key && this.#clock() - kept.at < keptMs;
    const changes = this.#changes;
    return {
      before: isFresh ? kept.ranked : null,
      keep: (ranked) => {
        if (changes !== this.#changes || changes % 2 === 1) return;
        this.#kept = { key, at: this.#clock(), ranked };
      },
    };
  }

  /** Runs a change of the index; what was ranked before its end is not taken over. */
  async during<T>(change: () => Promise<T>): Promise<T> {
    this.#turn();
    try {
      return await change();
    } finally {
      this.#turn();
    }
  }

  #turn(): void {
    this.#changes++;
    this.#kept = null;
  }
}
