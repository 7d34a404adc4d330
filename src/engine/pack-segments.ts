import type { ModelId, PageId, PageOrdinal } from '../core/ids.ts';
import { encodePageRows, type PackedPage } from '../core/index/page-rows.ts';
import { decodePageTerms } from '../core/index/page-terms.ts';
import { mergeSegments, packSlowly } from '../core/index/term-segment.ts';
import { segmentChecksumSlowly } from './checksum.ts';
import type { IndexMemory } from './index-memory.ts';
import { openParts, type PackedSegment } from './packed-segment.ts';
import type { IndexEntry, NewSegment, PageStore } from './ports.ts';

/** A row of a segment to be: a record that is in memory, or a row of another segment. */
interface RowDraft {
  readonly id: PageId;
  readonly ordinal: PageOrdinal;
  readonly record: PackedPage | { readonly segment: PackedSegment; readonly row: number };
}

/** What a segment will hold, as it is in the index at one moment. */
export interface SegmentDraft {
  readonly order: number;
  /** Rows with terms and codes. */
  readonly indexed: readonly RowDraft[];
  /** Rows of pages whose terms and codes are in an older segment. */
  readonly bare: readonly RowDraft[];
  readonly codes: Uint8Array;
  readonly terms: () => Generator<void, Uint8Array>;
}

/** A segment that is made but not written yet. */
export interface BuiltSegment {
  readonly draft: SegmentDraft;
  /** The highest of its rows. */
  readonly revision: number;
  readonly segment: NewSegment;
}

function isPacked(
  record: RowDraft['record'],
): record is { readonly segment: PackedSegment; readonly row: number } {
  return 'segment' in record;
}

/** Codes of some pages, one after the other. */
function codesOf(index: IndexMemory, rows: readonly RowDraft[]): Uint8Array {
  const { codes } = index;
  const passages = rows.reduce((sum, { ordinal }) => sum + codes.passagesOf(ordinal), 0);
  const all = new Uint8Array(passages * codes.codeBytes);
  let at = 0;
  for (const { ordinal } of rows) at += codes.copyCodes(ordinal, all, at);
  return all;
}

/** Pages of the tail and records that changed, as one segment. An entry belongs to its record. */
export function draftOfChanged(
  index: IndexMemory,
  records: readonly PackedPage[],
  entries: readonly (IndexEntry | null)[],
): SegmentDraft {
  const indexed: RowDraft[] = [];
  const bare: RowDraft[] = [];
  const terms: Uint8Array[] = [];
  records.forEach((record, i) => {
    const ordinal = index.pages.ordinalOf(record.id);
    if (ordinal === undefined) return;
    const row = { id: record.id, ordinal, record };
    const entry = entries[i];
    if (entry) {
      indexed.push(row);
      terms.push(entry.terms);
    } else bare.push(row);
  });
  function* decoded() {
    for (const bytes of terms) yield decodePageTerms(bytes);
  }
  const order = Math.max(0, ...[...index.segments.values()].map((segment) => segment.order)) + 1;
  const codes = codesOf(index, indexed);
  return { order, indexed, bare, codes, terms: () => packSlowly(decoded()) };
}

/** What is alive of segments that follow each other, the pages of `without` left out. */
export function draftOfMerged(
  index: IndexMemory,
  segments: readonly PackedSegment[],
  without: ReadonlySet<PageId> = new Set(),
): SegmentDraft {
  const own = new Map(segments.map((segment) => [segment.id, segment]));
  const indexed: RowDraft[] = [];
  const bare: RowDraft[] = [];
  const placed = new Set<PageId>();
  const sources = segments.map((segment) => {
    const locals = new Int32Array(segment.ordinals.length).fill(-1);
    segment.ordinals.forEach((ordinal, row) => {
      const id = segment.rows.ids[row] as PageId;
      if (ordinal < 0 || without.has(id)) return;
      const place = index.placeOf(ordinal as PageOrdinal);
      const newest = place && own.get(place.segment);
      locals[row] = indexed.length;
      placed.add(id);
      indexed.push({
        id,
        ordinal: ordinal as PageOrdinal,
        record: newest && place ? { segment: newest, row: place.row } : { segment, row },
      });
    });
    return { source: segment.terms, locals };
  });
  for (const segment of segments) {
    for (const [row, pageId] of segment.rows.ids.entries()) {
      const id = pageId as PageId;
      const ordinal = index.pages.ordinalOf(id);
      if (ordinal === undefined || placed.has(id) || without.has(id)) continue;
      const place = index.placeOf(ordinal);
      if (place?.segment !== segment.id || place.row !== row) continue;
      bare.push({ id, ordinal, record: { segment, row } });
    }
  }
  const order = Math.max(...segments.map((segment) => segment.order));
  const codes = codesOf(index, indexed);
  return { order, indexed, bare, codes, terms: () => mergeSegments(sources) };
}

/**
 * Makes a segment; yields where other work may run.
 * @param tokens of the rows with terms and codes, in their order
 */
export function* buildSegment(
  draft: SegmentDraft,
  tokens: NewSegment['tokens'],
  space: ModelId,
): Generator<void, BuiltSegment> {
  const drafts = [...draft.indexed, ...draft.bare];
  let revision = 0;
  function* pages(): Generator<PackedPage> {
    for (const { record } of drafts) {
      const page = isPacked(record) ? record.segment.rows.page(record.row) : record;
      revision = Math.max(revision, page.revision);
      yield page;
    }
  }
  const rows = yield* encodePageRows(pages(), drafts.length);
  yield;
  const terms = yield* draft.terms();
  yield;
  const made = { order: draft.order, space, rows, terms, codes: draft.codes };
  const pageIds = Uint32Array.from(drafts, ({ id }) => id);
  const checksum = yield* segmentChecksumSlowly(made);
  return { draft, revision, segment: { ...made, tokens, pageIds, checksum } };
}

/** Takes a segment that was written into the index; those that it replaces are let go of. */
export function adoptSegment(
  store: PageStore,
  index: IndexMemory,
  id: number,
  { draft, revision, segment }: BuiltSegment,
): void {
  const { rows, terms } = openParts(store, index, id, segment);
  const drafts = [...draft.indexed, ...draft.bare];
  // A page that was read again while the segment was made has another ordinal now.
  const isHere = (row: RowDraft) => index.pages.ordinalOf(row.id) === row.ordinal;
  const ordinals = Int32Array.from(draft.indexed, (row) => (isHere(row) ? row.ordinal : -1));
  index.segments.set(id, { id, order: segment.order, revision, rows, terms, ordinals });
  for (const [row, { id: pageId, ordinal, record }] of drafts.entries()) {
    if (index.pages.ordinalOf(pageId) !== ordinal) continue;
    if (!isPacked(record)) {
      if (index.changed.get(pageId) !== record) continue;
      index.changed.delete(pageId);
      index.setPlace(ordinal, id, row);
      continue;
    }
    const place = index.placeOf(ordinal);
    if (place?.segment === record.segment.id && place.row === record.row) {
      index.setPlace(ordinal, id, row);
    }
  }
  index.lexical.addSegment(terms, ordinals);
}
