import { AppError } from '../core/errors.ts';
import type { ModelId, PageId } from '../core/ids.ts';
import {
  formatVersion,
  type IndexEntry,
  type PageRecord,
  type SavedMap,
  type Segment,
  type SpaceCodes,
  type StoreMeta,
} from '../engine/ports.ts';
import { type Counters, type FileParts, type SegmentRow, segmentParts } from './schema.ts';

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

const textFields = ['url', 'title', 'site', 'lang', 'type', 'key', 'contentHash'] as const;
const countFields = [
  'id',
  'readCount',
  'wordCount',
  'passageCount',
  'textBytes',
  'revision',
] as const;
const timeFields = ['firstReadAt', 'lastReadAt'] as const;

/** A page's record, or null when the row is missing or not of its shape. */
export function readRecord(row: unknown): PageRecord | null {
  const fields = fieldsOf(row);
  if (fields === null) return null;
  const isWhole =
    textFields.every((name) => typeof fields[name] === 'string') &&
    countFields.every((name) => isCount(fields[name])) &&
    timeFields.every((name) => Number.isFinite(fields[name])) &&
    typeof fields.isPinned === 'boolean';
  return isWhole ? (row as PageRecord) : null;
}

function isSpaceCodes(value: unknown): value is SpaceCodes {
  const fields = fieldsOf(value);
  return fields !== null && typeof fields.space === 'string' && fields.codes instanceof Uint8Array;
}

/** An index entry; of a damaged row only the page's id is left, with checksum −1. */
export function readEntry(row: unknown): IndexEntry {
  const fields = fieldsOf(row) ?? {};
  const pageId = (isCount(fields.pageId) ? fields.pageId : 0) as PageId;
  const { spaces, terms, checksum } = fields;
  const isWhole =
    Array.isArray(spaces) &&
    spaces.every(isSpaceCodes) &&
    terms instanceof Uint8Array &&
    isCount(checksum);
  if (!isWhole) return { pageId, spaces: [], terms: new Uint8Array(0), checksum: -1 };
  return { pageId, spaces, terms, checksum };
}

/** Throws `index-format` on a newer format, `storage-corrupt` on another shape. */
export function readMeta(row: unknown): StoreMeta {
  const fields = fieldsOf(row);
  const version = fields?.formatVersion;
  if (fields === null || !isCount(version)) {
    throw new AppError('storage-corrupt', 'The state row of the database has no format version');
  }
  if (version > formatVersion) {
    throw new AppError(
      'index-format',
      `The stored format is version ${version}; this version of Dejalu reads up to ${formatVersion}`,
      { details: { found: version, supported: formatVersion } },
    );
  }
  const space = (name: string) =>
    typeof fields[name] === 'string' ? (fields[name] as ModelId) : null;
  return {
    formatVersion: version,
    space: space('space'),
    nextSpace: space('nextSpace'),
    // A database of format 1 has no segments.
    packedTo: isCount(fields.packedTo) ? fields.packedTo : 0,
  };
}

/** The saved map; null for none, and for a row of another shape: it is drawn again then. */
export function readMap(row: unknown): SavedMap | null {
  const { model, ids, xy, addedLater } = fieldsOf(row) ?? {};
  const isWhole =
    typeof model === 'string' &&
    ids instanceof Uint32Array &&
    xy instanceof Float32Array &&
    xy.length === ids.length * 2 &&
    isCount(addedLater);
  return isWhole ? { model: model as ModelId, ids, xy, addedLater } : null;
}

/** The counters; those of an empty database when there are none yet. */
export function readCounters(row: unknown): Counters {
  if (row === undefined) return { nextPageId: 1, nextSegmentId: 1, revision: 0 };
  const fields = fieldsOf(row);
  const { nextPageId, nextSegmentId, revision } = fields ?? {};
  if (!isCount(nextPageId) || !isCount(nextSegmentId) || !isCount(revision)) {
    throw new AppError('storage-corrupt', 'The counters of the database are not numbers');
  }
  return { nextPageId, nextSegmentId, revision };
}

function isFileParts(value: unknown): value is FileParts {
  const { name, sizes } = fieldsOf(value) ?? {};
  return (
    typeof name === 'string' && Array.isArray(sizes) && sizes.length === 4 && sizes.every(isCount)
  );
}

/** How many bytes of codes a segment's row says that its file has; 0 when it does not say. */
export function codeBytesOf(row: unknown): number {
  const { file } = fieldsOf(row) ?? {};
  return isFileParts(file) ? file.sizes[2] : 0;
}

function lacking(id: number): AppError {
  return new AppError('storage-corrupt', `Segment ${id} lacks a part or has one of another shape`, {
    details: { segment: id },
  });
}

/** What the database knows of a segment. @throws AppError `storage-corrupt` when it is missing or odd */
export function readSegmentRow(id: number, row: unknown): SegmentRow {
  const { order, space, pageIds, checksum, file } = fieldsOf(row) ?? {};
  const isWhole =
    isCount(order) &&
    typeof space === 'string' &&
    pageIds instanceof Uint32Array &&
    isCount(checksum);
  if (!isWhole || (file !== undefined && !isFileParts(file))) throw lacking(id);
  const known = { id, order, space: space as ModelId, pageIds, checksum };
  return file === undefined ? known : { ...known, file };
}

/** The bytes of a segment that has no file. @throws AppError `storage-corrupt` when one is missing or odd */
export function readParts(
  id: number,
  keys: readonly (readonly [number, string])[],
  values: readonly unknown[],
): Pick<Segment, (typeof segmentParts)[number]> {
  const [rows, terms, codes] = segmentParts.map((name) => {
    const value = values[keys.findIndex(([, part]) => part === name)];
    return value instanceof Uint8Array ? value : undefined;
  });
  if (rows === undefined || terms === undefined || codes === undefined) throw lacking(id);
  return { rows, terms, codes };
}
