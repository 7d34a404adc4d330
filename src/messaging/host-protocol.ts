import type { PageKey, Timestamp } from '../core/ids.ts';
import type { PrivateSignals } from '../core/page/private-rules.ts';
import type { Retention, RuleAction, RuleSettings } from '../core/page/settings.ts';
import type { PrivateReason } from '../core/page/state.ts';
import type { ReadReceipt } from '../engine/api.ts';
import type { PageEngineProtocol, PageSyncProtocol } from './protocol.ts';

/** A page as the background hands it to the host. */
export interface PageJob {
  readonly key: PageKey;
  readonly url: string;
  readonly title: string;
  readonly lang: string;
  readonly readAt: Timestamp;
  readonly signals: PrivateSignals;
  /** The flat snapshot, gzipped, in base64. */
  readonly snapshot: string;
  readonly action: Exclude<RuleAction, 'never'>;
  /** The person has decided: pages that look private are stored all the same. */
  readonly isAllowed: boolean;
}

/** What became of a page. */
export type HostOutcome =
  | { readonly outcome: 'stored'; readonly receipt: ReadReceipt }
  | { readonly outcome: 'held' | 'private'; readonly reasons: readonly PrivateReason[] }
  | { readonly outcome: 'empty' };

/** What the background asks of the host, beside what it passes on from the pages. */
export interface HostProtocol extends PageEngineProtocol, PageSyncProtocol {
  'background-host:read-page': { params: PageJob; result: HostOutcome };
  /** Idle work of the engine. */
  'background-host:maintain': { params: { retention: Retention }; result: { isDone: boolean } };
  /** Lets sync go on, with the rules that say what it may never send. */
  'background-host:wake-sync': { params: RuleSettings; result: null };
}
