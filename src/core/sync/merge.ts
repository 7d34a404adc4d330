import type { PageKey, Timestamp } from '../ids.ts';
import type { DeviceId, PageContent, PageEdit, PageState, PageVisit } from './types.ts';

/** Total order of edits: epoch, then Lamport counter, then device as the tie-break. */
export function compareEdits(a: PageEdit, b: PageEdit): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.counter !== b.counter) return a.counter - b.counter;
  return a.device < b.device ? -1 : a.device > b.device ? 1 : 0;
}

function laterEdit(a: PageEdit | null, b: PageEdit | null): PageEdit | null {
  if (a === null || b === null) return a ?? b;
  return compareEdits(a, b) >= 0 ? a : b;
}

function compareVisits(a: PageVisit, b: PageVisit): number {
  return a.epoch - b.epoch || a.at - b.at;
}

function unionOfVisits(a: readonly PageVisit[], b: readonly PageVisit[]): PageVisit[] {
  const sorted = [...a, ...b].sort(compareVisits);
  return sorted.filter((visit, i) => {
    const previous = sorted[i - 1];
    return previous === undefined || compareVisits(previous, visit) !== 0;
  });
}

/** A page nobody has read. */
export function emptyState(key: PageKey): PageState {
  return { key, edit: null, epoch: 0, visits: [] };
}

/**
 * Joins two states of one page. Commutative, associative and idempotent, so devices that have seen
 * the same states agree whatever the order (a state-based CRDT: Shapiro et al., 2011).
 *
 * A deletion ends every edit and visit whose writer did not know of it. Clocks decide nothing:
 * they may be wrong by hours, and what a person has forgotten must not come back by a wrong clock.
 *
 * @throws RangeError when the states are of different pages
 */
export function mergeStates(a: PageState, b: PageState): PageState {
  if (a.key !== b.key) {
    throw new RangeError(`Only states of one page can be merged, not "${a.key}" with "${b.key}".`);
  }
  const epoch = Math.max(a.epoch, b.epoch);
  const edit = laterEdit(a.edit, b.edit);
  return {
    key: a.key,
    edit: edit !== null && edit.epoch >= epoch ? edit : null,
    epoch,
    visits: unionOfVisits(a.visits, b.visits).filter((visit) => visit.epoch >= epoch),
  };
}

/** The state after this device has read the page: an edit that knows of every deletion seen. */
export function afterRead(
  state: PageState,
  read: { device: DeviceId; at: Timestamp; content: PageContent },
): PageState {
  const counter = (state.edit?.counter ?? 0) + 1;
  return {
    ...state,
    edit: { epoch: state.epoch, counter, ...read },
    visits: unionOfVisits(state.visits, [{ epoch: state.epoch, at: read.at }]),
  };
}

/** The state after this device has visited the page again without a change of its content. */
export function afterVisit(state: PageState, at: Timestamp): PageState {
  return { ...state, visits: unionOfVisits(state.visits, [{ epoch: state.epoch, at }]) };
}

/** The state after this device has forgotten the page: one epoch on, nothing left but that. */
export function afterForget(state: PageState): PageState {
  return { key: state.key, edit: null, epoch: state.epoch + 1, visits: [] };
}

/**
 * Whether this device must send the page again. It must when what it had says more than what it was
 * told; and when a deletion ended what it had, because it may have sent that once more after the
 * deletion, in the repeat of a write whose answer was lost, and nobody else would take it away. One
 * that only took over what it was told stays quiet.
 */
export function isOwedBack(before: PageState, told: PageState, merged: PageState): boolean {
  if (before.epoch < merged.epoch) return before.edit !== null;
  if (merged.epoch > told.epoch) return told.edit !== null;
  if (before.edit === null || told.edit === null) return false;
  return compareEdits(before.edit, told.edit) > 0;
}

/** Whether two states of one page say the same. */
export function isSameState(a: PageState, b: PageState): boolean {
  if (a.epoch !== b.epoch || a.visits.length !== b.visits.length) return false;
  if (a.edit === null || b.edit === null) return a.edit === b.edit;
  return (
    compareEdits(a.edit, b.edit) === 0 &&
    a.visits.every((visit, i) => compareVisits(visit, b.visits[i] as PageVisit) === 0)
  );
}

/** Whether a page in this state is there to be found. */
export function isAlive(state: PageState): boolean {
  return state.edit !== null;
}
