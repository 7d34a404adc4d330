import type { PageOrdinal } from '../ids.ts';
import type { CodeIndex } from '../index/code-index.ts';
import { popcount32 } from '../index/reference-scan-kernel.ts';

/** Bits of 512 in which the codes of nearly the same passage differ at most. */
const sameBits = 56;
/** Part of the shorter page's passages that must be on the other, for the pages to be one. */
const sameShare = 0.6;
/** Passages of a page that are compared; long pages show in their first ones what they are. */
const maxPassages = 24;

function words(codes: Uint8Array): Uint32Array {
  return new Uint32Array(codes.slice().buffer);
}

/** Whether two codes differ in few bits. Most differ in more after a few words already. */
function isSame(a: Uint32Array, i: number, b: Uint32Array, j: number, size: number): boolean {
  let bits = 0;
  for (let w = 0; w < size; w++) {
    bits += popcount32((a[i * size + w] as number) ^ (b[j * size + w] as number));
    if (bits > sameBits) return false;
  }
  return true;
}

function isNearlySame(a: Uint32Array, b: Uint32Array, size: number): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const shortCount = Math.min(maxPassages, short.length / size);
  const longCount = Math.min(maxPassages, long.length / size);
  // A short page within a long one is a quotation, not a copy.
  if (shortCount === 0 || longCount > shortCount * 2) return false;
  let same = 0;
  for (let i = 0; i < shortCount; i++) {
    // Not even if all the others were the same.
    if ((same + shortCount - i) / shortCount < sameShare) return false;
    for (let j = 0; j < longCount; j++) {
      if (!isSame(short, i, long, j, size)) continue;
      same++;
      break;
    }
  }
  return same / shortCount >= sameShare;
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
  const size = codes.codeBytes / 4;
  const heads: { page: PageOrdinal; folded: PageOrdinal[]; codes: Uint32Array }[] = [];
  for (const page of pages) {
    const own = words(codes.codesOf(page));
    const head = heads.find((each) => isNearlySame(each.codes, own, size));
    if (head !== undefined) head.folded.push(page);
    else if (heads.length < limit) heads.push({ page, folded: [], codes: own });
  }
  return heads.map(({ page, folded }) => ({ page, folded }));
}
