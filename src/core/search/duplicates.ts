import type { PageOrdinal } from '../ids.ts';
import type { CodeIndex } from '../index/code-index.ts';

/** Bits of 512 in which the codes of nearly the same passage differ at most. */
const sameBits = 56;
/** Part of the shorter page's passages that must be on the other, for the pages to be one. */
const sameShare = 0.6;
/** Passages of a page that are compared; long pages show in their first ones what they are. */
const maxPassages = 24;

function isNearlySame(codes: CodeIndex, a: PageOrdinal, b: PageOrdinal): boolean {
  const [short, long] = codes.passagesOf(a) <= codes.passagesOf(b) ? [a, b] : [b, a];
  const shortCount = Math.min(maxPassages, codes.passagesOf(short));
  const longCount = Math.min(maxPassages, codes.passagesOf(long));
  // A short page within a long one is a quotation, not a copy.
  if (shortCount === 0 || longCount > shortCount * 2) return false;
  const needed = Math.ceil(sameShare * shortCount);
  const passages = maxPassages;
  return codes.countAlike(short, long, { passages, bits: sameBits, needed }) >= needed;
}

/**
 * Folds pages that are nearly the same under the first of them, until `limit` heads are found and
 * no place is left. The order is kept; each list holds the pages folded under its head.
 */
export function foldDuplicates(
  codes: CodeIndex,
  pages: readonly PageOrdinal[],
  limit: number,
): { page: PageOrdinal; folded: PageOrdinal[] }[] {
  const heads: { page: PageOrdinal; folded: PageOrdinal[] }[] = [];
  for (const page of pages) {
    const head = heads.find((each) => isNearlySame(codes, each.page, page));
    if (head !== undefined) head.folded.push(page);
    else if (heads.length < limit) heads.push({ page, folded: [] });
  }
  return heads;
}
