import type { ReadPart } from '../core/index/read-part.ts';
import { RecentlyUsed } from './recently-used.ts';

/** Bytes kept: what the words of a few questions need of fifty segments. */
const keptBytes = 2 << 20;
/** Of a reading that is larger nobody asks again soon. */
const largestKept = 1 << 15;
/** What an entry takes beside its bytes. */
const overhead = 200;

/**
 * What was read out of the files of segments last. The next letter asks for most of it again, and some
 * browsers take as long for a small reading as for hundreds of look-ups.
 */
export class RecentReads {
  readonly #kept = new RecentlyUsed<number, Uint8Array>(
    keptBytes,
    (bytes) => bytes.length + overhead,
  );

  clear(): void {
    this.#kept.clear();
  }

  /** A reader of a segment's part that remembers. */
  of(segment: number, part: 'rows' | 'terms', read: ReadPart): ReadPart {
    const first = (2 * segment + (part === 'rows' ? 0 : 1)) * 2 ** 30;
    return (at, size) => {
      const key = first + at;
      const known = this.#kept.get(key);
      if (known !== undefined && known.length >= size) return known.subarray(0, size);
      const bytes = read(at, size);
      if (size <= largestKept) this.#kept.set(key, bytes);
      return bytes;
    };
  }
}
