import type { WireError } from '../core/errors.ts';
import type { ModelId, PageId, PageKey, Timestamp } from '../core/ids.ts';
import type { MapTopic } from '../core/map/types.ts';
import type { ExportedPage } from '../core/page/exported-page.ts';
import type { PrivateLikeness } from '../core/page/private-meaning.ts';
import type { Retention } from '../core/page/settings.ts';
import type { PageText } from '../core/page/types.ts';
import type { PassagesRequest } from '../core/search/more-passages.ts';
import type {
  Hit,
  PageSummary,
  SearchRequest,
  SearchResponse,
  SimilarRequest,
} from '../core/search/types.ts';

/** What became of a page that was handed to the engine. */
export interface ReadReceipt {
  readonly pageId: PageId;
  /** `unchanged`: only the visit was recorded. */
  readonly outcome: 'stored' | 'updated' | 'unchanged';
  readonly passageCount: number;
  /** Passages that had to be encoded; the others were known already. */
  readonly encodedCount: number;
}

export interface EngineStatus {
  readonly state: 'starting' | 'ready' | 'failed';
  readonly error?: WireError;
  readonly pageCount: number;
  readonly passageCount: number;
  /** Bytes of the stored data by kind (text, codes, terms, pages), as the engine counts them. */
  readonly sizeBytes: Readonly<Record<string, number>>;
  /** What was found damaged since the engine started, and made again from the pages' texts. */
  readonly repaired: { readonly segments: number; readonly pages: number };
  /** Fast loops that gave up since the engine started; the plain ones go on in their place. */
  readonly fallbacks: number;
  readonly model: { readonly id: ModelId; readonly name: string; readonly dims: number } | null;
  /** Long work under way, by pages: `model-change`. */
  readonly jobs: readonly {
    readonly name: string;
    readonly done: number;
    readonly total: number;
  }[];
}

/** What a model says of itself. */
export interface ModelCard {
  readonly id: ModelId;
  readonly name: string;
  readonly version: string;
  readonly dims: number;
  /** Tokens of its vocabulary. */
  readonly vocabularySize: number;
  /** Of its files together. */
  readonly sizeBytes: number;
  readonly licence: string;
  /** Primary language subtags; empty when it does not say. */
  readonly languages: readonly string[];
}

/** A change of the model under way. */
export interface ModelChangeStatus {
  readonly to: ModelCard;
  /** `failed`: tried again at the next idle work, or when it is resumed. */
  readonly state: 'running' | 'paused' | 'failed';
  readonly error?: WireError;
  /** Pages encoded for the new model, of all. */
  readonly done: number;
  readonly total: number;
}

export interface ModelStatus {
  /** The model that answers. */
  readonly model: ModelCard;
  /** Whether it is the one that comes with the extension. */
  readonly isShipped: boolean;
  readonly change: ModelChangeStatus | null;
}

/** What may be done with a change of the model: wait, go on, or stay with the present model. */
export const modelChangeActions = ['pause', 'resume', 'cancel'] as const;
export type ModelChangeAction = (typeof modelChangeActions)[number];

/** Which pages to forget. */
export type ForgetSelection =
  | { readonly by: 'ids'; readonly ids: readonly PageId[] }
  | { readonly by: 'keys'; readonly keys: readonly PageKey[] }
  | { readonly by: 'site'; readonly site: string }
  | { readonly by: 'range'; readonly from: Timestamp; readonly to: Timestamp }
  | { readonly by: 'everything' };

/** Proof of what was removed; `left` counts what a look after the commit still finds: all 0. */
export interface ForgetReceipt {
  readonly pages: number;
  readonly passages: number;
  readonly visits: number;
  readonly at: Timestamp;
  readonly left: {
    readonly pages: number;
    readonly texts: number;
    readonly codes: number;
    readonly terms: number;
    readonly visits: number;
  };
}

export interface Visit {
  readonly pageId: PageId;
  readonly at: Timestamp;
}

/** A page with its stored text, for reading it when the original is gone. */
export interface StoredPage {
  readonly page: PageSummary;
  readonly passages: readonly { readonly text: string; readonly heading?: string }[];
}

export interface RecentRequest {
  readonly limit: number;
  /** The last page of the list before: those after it. Many may have been read at one moment. */
  readonly after?: Pick<PageSummary, 'lastReadAt' | 'id'>;
}

export interface VisitsRequest {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly limit: number;
}

/** What was stored by the end of a month. */
export interface GrowthStep {
  /** The month's first moment, local time. */
  readonly month: Timestamp;
  readonly pageCount: number;
  /** `words`: what is kept to find pages by their words, and their titles and addresses. */
  readonly sizeBytes: { readonly text: number; readonly codes: number; readonly words: number };
}

export interface ExportRequest {
  /** The last page of the slice before; null for the first slice. */
  readonly after: PageId | null;
  /** The most pages of a slice; long texts make it shorter. */
  readonly limit: number;
}

export interface ExportSlice {
  readonly pages: readonly ExportedPage[];
  /** Pages left out because their stored text is damaged. */
  readonly unreadable: number;
  /** What the next slice is after; null when this was the last. */
  readonly next: PageId | null;
}

export interface ImportRequest {
  readonly pages: readonly ExportedPage[];
  /** Only counts what would happen. */
  readonly isTrial: boolean;
  /** Pages that are here already stay as they are. */
  readonly onlyNew?: boolean;
}

export interface MapRequest {
  /** The first page wanted, by its place on the map's list. */
  readonly from: number;
  readonly limit: number;
}

/** A page on the map of what was read. */
export interface MapPage {
  readonly id: PageId;
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly url: string;
  readonly site: string;
  readonly lastReadAt: Timestamp;
}

/** Some pages of the map, or how far its drawing is: asking for it begins it. */
export type MapSlice =
  | {
      readonly state: 'drawing';
      /** 0 to 1. */
      readonly done: number;
    }
  | {
      readonly state: 'ready';
      /** Slices of one version belong together. */
      readonly version: number;
      /** Pages on the map. */
      readonly total: number;
      readonly pages: readonly MapPage[];
      /** Those of the whole map, with the first slice; empty with the others. */
      readonly topics: readonly MapTopic[];
    };

/** How many pages an import added, changed, or found to be here already. */
export interface ImportReceipt {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
}

/**
 * The engine as its host sees it: the object the worker exposes over Comlink.
 * Every method rejects with an AppError whose code says what failed.
 */
export interface EngineApi {
  /** Opens the store and the model; idempotent and single-flight. */
  open(): Promise<EngineStatus>;
  status(): Promise<EngineStatus>;
  /** How much a page that is not stored yet means the like of a private one. Writes nothing. */
  likeness(title: string, text: string): Promise<PrivateLikeness>;
  /** Stores or updates a page; resolves only after its transaction has committed. */
  readPage(page: PageText): Promise<ReadReceipt>;
  search(request: SearchRequest): Promise<SearchResponse>;
  findSimilar(request: SimilarRequest): Promise<SearchResponse>;
  /** Other passages of a page that answer a query, best first. */
  morePassages(request: PassagesRequest): Promise<readonly Hit[]>;
  recentPages(request: RecentRequest): Promise<readonly PageSummary[]>;
  pageByKey(key: PageKey): Promise<PageSummary | null>;
  storedPage(id: PageId): Promise<StoredPage | null>;
  visits(request: VisitsRequest): Promise<readonly { visit: Visit; page: PageSummary }[]>;
  /** The map of what was read, by meaning; drawn anew when pages came or went since. */
  readingMap(request: MapRequest): Promise<MapSlice>;
  /** How the store came to its size, month by month; the last is the present one. */
  growth(): Promise<readonly GrowthStep[]>;
  exportPages(request: ExportRequest): Promise<ExportSlice>;
  importPages(request: ImportRequest): Promise<ImportReceipt>;
  setPinned(id: PageId, isPinned: boolean): Promise<void>;
  forget(selection: ForgetSelection): Promise<ForgetReceipt>;
  /**
   * Does a step of idle work: forgets what may not stay any longer, takes the bytes of forgotten
   * pages off the disk, and packs pages read lately or merges packed ones. Says whether nothing is
   * left to do now.
   */
  maintain(retention: Retention): Promise<{ readonly isDone: boolean }>;
  modelStatus(): Promise<ModelStatus>;
  /**
   * Begins to change to a model that lies on the shelf, or with null to the one of the extension.
   * Rejects with `model-missing` or `model-invalid` before anything is changed.
   */
  useModel(id: ModelId | null): Promise<ModelStatus>;
  controlModelChange(action: ModelChangeAction): Promise<ModelStatus>;
  close(): Promise<void>;
}
