import type { PageKey, Timestamp } from '../ids.ts';
import { emptyState } from './merge.ts';
import type { DeviceId, Epoch, PageContent, PageState } from './types.ts';

/**
 * Where a page stands among the devices of a mirror: a {@link PageState} without its content and its
 * visits, which the page's own rows hold. Visits need no epoch of their own there: a deletion takes
 * the visits it ends with it, so those that are left are of the mark's epoch, as the edit is.
 */
export interface PageMark {
  readonly epoch: Epoch;
  /** Null while the page is forgotten. */
  readonly edit: {
    readonly counter: number;
    readonly device: DeviceId;
    readonly at: Timestamp;
  } | null;
}

/** The mark of a page before any device told of it. */
export const noMark: PageMark = { epoch: 0, edit: null };

/** The mark after this device has changed what the page says. */
export function markAfterEdit(mark: PageMark, device: DeviceId, at: Timestamp): PageMark {
  return { epoch: mark.epoch, edit: { counter: (mark.edit?.counter ?? 0) + 1, device, at } };
}

/** The mark after this device has forgotten the page. */
export function markAfterForget(mark: PageMark): PageMark {
  return { epoch: mark.epoch + 1, edit: null };
}

export function markOf({ epoch, edit }: PageState): PageMark {
  if (edit === null) return { epoch, edit: null };
  const { counter, device, at } = edit;
  return { epoch, edit: { counter, device, at } };
}

/** The inverse of {@link markOf}, with what the page's own rows hold; null when there are none. */
export function stateOf(
  key: PageKey,
  { epoch, edit }: PageMark,
  page: { readonly content: PageContent; readonly visits: readonly Timestamp[] } | null,
): PageState {
  if (page === null || edit === null) return { ...emptyState(key), epoch };
  const times = [...new Set(page.visits)].sort((a, b) => a - b);
  return {
    key,
    epoch,
    edit: { epoch, ...edit, content: page.content },
    visits: times.map((at) => ({ epoch, at })),
  };
}
