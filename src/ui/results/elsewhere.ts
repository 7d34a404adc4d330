import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { asAppError } from '../../core/errors.ts';
import type { SyncSearchResult } from '../../engine/sync-api.ts';
import type { Timers } from '../parts/services.ts';
import { slowAfterMs } from './search-model.ts';

/** What came of asking the other devices for the question that is shown. */
export type ElsewhereState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** The mirror asked beside the list of this device, once the typing rests. */
export interface Elsewhere {
  readonly state: ReadonlySignal<ElsewhereState>;
  look(query: string): void;
  rest(): void;
}

/** Long enough that a server is not asked at every letter. */
export const lookAfterMs = 600;

/**
 * @param ask the mirror; where sync is off or does not search, the answer says so at once
 * @param onTaken pages came in for this query: the list has to be asked again
 */
export function createElsewhere(
  ask: (query: string) => Promise<SyncSearchResult>,
  timers: Pick<Timers, 'after'>,
  onTaken: (query: string) => void,
): Elsewhere {
  const state: Signal<ElsewhereState> = signal({ kind: 'none' });
  let turn = 0;
  let callOff: () => void = () => {};

  const rest = () => {
    turn += 1;
    callOff();
    state.value = { kind: 'none' };
  };
  const settle = (mine: number, next: ElsewhereState) => {
    if (mine !== turn) return;
    callOff();
    state.value = next;
  };
  const begin = async (query: string, mine: number) => {
    callOff = timers.after(slowAfterMs, () => {
      state.value = { kind: 'asking' };
    });
    try {
      const result = await ask(query);
      if (result.state === 'failed') settle(mine, { kind: 'failed', reason: result.reason });
      else if (result.state === 'off' || result.taken === 0) settle(mine, { kind: 'none' });
      else {
        settle(mine, { kind: 'taken', count: result.taken });
        if (mine === turn) onTaken(query);
      }
    } catch (thrown) {
      settle(mine, { kind: 'failed', reason: asAppError(thrown).code });
    }
  };

  return {
    state,
    rest,
    look(query) {
      rest();
      const mine = turn;
      callOff = timers.after(lookAfterMs, () => void begin(query, mine));
    },
  };
}
