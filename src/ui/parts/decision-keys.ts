import type { HeldDecision } from '../../core/page/state.ts';

/** The one key of each decision about a held page, by its place on the keyboard. */
export const decisionKeys: Readonly<Record<HeldDecision, string>> = {
  once: 'O',
  always: 'A',
  never: 'N',
};
