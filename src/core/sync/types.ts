import type { PageKey, Timestamp } from '../ids.ts';
import type { PageType } from '../page/types.ts';

/** Identity of one browser profile among those that share a mirror. */
export type DeviceId = string & { readonly __brand: 'DeviceId' };

/**
 * How many deletions of a page its writer had seen. A page written in an older epoch than a
 * deletion did not know of it, and yields to it, whatever the clocks say.
 */
export type Epoch = number;

/** The content of a page as it travels. */
export interface PageContent {
  readonly url: string;
  readonly title: string;
  readonly lang: string;
  readonly type: PageType;
  readonly firstReadAt: Timestamp;
  readonly isPinned: boolean;
  readonly passages: readonly {
    readonly text: string;
    readonly heading?: string;
    readonly sheet?: number;
  }[];
}

/** One edit: content with what orders it against other edits of the same page. */
export interface PageEdit {
  readonly epoch: Epoch;
  /** Lamport counter: greater than that of every edit its writer had seen. */
  readonly counter: number;
  readonly device: DeviceId;
  readonly at: Timestamp;
  readonly content: PageContent;
}

/** A visit and the epoch its device was in, so that a deletion ends the visits it knew of too. */
export interface PageVisit {
  readonly epoch: Epoch;
  readonly at: Timestamp;
}

/**
 * What a device knows of a page: its newest edit, its deletions, its visits. States merge by taking the
 * greater of each part and the union of visits, so any order of merges ends the same.
 */
export interface PageState {
  readonly key: PageKey;
  readonly edit: PageEdit | null;
  /** Deletions so far; edits and visits of an epoch before it are gone. */
  readonly epoch: Epoch;
  /** Each once, by epoch, then time. */
  readonly visits: readonly PageVisit[];
}

/** A change of a page that waits to be sent. Written in the transaction of the change itself. */
export interface OutboxEntry {
  /** Position in this device's log; grows, never reused. */
  readonly sequence: number;
  readonly key: PageKey;
}

/** What leaves this device for one page: its own view, numbered. */
export interface PageRecord {
  readonly device: DeviceId;
  readonly sequence: number;
  readonly state: PageState;
}
