import { AppError } from '../core/errors.ts';
import type { PageId, PageKey, Timestamp } from '../core/ids.ts';
import type { ReadPart } from '../core/index/read-part.ts';
import type { Visit } from './api.ts';
import {
  formatVersion,
  type IndexEntry,
  type NewSegment,
  type PackWrite,
  type PageChange,
  type PageRecord,
  type PageStore,
  type PageWrite,
  type RowCounts,
  type SavedMap,
  type Segment,
  type SegmentChange,
  type StoreMeta,
  type TokenPlace,
} from './ports.ts';

/** The store without a disk: for evaluation and for tests. Same contract, nothing survives. */
export class MemoryPageStore implements PageStore {
  #meta: StoreMeta = { formatVersion, space: null, nextSpace: null, packedTo: 0 };
  #nextPageId = 1;
  #nextSegmentId = 1;
  #revision = 0;
  readonly #pages = new Map<PageId, PageRecord>();
  readonly #byKey = new Map<PageKey, PageId>();
  readonly #texts = new Map<PageId, Uint8Array>();
  readonly #tokens = new Map<PageId, Uint8Array>();
  readonly #tail = new Map<PageId, IndexEntry>();
  readonly #segments = new Map<number, NewSegment & { readonly id: number }>();
  /** Taken out, and not released yet. */
  readonly #leaving = new Map<number, NewSegment & { readonly id: number }>();
  readonly #visits = new Map<PageId, Set<Timestamp>>();
  #isPurgeDue = false;
  #map: SavedMap | null = null;

  async open(): Promise<StoreMeta> {
    return this.#meta;
  }

  async close(): Promise<void> {}

  async setMeta(change: Partial<Omit<StoreMeta, 'formatVersion'>>): Promise<void> {
    this.#meta = { ...this.#meta, ...change };
  }

  async savedMap(): Promise<SavedMap | null> {
    return this.#map;
  }

  async saveMap(map: SavedMap | null): Promise<void> {
    this.#map = map;
  }

  async writePage({
    draft,
    text,
    tokens,
    entry,
    visitAt,
    earlierVisits = [],
  }: PageWrite): Promise<PageRecord> {
    if (draft.id !== null) this.#require(draft.id);
    const id = draft.id ?? (this.#nextPageId as PageId);
    const owner = this.#byKey.get(draft.key);
    if (owner !== undefined && owner !== id) {
      throw new AppError('storage-unavailable', `Page ${owner} has the key ${draft.key} already`);
    }
    this.#nextPageId = Math.max(this.#nextPageId, id + 1);
    this.#revision++;
    const record: PageRecord = { ...draft, id, revision: this.#revision };
    this.#pages.set(id, record);
    this.#byKey.set(record.key, id);
    this.#texts.set(id, text.slice());
    this.#tokens.set(id, tokens.slice());
    this.#tail.set(id, structuredClone({ ...entry, pageId: id }));
    for (const at of [visitAt, ...earlierVisits]) this.#addVisit(id, at);
    return record;
  }

  async changePage(id: PageId, { visitAt, ...fields }: PageChange): Promise<PageRecord> {
    const former = this.#require(id);
    this.#revision++;
    const record: PageRecord = { ...former, ...fields, revision: this.#revision };
    this.#pages.set(id, record);
    if (visitAt !== undefined) this.#addVisit(id, visitAt);
    return record;
  }

  async writeEntries(entries: readonly IndexEntry[]): Promise<void> {
    for (const entry of entries) {
      if (this.#pages.has(entry.pageId)) this.#tail.set(entry.pageId, structuredClone(entry));
    }
  }

  async record(id: PageId): Promise<PageRecord | null> {
    return this.#pages.get(id) ?? null;
  }

  async recordByKey(key: PageKey): Promise<PageRecord | null> {
    const id = this.#byKey.get(key);
    return id === undefined ? null : (this.#pages.get(id) ?? null);
  }

  async recentRecords(
    limit: number,
    after?: Pick<PageRecord, 'lastReadAt' | 'id'>,
  ): Promise<PageRecord[]> {
    type Placed = Pick<PageRecord, 'lastReadAt' | 'id'>;
    const order = (a: Placed, b: Placed) => b.lastReadAt - a.lastReadAt || b.id - a.id;
    return [...this.#pages.values()]
      .filter((record) => after === undefined || order(record, after) > 0)
      .sort(order)
      .slice(0, limit);
  }

  async recordsSince(revision: number): Promise<readonly PageRecord[]> {
    return [...this.#pages.values()]
      .filter((record) => record.revision > revision)
      .sort((a, b) => a.revision - b.revision);
  }

  async visits(from: Timestamp, to: Timestamp, limit: number): Promise<readonly Visit[]> {
    return this.#allVisits(from, to)
      .sort((a, b) => b.at - a.at || b.pageId - a.pageId)
      .slice(0, limit);
  }

  async visitTimes(id: PageId): Promise<readonly Timestamp[]> {
    return [...(this.#visits.get(id) ?? [])];
  }

  async visitedPages(from: Timestamp, to: Timestamp): Promise<readonly PageId[]> {
    const ids = new Set(this.#allVisits(from, to).map((visit) => visit.pageId));
    return [...ids].sort((a, b) => a - b);
  }

  async texts(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]> {
    return ids.map((id) => this.#texts.get(id)?.slice() ?? null);
  }

  async tokens(wanted: readonly TokenPlace[]): Promise<readonly (Uint8Array | null)[]> {
    return wanted.map(({ id, place }) => {
      const packed = place && this.#segments.get(place.segment)?.tokens[place.row];
      return (packed ?? this.#tokens.get(id))?.slice() ?? null;
    });
  }

  async entries(): Promise<readonly IndexEntry[]> {
    return [...this.#tail.values()]
      .sort((a, b) => a.pageId - b.pageId)
      .map((entry) => structuredClone(entry));
  }

  async entriesOf(ids: readonly PageId[]): Promise<readonly (IndexEntry | null)[]> {
    return ids.map((id) => structuredClone(this.#tail.get(id) ?? null));
  }

  async segments(): Promise<readonly { readonly id: number; readonly codeBytes: number }[]> {
    return [...this.#segments.values()]
      .sort((a, b) => a.order - b.order)
      .map(({ id, codes }) => ({ id, codeBytes: codes.length }));
  }

  async segment(id: number): Promise<Segment> {
    const found = this.#segments.get(id);
    if (found === undefined) {
      throw new AppError('storage-corrupt', `Segment ${id} lacks a part`, {
        details: { segment: id },
      });
    }
    const { tokens: _tokens, ...segment } = found;
    return structuredClone(segment);
  }

  partReader(segment: number, part: 'rows' | 'terms'): ReadPart | null {
    if (!this.#segments.has(segment)) return null;
    return (at, size) => {
      const found = this.#segments.get(segment) ?? this.#leaving.get(segment);
      const bytes = found?.[part].slice(at, at + size);
      if (bytes?.length === size) return bytes;
      throw new AppError('storage-corrupt', `Segment ${segment} has no such ${part}`);
    };
  }

  async release(): Promise<void> {
    this.#leaving.clear();
  }

  async pack({ packed, packedTo, ...segments }: PackWrite): Promise<readonly number[]> {
    const added = this.#changeSegments(segments);
    for (const { pageId, checksum } of packed) {
      if (this.#tail.get(pageId)?.checksum !== checksum) continue;
      this.#tail.delete(pageId);
      this.#tokens.delete(pageId);
    }
    this.#meta = { ...this.#meta, packedTo };
    return added;
  }

  async removePages(
    ids: readonly PageId[],
    segments: SegmentChange = { remove: [], add: [] },
  ): Promise<{ counts: RowCounts; added: readonly number[] }> {
    const counts = await this.countRows(ids);
    this.#isPurgeDue = true;
    for (const id of ids) {
      const record = this.#pages.get(id);
      if (record !== undefined) this.#byKey.delete(record.key);
      this.#pages.delete(id);
      this.#texts.delete(id);
      this.#tokens.delete(id);
      this.#tail.delete(id);
      this.#visits.delete(id);
    }
    return { counts, added: this.#changeSegments(segments) };
  }

  async countRows(ids: readonly PageId[]): Promise<RowCounts> {
    const within = (store: { has(id: PageId): boolean }) =>
      ids.filter((id) => store.has(id)).length;
    return {
      pages: within(this.#pages),
      texts: within(this.#texts),
      entries: [...this.#segments.values()].reduce(
        (sum, { pageIds }) => sum + ids.filter((id) => pageIds.includes(id)).length,
        within(this.#tail),
      ),
      visits: ids.reduce((sum, id) => sum + (this.#visits.get(id)?.size ?? 0), 0),
    };
  }

  async purge(): Promise<boolean> {
    const isDue = this.#isPurgeDue;
    this.#isPurgeDue = false;
    return isDue;
  }

  async settle(): Promise<boolean> {
    return false;
  }

  async erase(): Promise<RowCounts> {
    const ids = new Set([...this.#pages.keys(), ...this.#texts.keys(), ...this.#tail.keys()]);
    const counts = await this.countRows([...ids]);
    for (const map of [
      this.#pages,
      this.#byKey,
      this.#texts,
      this.#tokens,
      this.#tail,
      this.#visits,
    ]) {
      map.clear();
    }
    this.#takeOut([...this.#segments.keys()]);
    this.#map = null;
    this.#meta = { ...this.#meta, nextSpace: null, packedTo: 0 };
    return counts;
  }

  #changeSegments({ remove, add }: SegmentChange): readonly number[] {
    this.#takeOut(remove);
    return add.map((segment) => {
      const id = this.#nextSegmentId++;
      this.#segments.set(id, structuredClone({ ...segment, id }));
      return id;
    });
  }

  #takeOut(segments: readonly number[]): void {
    for (const id of segments) {
      const segment = this.#segments.get(id);
      if (segment !== undefined) this.#leaving.set(id, segment);
      this.#segments.delete(id);
    }
  }

  #require(id: PageId): PageRecord {
    const record = this.#pages.get(id);
    if (record !== undefined) return record;
    throw new AppError('bad-request', `There is no page ${id}`, { details: { pageId: id } });
  }

  #addVisit(id: PageId, at: Timestamp): void {
    const known = this.#visits.get(id);
    if (known === undefined) this.#visits.set(id, new Set([at]));
    else known.add(at);
  }

  #allVisits(from: Timestamp, to: Timestamp): Visit[] {
    const found: Visit[] = [];
    for (const [pageId, times] of this.#visits) {
      for (const at of times) if (at >= from && at <= to) found.push({ pageId, at });
    }
    return found;
  }
}
