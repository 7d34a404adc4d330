import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { PageRows } from '../core/index/page-rows.ts';
import { TermSegment } from '../core/index/term-segment.ts';
import { segmentChecksum } from './checksum.ts';
import type { IndexMemory } from './index-memory.ts';
import type { PageStore, Segment } from './ports.ts';

/**
 * A segment in memory, without its codes, which are in the memory of the scan, and without the strings
 * and postings that the store reads later.
 */
export interface PackedSegment {
  readonly id: number;
  readonly order: number;
  /** The highest revision of its rows. */
  readonly revision: number;
  readonly rows: PageRows;
  readonly terms: TermSegment;
  /**
   * The page ordinal of each of the first rows; −1 for one whose terms and codes are stale or gone.
   * The inverted index keeps it up.
   */
  readonly ordinals: Int32Array;
}

/** Opens the rows and terms of a segment that the store has. */
export function openParts(
  store: PageStore,
  index: IndexMemory,
  id: number,
  { rows, terms }: Pick<Segment, 'rows' | 'terms'>,
): Pick<PackedSegment, 'rows' | 'terms'> {
  const readerOf = (part: 'rows' | 'terms') => {
    const read = index.keepsParts ? null : store.partReader(id, part);
    return read && index.recentReads.of(id, part, read);
  };
  return {
    rows: new PageRows(rows, readerOf('rows')),
    terms: new TermSegment(terms, readerOf('terms')),
  };
}

/**
 * Looks whether a segment is as it was written, and opens its parts.
 * @param space the embedding space that its codes must be of; null where they are of no use
 * @throws AppError `storage-corrupt`, `index-format`
 */
export function openSegment(
  store: PageStore,
  index: IndexMemory,
  segment: Segment,
  space: ModelId | null,
): Pick<PackedSegment, 'rows' | 'terms'> {
  const { id, codes } = segment;
  const corrupt = (what: string) =>
    new AppError('storage-corrupt', `Segment ${id} ${what}`, { details: { segment: id } });
  if (space !== null && segment.space !== space)
    throw corrupt(`is of the space ${segment.space}, not ${space}`);
  if (segment.checksum !== segmentChecksum(segment)) throw corrupt('is not of its checksum');
  const { rows, terms } = openParts(store, index, id, segment);
  let passages = 0;
  for (let row = 0; row < terms.localCount; row++) passages += rows.passageCounts[row] ?? 0;
  if (terms.localCount > rows.length || passages * index.codes.codeBytes !== codes.length) {
    throw corrupt('has parts that do not fit each other');
  }
  return { rows, terms };
}
