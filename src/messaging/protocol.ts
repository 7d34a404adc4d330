import type { NotedProblem, WireError } from '../core/errors.ts';
import type { ModelId, PageId, PageKey } from '../core/ids.ts';
import type { FetchAction, FetchStatus, WantedPage } from '../core/page/fetching.ts';
import type { FoundPlace, OpenedState, OpenedText } from '../core/page/opened.ts';
import type { Pause, PauseChoice, RuleAction, Settings, SiteRule } from '../core/page/settings.ts';
import type { HeldDecision, HeldPage, TabPage } from '../core/page/state.ts';
import type { PassagesRequest } from '../core/search/more-passages.ts';
import type {
  Hit,
  PageSummary,
  SearchRequest,
  SearchResponse,
  SimilarRequest,
} from '../core/search/types.ts';
import type { SelfTestAction, SelfTestStatus } from '../core/self-test.ts';
import type { SpeedReport } from '../core/speed.ts';
import type {
  EngineStatus,
  ExportRequest,
  ExportSlice,
  ForgetReceipt,
  ForgetSelection,
  GrowthStep,
  ImportReceipt,
  ImportRequest,
  MapRequest,
  MapSlice,
  ModelChangeAction,
  ModelStatus,
  RecentRequest,
  StoredPage,
  Visit,
  VisitsRequest,
} from '../engine/api.ts';
import type {
  SyncAction,
  SyncAddress,
  SyncSearchResult,
  SyncSetUpRequest,
  SyncStatus,
  SyncTestResult,
} from '../engine/sync-api.ts';
import type { Shortcut } from '../platform/commands.ts';
import type { PageNow } from './host-protocol.ts';

/** Where a page is opened. `side-window`: a narrow window beside the current one. */
export type OpenPlace = 'tab' | 'new-tab' | 'side-window';

/** What an extension page may ask of the background. */
export interface PageBackgroundProtocol {
  /** The page of a tab, or of the active tab of the window in front, and what became of it. */
  'page-background:current-page-state': { params: { tabId?: number } | null; result: TabPage };
  'page-background:get-pause': { params: null; result: Pause };
  'page-background:set-pause': { params: { choice: PauseChoice }; result: Pause };
  'page-background:get-settings': { params: null; result: Settings };
  /** Changes some settings; nothing is changed when one of them is out of range. */
  'page-background:set-settings': { params: Partial<Settings>; result: Settings };
  /** The rules that come with the product and which of them are on. */
  'page-background:default-rules': {
    params: null;
    result: readonly { rule: SiteRule; list: string; isEnabled: boolean }[];
  };
  /**
   * Opens a web page, or a page of the extension by its path (`/search.html?q=…`). A page that was
   * `found` is looked after: whether what was found is still there.
   */
  'page-background:open-page': {
    params: { url: string; place: OpenPlace; found?: FoundPlace };
    result: null;
  };
  /** How the page of a tab, or of the active one, is not what was opened; null when it is. */
  'page-background:opened-page': {
    params: { tabId?: number } | null;
    result: { tabId: number; state: OpenedState } | null;
  };
  /** What was opened in a tab, as it was stored then. */
  'page-background:opened-text': { params: { tabId: number }; result: OpenedText | null };
  /** Reads the page of a tab now, without waiting for the dwell time; `true`: it was begun. */
  'page-background:capture-now': { params: { tabId?: number } | null; result: boolean };
  /**
   * Makes a rule for the site of an address, or for its path, and forgets what is stored of it when
   * asked to. `null` as action removes the person's rule.
   */
  'page-background:exclude-site': {
    params: {
      url: string;
      scope: 'site' | 'path';
      action: RuleAction | null;
      alsoForget: boolean;
    };
    result: { rules: readonly SiteRule[]; receipt: ForgetReceipt | null };
  };
  /** The keyboard commands with their keys now; `canChange`: `change-shortcut` may set them. */
  'page-background:shortcuts': {
    params: null;
    result: { shortcuts: readonly Shortcut[]; canChange: boolean };
  };
  /** Sets the keys of a command; answers as `shortcuts` does. */
  'page-background:change-shortcut': {
    params: { name: string; keys: string };
    result: PageBackgroundProtocol['page-background:shortcuts']['result'];
  };
  /** Opens the browser's own page for keyboard commands. */
  'page-background:open-shortcut-settings': { params: null; result: null };
  /** What went wrong since the browser was started, latest first. */
  'page-background:problems': { params: null; result: readonly NotedProblem[] };
  /** Does all the idle work there is now: packs, merges, purges, and forgets what is too old. */
  'page-background:compact': { params: null; result: null };
  /** How long reading and searching took lately. */
  'page-background:speed': { params: null; result: SpeedReport };
  /** The test of the search on the person's own pages, and its last result. */
  'page-background:self-test': { params: null; result: SelfTestStatus };
  'page-background:self-test-control': {
    params: { action: SelfTestAction };
    result: SelfTestStatus;
  };
  /** Fetches the text of pages; more may be added while it goes on. */
  'page-background:fetch-pages': {
    params: {
      pages: readonly WantedPage[];
      withCookies: boolean;
      /** Match patterns that were granted for it, given back at its end. */
    };
    result: FetchStatus;
  };
  'page-background:fetch-status': { params: null; result: FetchStatus };
  'page-background:fetch-control': { params: { action: FetchAction }; result: FetchStatus };
  /** Looks at a page of the web as it is now. Stores nothing; the site must have been granted. */
  'page-background:page-now': { params: { url: string }; result: PageNow };
  'page-background:held-pages': { params: null; result: readonly HeldPage[] };
  /** Decides about a held page; the pages still held. */
  'page-background:decide-held': {
    params: { key: PageKey; decision: HeldDecision };
    result: readonly HeldPage[];
  };
}

/** What an extension page may ask of the engine. */
export interface PageEngineProtocol {
  'page-engine:search': { params: SearchRequest; result: SearchResponse };
  'page-engine:find-similar': { params: SimilarRequest; result: SearchResponse };
  /** Other passages of a page that answer a query, best first. */
  'page-engine:more-passages': { params: PassagesRequest; result: readonly Hit[] };
  'page-engine:recent-pages': { params: RecentRequest; result: readonly PageSummary[] };
  'page-engine:page-by-key': { params: { key: PageKey }; result: PageSummary | null };
  'page-engine:stored-page': { params: { id: PageId }; result: StoredPage | null };
  'page-engine:visits': {
    params: VisitsRequest;
    result: readonly { visit: Visit; page: PageSummary }[];
  };
  /** Some pages of the map of what was read; begins its drawing when it is not of today. */
  'page-engine:reading-map': { params: MapRequest; result: MapSlice };
  /** What was stored by the end of each month. */
  'page-engine:growth': { params: null; result: readonly GrowthStep[] };
  /** Some pages with their texts, for an export. */
  'page-engine:export-pages': { params: ExportRequest; result: ExportSlice };
  /** Joins pages of an export with those that are stored. */
  'page-engine:import-pages': { params: ImportRequest; result: ImportReceipt };
  'page-engine:set-pinned': { params: { id: PageId; isPinned: boolean }; result: null };
  'page-engine:forget': { params: ForgetSelection; result: ForgetReceipt };
  /** The model that answers, and the change to another one that is under way. */
  'page-engine:model': { params: null; result: ModelStatus };
  /** Begins to change to a model on the shelf; `null`: the one that comes with the extension. */
  'page-engine:use-model': { params: { id: ModelId | null }; result: ModelStatus };
  'page-engine:change-model': { params: { action: ModelChangeAction }; result: ModelStatus };
  'page-engine:status': { params: null; result: EngineStatus };
}

/** What an extension page may ask of sync. Keys and passphrases go this way and never back. */
export interface PageSyncProtocol {
  'page-sync:status': { params: null; result: SyncStatus };
  'page-sync:test': { params: SyncAddress; result: SyncTestResult };
  'page-sync:set-up': { params: SyncSetUpRequest; result: SyncStatus };
  'page-sync:control': { params: { action: SyncAction }; result: SyncStatus };
  'page-sync:search': { params: { query: string }; result: SyncSearchResult };
  'page-sync:new-keys': { params: { passphrase: string }; result: SyncStatus };
  'page-sync:rejoin': { params: { passphrase: string }; result: SyncStatus };
  'page-sync:change-passphrase': { params: { from: string; to: string }; result: null };
}

/** What an extension page may ask. */
export interface PageProtocol
  extends PageEngineProtocol,
    PageBackgroundProtocol,
    PageSyncProtocol {}

export type PageMessage = keyof PageProtocol;

/** Every reply: a result, or an error whose code survived the hop. */
export type Reply<R> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly error: WireError };

/** The contexts that answer. A message without its addressee's name is nobody's. */
export type Addressee = 'background' | 'host' | 'content';

/** Version of the envelope. Both ends belong to one build; a page left open over an update differs. */
export const envelopeVersion = 1;

/** A message between the contexts of the extension. */
export interface Envelope {
  readonly v: typeof envelopeVersion;
  readonly to: Addressee;
  readonly type: string;
  readonly id: string;
  readonly params: unknown;
}
