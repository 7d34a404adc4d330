import type { RuleSettings } from '../core/page/settings.ts';
import type { AsideEntry } from './sync-ports.ts';

/** Where a personal Qdrant is. */
export interface SyncAddress {
  readonly url: string;
  /** Empty when the server asks for none. */
  readonly apiKey: string;
  readonly collection: string;
  /** The person's word that `http:` to another machine is meant. */
  readonly allowsInsecure: boolean;
}

export const syncModes = ['sealed', 'plain'] as const;
/** `sealed`: the server ranks and cannot read. `plain`: whoever reads the server reads the pages. */
export type SyncMode = (typeof syncModes)[number];

export interface SyncSetUpRequest extends SyncAddress {
  readonly mode: SyncMode;
  /** Empty in plain mode. It is never stored. */
  readonly passphrase: string;
  /** Where a collection that is made anew is spread on a cluster; left out: the server's default. */
  readonly shardNumber?: number;
  readonly replicationFactor?: number;
}

/** What a look at an address found. */
export type SyncTestResult =
  | {
      readonly ok: true;
      readonly version: string;
      /** The mode of the mirror that is there; null when there is none yet. */
      readonly mode: SyncMode | null;
      /** Lines that make the collection by hand, for a key that may not; null when it is there. */
      readonly curl: string | null;
    }
  | { readonly ok: false; readonly reason: string; readonly message: string };

/**
 * `idle`: all sent. `waiting`: a passing failure, it goes on by itself. `stopped`: needs the person.
 * `metered`: waits for a connection that is not counted. `deleting`: the mirror is being emptied, to
 * be left or, where new keys are made, to be written again.
 */
export type SyncPhase =
  | 'off'
  | 'idle'
  | 'working'
  | 'waiting'
  | 'stopped'
  | 'paused'
  | 'metered'
  | 'deleting';

/** What sync is doing. Never a key, never a passphrase. */
export interface SyncStatus {
  readonly phase: SyncPhase;
  readonly url: string | null;
  readonly collection: string | null;
  readonly mode: SyncMode | null;
  readonly avoidsMetered: boolean;
  /** Whether a search asks the mirror too. */
  readonly searchesAll: boolean;
  /** Pages that wait to be sent. */
  readonly pending: number;
  /** Pages sent and received since the engine started. */
  readonly sent: number;
  readonly received: number;
  /** Points of the mirror that could not be read, since the engine started. */
  readonly unreadable: number;
  /** Pages the server would not take, and why; the first ones by name. */
  readonly asideCount: number;
  readonly aside: readonly AsideEntry[];
  readonly problem: {
    readonly reason: string;
    readonly message: string;
    /** When it is tried again; null when only the person can do something. */
    readonly retryAt: number | null;
  } | null;
  /** Points left while everything is deleted, 0 when it is done; null otherwise. */
  readonly left: number | null;
}

export const syncActions = [
  'pause',
  'resume',
  'now',
  'retry',
  'avoid-metered',
  'use-metered',
  'search-all',
  'search-here',
  'delete-everything',
  'leave',
] as const;
export type SyncAction = (typeof syncActions)[number];

/** What came of asking the mirror beside a search of this device. */
export type SyncSearchResult =
  /** `off`: not asked, because it is not wanted or not possible now. */
  | { readonly state: 'off' }
  /** Pages taken in from other devices: the same search finds them here now. */
  | { readonly state: 'asked'; readonly taken: number }
  | { readonly state: 'failed'; readonly reason: string };

/** Sync as the host sees it, beside the engine in the same worker. */
export interface SyncApi {
  syncStatus(): Promise<SyncStatus>;
  /** Looks at an address and says what is wrong first. Changes nothing there. */
  syncTest(address: SyncAddress): Promise<SyncTestResult>;
  /**
   * Joins the mirror at an address, or makes it. Rejects with `details.reason`: those of the server,
   * `insecure`, `passphrase` for a wrong one, `mode` when the mirror is of the other mode.
   */
  syncSetUp(request: SyncSetUpRequest): Promise<SyncStatus>;
  /** Wakes sync; nothing is sent before the rules are known, because excluded pages never are. */
  syncWake(rules: RuleSettings): Promise<null>;
  syncControl(action: SyncAction): Promise<SyncStatus>;
  /** Takes in what the mirror finds for a query and is not here yet. Answers within seconds. */
  syncSearch(request: { readonly query: string }): Promise<SyncSearchResult>;
  /**
   * Makes new keys under a new passphrase: the mirror is emptied and sent again, deletions included.
   * The way when a passphrase is lost or known to others. It goes on after any kill; the status
   * counts what is left to delete, then what is left to send.
   */
  syncNewKeys(request: { readonly passphrase: string }): Promise<SyncStatus>;
  /**
   * Joins the mirror that another device made anew in the place of this one's, or makes it when there
   * is none. What this device knows stays, deletions included. Rejects as {@link syncSetUp}.
   */
  syncRejoin(request: { readonly passphrase: string }): Promise<SyncStatus>;
  /** The other devices go on: their keys stay. Rejects as {@link syncSetUp} for a wrong one. */
  syncChangePassphrase(change: { readonly from: string; readonly to: string }): Promise<null>;
}
