import type { PageKey, Timestamp } from '../core/ids.ts';
import type { PageMark } from '../core/sync/mark.ts';
import type { DeviceId, OutboxEntry } from '../core/sync/types.ts';
import type { IndexEntry, PageDraft, PageRecord, SegmentChange } from './ports.ts';

/** That this device shares a mirror, and how. The store keeps `settings` as they are. */
export interface SyncSetup {
  readonly device: DeviceId;
  /** Anything that can be cloned, keys that cannot be exported among it. */
  readonly settings: unknown;
}

/** A page as it is after a merge. */
export interface MergedPage {
  readonly draft: PageDraft;
  /** Null: text and index entry stay as they are. */
  readonly content: {
    readonly text: Uint8Array;
    readonly tokens: Uint8Array;
    readonly entry: Omit<IndexEntry, 'pageId'>;
  } | null;
  /** All its visits; others that are stored go. */
  readonly visits: readonly Timestamp[];
}

/** All that is stored of a page that sync asks for. */
export interface KnownPage {
  readonly mark: PageMark;
  /** Null: there is no such page. */
  readonly record: PageRecord | null;
  /** Packed passages; null when there are none that can be read. */
  readonly text: Uint8Array | null;
  readonly visits: readonly Timestamp[];
}

/** How far the changes of another device, by the name the mirror gives it, were received. */
export interface SyncCursor {
  readonly device: string;
  readonly sequence: number;
}

/** What another device told of a page, joined with what is here. */
export interface MergeWrite {
  readonly key: PageKey;
  readonly mark: PageMark;
  /** Null: the page is forgotten. */
  readonly page: MergedPage | null;
  /** Whether it goes into the outbox. */
  readonly resend: boolean;
}

/** A page that the server would not take, kept out of the way of the others. */
export interface AsideEntry {
  readonly key: PageKey;
  readonly reason: string;
  readonly message: string;
  readonly at: Timestamp;
}

/** Settings after a change, from those before it. */
export type SettingsChange = (settings: unknown) => unknown;

/**
 * The rows of sync beside those of the pages. While a setup is there, each write of a page, each
 * change and each removal writes its mark and its outbox entry in its own transaction; without
 * one there are none of these rows. Each method is one transaction; errors as of the page store.
 */
export interface SyncRows {
  setup(): Promise<SyncSetup | null>;
  /** Keeps the setup and puts every page into the outbox; says how many. */
  join(setup: SyncSetup): Promise<number>;
  /**
   * Changes the settings that are there then, so that no other change is undone. Rejects with
   * `bad-request` when there is no setup.
   */
  changeSettings(change: SettingsChange): Promise<void>;
  /**
   * Changes the settings and puts every page that this device knows of into the outbox, forgotten
   * ones too, for a mirror that holds nothing of it yet. Rejects with `bad-request` without a setup.
   */
  sendAnew(change: SettingsChange): Promise<void>;
  /** Removes every row of sync, keys included. */
  leave(): Promise<void>;

  /** What is stored of each page, in their order. */
  known(keys: readonly PageKey[]): Promise<readonly KnownPage[]>;
  /**
   * Writes what came of a merge of pages that differ, and where the device that told of them stands.
   * Rejects with `bad-request` without a setup.
   * @param segments what takes the place of the segments that hold pages which are forgotten
   * @returns each page's record afterwards, null when it is forgotten, and the segments added
   */
  merge(
    writes: readonly MergeWrite[],
    cursor: SyncCursor | null,
    segments: SegmentChange,
  ): Promise<{
    readonly records: readonly (PageRecord | null)[];
    readonly added: readonly number[];
  }>;

  /** The oldest waiting entries after a sequence (0: all), ascending by it, one a page. */
  pending(limit: number, after: number): Promise<readonly OutboxEntry[]>;
  pendingCount(): Promise<number>;
  /** Removes the entries of these pages that are not newer than these. */
  acknowledge(entries: readonly OutboxEntry[]): Promise<void>;
  cursors(): Promise<Readonly<Record<string, number>>>;

  /** Takes an entry out of the outbox, unless it is newer, and keeps why. */
  putAside(entry: OutboxEntry, why: Omit<AsideEntry, 'key'>): Promise<void>;
  aside(limit: number): Promise<readonly AsideEntry[]>;
  asideCount(): Promise<number>;
  /** Puts everything that is aside into the outbox again. */
  retryAside(): Promise<void>;
}
