import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { SearchResponse } from '../../core/search/types.ts';
import type { Timers } from '../parts/services.ts';
import { keepOrder } from './rows.ts';

/** Answer to a question that the list shows. */
export interface Shown<Q> {
  readonly question: Q;
  readonly response: SearchResponse;
}

export type SearchState = 'idle' | 'searching' | 'ready' | 'failed';

/**
 * What a search box shows, whatever is asked.
 *
 * ```
 *          ask            answer
 *   idle ───────▶ searching ─────▶ ready
 *     ▲            │  ▲   │ error     │ ask
 *     └── rest ────┘  └───┼───────────┘
 *                         ▼
 *                       failed ── retry ──▶ searching
 * ```
 * While searching, the old answer stays; an answer to an older question is dropped. Where an answer is
 * but the first part of one, the whole follows once the part is painted, and takes its place.
 */
export interface SearchModel<Q> {
  readonly state: ReadonlySignal<SearchState>;
  readonly shown: ReadonlySignal<Shown<Q> | null>;
  readonly error: ReadonlySignal<AppError | null>;
  /** The answer is late enough that a person should see that something is under way. */
  readonly isSlow: ReadonlySignal<boolean>;
  ask(question: Q): void;
  /** Asks the last question again. */
  retry(): void;
  /** Back to the empty box. */
  rest(): void;
}

/** The first part is on the screen by then, and who types on wants no more of it. */
export const restAfterMs = 50;

/** Below this nobody misses a sign of progress. */
export const slowAfterMs = 300;

export function createSearchModel<Q>(
  answer: (question: Q) => Promise<SearchResponse>,
  timers: Pick<Timers, 'after'>,
  /** Whether a question goes on from the one before, so that near equals keep their order. */
  goesOn: (before: Q, now: Q) => boolean = () => true,
  /** Asks for the whole of an answer; null where there is no more than its first part. */
  wholeOf: (question: Q, first: SearchResponse) => Promise<SearchResponse> | null = () => null,
): SearchModel<Q> {
  const asked: Signal<Q | null> = signal(null);
  const shown: Signal<Shown<Q> | null> = signal(null);
  const error: Signal<AppError | null> = signal(null);
  const isWaiting = signal(false);
  const isSlow = signal(false);
  let turn = 0;
  let callOff: () => void = () => {};
  let callOffRest: () => void = () => {};

  const settle = () => {
    callOff();
    isWaiting.value = false;
    isSlow.value = false;
  };

  const show = (question: Q, response: SearchResponse) => {
    const last = shown.value;
    const before = last && goesOn(last.question, question) ? last.response.hits : [];
    shown.value = {
      question,
      response: { ...response, hits: keepOrder(response.hits, before) },
    };
  };

  const ask = (question: Q) => {
    turn += 1;
    const mine = turn;
    callOffRest();
    asked.value = question;
    error.value = null;
    if (!isWaiting.value) {
      isWaiting.value = true;
      callOff = timers.after(slowAfterMs, () => {
        isSlow.value = true;
      });
    }
    const fail = (thrown: unknown) => {
      if (mine !== turn) return;
      settle();
      error.value = asAppError(thrown);
    };
    answer(question).then((response) => {
      if (mine !== turn) return;
      settle();
      show(question, response);
      callOffRest = timers.after(restAfterMs, () => {
        wholeOf(question, response)?.then((whole) => mine === turn && show(question, whole), fail);
      });
    }, fail);
  };

  return {
    state: computed(() => {
      if (asked.value === null) return 'idle';
      if (error.value) return 'failed';
      return isWaiting.value ? 'searching' : 'ready';
    }),
    shown,
    error,
    isSlow,
    ask,
    retry() {
      if (asked.value !== null) ask(asked.value);
    },
    rest() {
      turn += 1;
      callOffRest();
      settle();
      asked.value = null;
      shown.value = null;
      error.value = null;
    },
  };
}
