import type { ModelId, PageId, PageKey, Timestamp } from '../core/ids.ts';
import type { ReadPart } from '../core/index/read-part.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import type { TermKernel } from '../core/index/term-kernel.ts';
import type { Encoder, StaticModel, Tokenizer } from '../core/model/types.ts';
import type { SimilarityKernel } from '../core/search/similarity-kernel.ts';
import type { PageSummary } from '../core/search/types.ts';
import type { Visit } from './api.ts';
import type { ModelLibrary } from './model-ports.ts';
import type { PackLimits } from './packer.ts';
import type { SyncRows } from './sync-ports.ts';

/** Version of everything the store holds. A step needs a migration or a rebuild rule. */
export const formatVersion = 5;

/** What the store keeps of a page beside its text and index data. */
export interface PageRecord extends PageSummary {
  readonly key: PageKey;
  /** Hash of title, language, type and blocks, 32 hexadecimal digits. */
  readonly contentHash: string;
  /** Bytes of the compressed text as stored. */
  readonly textBytes: number;
  /** Number of the transaction that wrote this record last; grows by one with each. */
  readonly revision: number;
}

/** A record before the store has given it a revision and, for a new page, an id. */
export type PageDraft = Omit<PageRecord, 'id' | 'revision'> & { readonly id: PageId | null };

/** The bit codes of a page's passages in one embedding space, 64 bytes each, in reading order. */
export interface SpaceCodes {
  readonly space: ModelId;
  readonly codes: Uint8Array;
}

/** A page's part of the index, before it is packed into a segment. */
export interface IndexEntry {
  readonly pageId: PageId;
  /** One for the present space, and one for the next while the model is being changed. */
  readonly spaces: readonly SpaceCodes[];
  /** The page's terms as `core/index` encodes them. */
  readonly terms: Uint8Array;
  /** {@link entryChecksum} of the rest. */
  readonly checksum: number;
}

/** A page to write: everything about it commits in one transaction, or nothing. */
export interface PageWrite {
  readonly draft: PageDraft;
  /** The compressed passages; they replace the page's former text. */
  readonly text: Uint8Array;
  /** The page's tokens, packed; they replace the former ones. */
  readonly tokens: Uint8Array;
  readonly entry: Omit<IndexEntry, 'pageId'>;
  readonly visitAt: Timestamp;
  /** More visits, of a page that was read elsewhere. */
  readonly earlierVisits?: readonly Timestamp[];
}

/** What may change of a page without its text. Fields left out stay. */
export interface PageChange {
  readonly url?: string;
  readonly lastReadAt?: Timestamp;
  readonly readCount?: number;
  readonly isPinned?: boolean;
  readonly visitAt?: Timestamp;
}

/** An immutable run of pages packed together, its parts under one number. */
export interface Segment {
  readonly id: number;
  /** Of two segments with a page's row, that of the higher order is the newer one. */
  readonly order: number;
  /** The embedding space of its codes. */
  readonly space: ModelId;
  /** The pages of its rows, in their order. */
  readonly pageIds: Uint32Array;
  /** Rows of pages as `core/index` encodes them: of those with terms and codes first. */
  readonly rows: Uint8Array;
  /** Terms of its first pages; local number i is row i. */
  readonly terms: Uint8Array;
  /** Codes of the same pages, one page after the other. */
  readonly codes: Uint8Array;
  /** {@link segmentChecksum} of the rest. */
  readonly checksum: number;
}

/** A segment to write; the store numbers it, above all that were there. */
export interface NewSegment extends Omit<Segment, 'id'> {
  /** Packed tokens of its first pages, row by row; null for one without. In no checksum but their own. */
  readonly tokens: readonly (Uint8Array | null)[];
}

/** Segments that take the place of others. */
export interface SegmentChange {
  readonly remove: readonly number[];
  readonly add: readonly NewSegment[];
}

/** A page whose tokens are wanted. */
export interface TokenPlace {
  readonly id: PageId;
  /** The row of the segment that has its terms and codes; null for a page of the tail. */
  readonly place: { readonly segment: number; readonly row: number } | null;
}

/** A change of the packed data: all of it in one transaction. */
export interface PackWrite extends SegmentChange {
  /** Tail entries that are now packed; only when still of the checksum they were packed with. */
  readonly packed: readonly { readonly pageId: PageId; readonly checksum: number }[];
  /** See {@link StoreMeta.packedTo}. */
  readonly packedTo: number;
}

/** What the store knows about itself. */
export interface StoreMeta {
  readonly formatVersion: number;
  /** The space that answers queries; null before the first page. */
  readonly space: ModelId | null;
  /** The space that is being built beside it, during a change of the model. */
  readonly nextSpace: ModelId | null;
  /** Every record up to this revision has a row in a segment. */
  readonly packedTo: number;
}

/** The places of pages on the map as they were drawn last. Nothing of a page but its number. */
export interface SavedMap {
  /** The space whose codes it was laid out by. */
  readonly model: ModelId;
  readonly ids: Uint32Array;
  /** x and y of each of `ids`. */
  readonly xy: Float32Array;
  /** Pages that came after the others were laid out, and were put between them. */
  readonly addedLater: number;
}

/** How many rows about some pages a look at the store finds. */
export interface RowCounts {
  readonly pages: number;
  readonly texts: number;
  /** Of the tail and of segments. */
  readonly entries: number;
  readonly visits: number;
}

/**
 * What the engine needs of a store. Each write is one transaction: its promise resolves after the
 * commit, and a rejected one has changed nothing. Reads of unknown ids give null, never an error.
 *
 * Errors: `storage-unavailable`, `storage-full`, `index-format`, and `storage-corrupt` for a row
 * that is not of its shape.
 */
export interface PageStore {
  /** Opens, creates or migrates. Throws `index-format`, touching nothing, on a newer format. */
  open(): Promise<StoreMeta>;
  close(): Promise<void>;
  setMeta(change: Partial<Omit<StoreMeta, 'formatVersion'>>): Promise<void>;

  /** Null before the first one was saved, and for one that is not of its shape. */
  savedMap(): Promise<SavedMap | null>;
  /** `null` removes it. */
  saveMap(map: SavedMap | null): Promise<void>;

  writePage(write: PageWrite): Promise<PageRecord>;
  /** Rejects with `bad-request` when there is no such page. */
  changePage(id: PageId, change: PageChange): Promise<PageRecord>;
  /** Replaces index entries of pages that still exist: after a repair or in a change of the model. */
  writeEntries(entries: readonly IndexEntry[]): Promise<void>;

  record(id: PageId): Promise<PageRecord | null>;
  recordByKey(key: PageKey): Promise<PageRecord | null>;
  /** Last read first, of equal ones the higher id; those after `after` in that order. */
  recentRecords(
    limit: number,
    after?: Pick<PageRecord, 'lastReadAt' | 'id'>,
  ): Promise<readonly PageRecord[]>;
  /** Records whose revision is above `revision`, ascending by it. */
  recordsSince(revision: number): Promise<readonly PageRecord[]>;
  /** Latest first; both ends included. */
  visits(from: Timestamp, to: Timestamp, limit: number): Promise<readonly Visit[]>;
  /** Moments of all visits of a page, in any order. */
  visitTimes(id: PageId): Promise<readonly Timestamp[]>;
  /** Pages with a visit in the period, both ends included, ascending. */
  visitedPages(from: Timestamp, to: Timestamp): Promise<readonly PageId[]>;
  /** In the order of `ids`; null for a page without text. */
  texts(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]>;
  /** Packed tokens in the order of `wanted`; null for a page without. */
  tokens(wanted: readonly TokenPlace[]): Promise<readonly (Uint8Array | null)[]>;
  /** Entries not packed yet, ascending by page. One that is not of its shape has checksum −1. */
  entries(): Promise<readonly IndexEntry[]>;
  /** In the order of `ids`; null for a page without one. */
  entriesOf(ids: readonly PageId[]): Promise<readonly (IndexEntry | null)[]>;
  /** All segments, ascending by order. `codeBytes` is 0 where only reading the segment tells. */
  segments(): Promise<readonly { readonly id: number; readonly codeBytes: number }[]>;
  /** Rejects with `storage-corrupt` when a part is missing or not of its shape. */
  segment(id: number): Promise<Segment>;
  /**
   * Reads a part of a segment, which `segment` or `pack` gave, in pieces and at once: until it was taken
   * out and {@link PageStore.release} called. Null where that cannot be done: who needs it keeps it.
   */
  partReader(segment: number, part: 'rows' | 'terms'): ReadPart | null;
  /**
   * Lets go of the bytes of segments that were taken out. Call it once nothing in memory reads them; only
   * then are they off the disk.
   */
  release(): Promise<void>;
  /** Gives the ids of the segments that were added. */
  pack(write: PackWrite): Promise<readonly number[]>;

  /**
   * Removes all about these pages. What segments hold of them goes with the `segments` that the
   * caller made without them, in the same transaction, and with the next {@link PageStore.release}.
   * @returns what was found before, and the ids of the segments that were added
   */
  removePages(
    ids: readonly PageId[],
    segments?: SegmentChange,
  ): Promise<{ readonly counts: RowCounts; readonly added: readonly number[] }>;
  countRows(ids: readonly PageId[]): Promise<RowCounts>;
  /**
   * Takes the bytes of removed pages off the disk; they may stay in a browser's files for long
   * otherwise. Rewrites everything, so it is idle work; what writes meanwhile waits.
   * @returns false when there was nothing to do
   */
  purge(): Promise<boolean>;
  /**
   * Moves what an older version left somewhere to where this one keeps it, a piece at a time.
   * @returns false when there was nothing to do
   */
  settle(): Promise<boolean>;
  /**
   * Removes all pages with their visits and segments, whose files go with the next {@link PageStore.release};
   * ids are still never reused.
   */
  erase(): Promise<RowCounts>;
}

/** Packs and unpacks bytes; both are pure and may run outside any transaction. */
export interface Compressor {
  /** @param dictionary what repetitions may reach back to, at most 32 KB; `inflate` needs the same */
  deflate(bytes: Uint8Array, dictionary?: Uint8Array): Promise<Uint8Array>;
  /** Rejects on bytes that are not what `deflate` made, or that swell beyond `limit` bytes. */
  inflate(bytes: Uint8Array, limit: number, dictionary?: Uint8Array): Promise<Uint8Array>;
  /** Fast loops that gave up. */
  readonly fallbacks?: number;
}

/** The hot loops, as WebAssembly or in plain TypeScript. */
export interface Kernels {
  /** Left out: the model's own. */
  readonly tokenizer?: Tokenizer;
  readonly scan: ScanKernel;
  readonly similarities: SimilarityKernel;
  /** Left out: the reference encodes. */
  readonly encoder?: Encoder;
  /** Left out: the reference scores words. */
  readonly terms?: TermKernel;
  /** Another scan with a memory of its own, for codes beside the index. Left out: the reference. */
  newScan?(): ScanKernel;
}

/** Everything the engine is made of that is not its own. */
export interface EngineParts {
  readonly store: PageStore;
  /** The rows of sync in the same store; left out where nothing is ever synced. */
  readonly syncRows?: SyncRows;
  /** Told after each change of the person's own has committed; must not throw. */
  onChanged?(): void;
  readonly compressor: Compressor;
  /** Reads and checks the model of the package. Throws `model-missing` or `model-invalid`. */
  loadModel(): Promise<StaticModel>;
  /** Left out where the model never changes. */
  readonly models?: ModelLibrary;
  /** @param onFallback told once for each loop that gave up, with what happened */
  kernels(model: StaticModel, onFallback: (message: string) => void): Kernels;
  /** 32 hexadecimal digits that tell texts apart. */
  digest(text: string): Promise<string>;
  now(): Timestamp;
  /** Milliseconds from any origin. */
  clock(): number;
  /** When pages are packed into segments; left out: as is best for large stores. */
  readonly packLimits?: PackLimits;
  /** Codes of less than so many bytes make a small index, kept in memory whole; left out: as is best. */
  readonly smallIndexBytes?: number;
  /** Where damage that could be repaired or passed over is told; never page text. */
  report?(message: string): void;
}
