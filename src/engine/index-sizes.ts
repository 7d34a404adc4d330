import type { Timestamp } from '../core/ids.ts';
import type { KeptPage } from '../core/page/retention.ts';
import type { GrowthStep } from './api.ts';
import type { IndexMemory } from './index-memory.ts';

/** Bytes of segments by kind. */
function packedBytes(index: IndexMemory): { readonly terms: number; readonly pages: number } {
  const bytes = { terms: 0, pages: 0 };
  for (const { terms, rows } of index.segments.values()) {
    bytes.terms += terms.sizeBytes;
    bytes.pages += rows.sizeBytes;
  }
  return bytes;
}

/** Bytes of all that is stored, by kind. */
export function sizesOf(index: IndexMemory): Readonly<Record<string, number>> {
  return {
    text: index.textBytes,
    codes: index.passageCount * index.codes.codeBytes,
    ...packedBytes(index),
  };
}

/** What retention needs to know of each page. */
export function* keptPages(index: IndexMemory): Generator<KeptPage> {
  for (const ordinal of index.pages.ordinals()) {
    const { id, lastReadAt, isPinned, passageCount } = index.pages.row(ordinal);
    const sizeBytes = index.textBytesAt(ordinal) + passageCount * index.codes.codeBytes;
    yield { id, lastReadAt, isPinned, sizeBytes };
  }
}

/**
 * How the store came to its size: what was stored by the end of each month, from the first page's
 * month to now, in local time. Text and codes are each page's own; terms and rows are kept for many
 * pages together, and count as if every passage had the same part of them.
 */
export function growthOf(index: IndexMemory, now: Timestamp): readonly GrowthStep[] {
  const packed = packedBytes(index);
  const packedPerPassage = (packed.terms + packed.pages) / Math.max(1, index.passageCount);
  const months = new Map<Timestamp, { pages: number; text: number; passages: number }>();
  let first = monthOf(now);
  for (const ordinal of index.pages.ordinals()) {
    const { firstReadAt, passageCount } = index.pages.row(ordinal);
    // A clock that was ahead when the page was read must not lengthen the list.
    const month = monthOf(Math.min(firstReadAt, now));
    first = Math.min(first, month);
    const sum = months.get(month) ?? { pages: 0, text: 0, passages: 0 };
    sum.pages += 1;
    sum.text += index.textBytesAt(ordinal);
    sum.passages += passageCount;
    months.set(month, sum);
  }
  const steps: GrowthStep[] = [];
  const total = { pages: 0, text: 0, passages: 0 };
  for (let month = first; month <= now; month = nextMonth(month)) {
    const added = months.get(month);
    total.pages += added?.pages ?? 0;
    total.text += added?.text ?? 0;
    total.passages += added?.passages ?? 0;
    steps.push({
      month,
      pageCount: total.pages,
      sizeBytes: {
        text: total.text,
        codes: total.passages * index.codes.codeBytes,
        words: Math.round(total.passages * packedPerPassage),
      },
    });
  }
  return steps.slice(-mostSteps);
}

/** Ten years of months. */
const mostSteps = 120;

function monthOf(at: Timestamp): Timestamp {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime();
}

function nextMonth(at: Timestamp): Timestamp {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime();
}
