import { describe, expect, test } from 'vitest';
import type { PageOrdinal } from '../core/ids.ts';
import type { IndexMemory } from './index-memory.ts';
import { growthOf } from './index-sizes.ts';

interface Page {
  readonly firstReadAt: number;
  readonly textBytes: number;
  readonly passageCount: number;
}

/** An index of these pages as far as growth looks at it; `packed`: bytes of its one segment. */
function indexOf(pages: readonly Page[], packed = 0): IndexMemory {
  const segment = { terms: { sizeBytes: packed }, rows: { sizeBytes: packed } };
  return {
    pages: { ordinals: () => pages.keys(), row: (ordinal: PageOrdinal) => pages[ordinal] },
    textBytesAt: (ordinal: PageOrdinal) => pages[ordinal]?.textBytes,
    segments: new Map([[1, segment]]),
    passageCount: pages.reduce((sum, { passageCount }) => sum + passageCount, 0),
    codes: { codeBytes: 64 },
  } as unknown as IndexMemory;
}

const at = (year: number, month: number, day = 1) => new Date(year, month - 1, day).getTime();
const now = at(2026, 4, 20);

describe('the growth of the store', () => {
  test('is what was stored by the end of each month, months without a page included', () => {
    const steps = growthOf(
      indexOf(
        [
          { firstReadAt: at(2026, 4, 3), textBytes: 100, passageCount: 1 },
          { firstReadAt: at(2026, 2, 27), textBytes: 1000, passageCount: 3 },
        ],
        8,
      ),
      now,
    );
    expect(steps).toEqual([
      { month: at(2026, 2), pageCount: 1, sizeBytes: { text: 1000, codes: 192, words: 12 } },
      { month: at(2026, 3), pageCount: 1, sizeBytes: { text: 1000, codes: 192, words: 12 } },
      { month: at(2026, 4), pageCount: 2, sizeBytes: { text: 1100, codes: 256, words: 16 } },
    ]);
  });

  test('of an empty store is one month of nothing', () => {
    expect(growthOf(indexOf([]), now)).toEqual([
      { month: at(2026, 4), pageCount: 0, sizeBytes: { text: 0, codes: 0, words: 0 } },
    ]);
  });

  test('is not lengthened by clocks that were wrong', () => {
    const page = { textBytes: 1, passageCount: 1 };
    const ahead = growthOf(indexOf([{ ...page, firstReadAt: at(2030, 1) }]), now);
    expect(ahead.map(({ month }) => month)).toEqual([at(2026, 4)]);
    const behind = growthOf(indexOf([{ ...page, firstReadAt: 0 }]), now);
    expect(behind).toHaveLength(120);
    expect(behind.at(-1)?.pageCount).toBe(1);
  });
});
