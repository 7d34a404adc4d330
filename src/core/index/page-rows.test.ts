import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageId } from '../ids.ts';
import { pageTypes } from '../page/types.ts';
import { encodePageRows, type PackedPage, PageRows } from './page-rows.ts';

const count = fc.nat(2 ** 32 - 1);
const moment = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({
  unit: fc.constantFrom('a', 'é', '꿀', '\u{1f41d}', '\ufeff', ' '),
  maxLength: 9,
});
const page: fc.Arbitrary<PackedPage> = fc.record({
  id: count.map((id) => id as PageId),
  site: fc.constantFrom('example.org', '예시.kr', ''),
  lang: fc.constantFrom('en', 'ko', 'und'),
  type: fc.constantFrom(...pageTypes),
  firstReadAt: moment,
  lastReadAt: moment,
  readCount: count,
  wordCount: count,
  passageCount: count,
  isPinned: fc.boolean(),
  url: text,
  title: text,
  textBytes: count,
  revision: count,
  contentMark: count,
});

function encoded(pages: readonly PackedPage[]): Uint8Array {
  const steps = encodePageRows(pages, pages.length);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe('PageRows', () => {
  it('gives back every row as it was written, wherever the bytes lie', () => {
    fc.assert(
      fc.property(fc.array(page, { maxLength: 9 }), fc.nat(9), (pages, shift) => {
        const bytes = encoded(pages);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        const rows = new PageRows(moved.subarray(shift));
        expect(Array.from({ length: rows.length }, (_, row) => rows.page(row))).toEqual(pages);
        expect([...rows.ids]).toEqual(pages.map(({ id }) => id));
      }),
    );
  });

  it('gives them back in any order when their strings are read later', () => {
    const asked = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(page, { minLength: 1, maxLength: 9 }), asked, (pages, places) => {
        const elsewhere = encoded(pages);
        const given = elsewhere.slice();
        const rows = new PageRows(given, (at, size) => elsewhere.slice(at, at + size));
        // Nothing of what was given is looked at any more.
        given.fill(255);
        expect(rows.sizeBytes).toBe(elsewhere.length);
        for (const place of places) {
          expect(rows.page(place % pages.length)).toEqual(pages[place % pages.length]);
        }
      }),
    );
  });

  it('refuses bytes that are cut off, or of another version', () => {
    fc.assert(
      fc.property(fc.array(page, { minLength: 1, maxLength: 3 }), (pages) => {
        const bytes = encoded(pages);
        const { length } = new PageRows(bytes);
        expect(length).toBe(pages.length);
        expect(() => new PageRows(bytes.slice(0, 80))).toThrow(/not whole/);
        bytes[0] = 9;
        expect(() => new PageRows(bytes)).toThrow(/format 9/);
        expect(() => new PageRows(new Uint8Array(0))).toThrow(/format undefined/);
      }),
    );
  });
});
