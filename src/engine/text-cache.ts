import type { ModelId, PageId } from '../core/ids.ts';
import type { Passage } from '../core/page/types.ts';
import type { PageTokens } from '../core/search/page-tokens.ts';
import { readPassages, readTokens } from './passage-text.ts';
import type { Compressor, PageStore } from './ports.ts';

/** Bytes that the kept tokens and texts may take; those of some twelve thousand and five hundred pages. */
export interface CacheLimits {
  readonly tokenBytes: number;
  readonly textBytes: number;
}

const defaultLimits: CacheLimits = { tokenBytes: 24 << 20, textBytes: 8 << 20 };
/** What a list and its entry take beside what is in it. */
const overhead = 200;

/** Values by page id, the least recently used dropped when they take too much. */
class RecentlyUsed<T extends object> {
  readonly #limit: number;
  readonly #sizeOf: (value: T) => number;
  /** Least recently used first. */
  readonly #values = new Map<PageId, T>();
  #bytes = 0;

  constructor(limit: number, sizeOf: (value: T) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  get(id: PageId): T | undefined {
    const value = this.#values.get(id);
    if (value !== undefined) {
      this.#values.delete(id);
      this.#values.set(id, value);
    }
    return value;
  }

  set(id: PageId, value: T): void {
    this.delete(id);
    this.#values.set(id, value);
    this.#bytes += this.#sizeOf(value);
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.delete(oldest);
    }
  }

  has(id: PageId): boolean {
    return this.#values.has(id);
  }

  /** Takes in a value that nobody asked for yet, unless others would have to go; says whether. */
  add(id: PageId, value: T): boolean {
    const size = this.#sizeOf(value);
    if (this.#bytes + size > this.#limit) return false;
    this.set(id, value);
    return true;
  }

  delete(id: PageId): void {
    const value = this.#values.get(id);
    if (value === undefined) return;
    this.#values.delete(id);
    this.#bytes -= this.#sizeOf(value);
  }
}

function bytesOfTokens({ bytes }: PageTokens): number {
  return bytes.length + overhead;
}

function bytesOfText(passages: readonly Passage[]): number {
  return passages.reduce(
    (sum, { text, heading = '' }) => sum + 2 * (text.length + heading.length) + overhead,
    overhead,
  );
}

/** How the cache gets what it keeps. */
export interface TextSource {
  readonly store: Pick<PageStore, 'texts'>;
  readonly compressor: Compressor;
  /** Whose tokens are wanted. */
  readonly space: ModelId;
  /** Makes the tokens of a page that is stored without them. */
  tokenise(id: PageId, passages: readonly Passage[]): PageTokens;
}

/**
 * Tokens of candidates and texts of hits of the last searches: the next keystroke asks for most of
 * them again.
 */
export class TextCache {
  readonly #source: TextSource;
  readonly #tokens: RecentlyUsed<PageTokens>;
  readonly #texts: RecentlyUsed<readonly Passage[]>;
  /** Grows when a page's text changed or went: what was being read meanwhile may be the old one. */
  #changes = 0;

  constructor(source: TextSource, limits: CacheLimits = defaultLimits) {
    this.#source = source;
    this.#tokens = new RecentlyUsed(limits.tokenBytes, bytesOfTokens);
    this.#texts = new RecentlyUsed(limits.textBytes, bytesOfText);
  }

  forget(id: PageId): void {
    this.#changes++;
    this.#tokens.delete(id);
    this.#texts.delete(id);
  }

  /** Passages in the order of `ids`; null for a page without readable text. */
  texts(ids: readonly PageId[]): Promise<readonly (readonly Passage[] | null)[]> {
    const { compressor } = this.#source;
    // A damaged text costs its page's place in this search, never the search.
    return this.#load(ids, this.#texts, (_, row) => readPassages(compressor, row));
  }

  /** Tokens in the order of `ids`; null for a page without readable text. */
  tokens(ids: readonly PageId[]): Promise<readonly (PageTokens | null)[]> {
    const { compressor, space, tokenise } = this.#source;
    return this.#load(ids, this.#tokens, async (id, row) => {
      const kept = await readTokens(compressor, row, space);
      if (kept !== null) return kept;
      const passages = await readPassages(compressor, row);
      return passages && tokenise.call(this.#source, id, passages);
    });
  }

  /** Keeps the stored tokens of some pages as long as there is room; says whether there still is. */
  async warm(ids: readonly PageId[]): Promise<boolean> {
    const { store, compressor, space } = this.#source;
    const changes = this.#changes;
    const missing = ids.filter((id) => !this.#tokens.has(id));
    const rows = await store.texts(missing);
    const tokens = await Promise.all(rows.map((row) => readTokens(compressor, row, space)));
    if (changes !== this.#changes) return true;
    return missing.every((id, place) => {
      const kept = tokens[place] ?? null;
      return kept === null || this.#tokens.add(id, kept);
    });
  }

  async #load<T extends object>(
    ids: readonly PageId[],
    kept: RecentlyUsed<T>,
    make: (id: PageId, row: Uint8Array | null | undefined) => Promise<T | null>,
  ): Promise<readonly (T | null)[]> {
    const changes = this.#changes;
    const found = ids.map((id) => kept.get(id) ?? null);
    const missing = [...ids.keys()].filter((place) => found[place] === null);
    if (missing.length === 0) return found;
    const rows = await this.#source.store.texts(missing.map((place) => ids[place] as PageId));
    const made = await Promise.all(missing.map((place, i) => make(ids[place] as PageId, rows[i])));
    missing.forEach((place, i) => {
      const value = made[i] ?? null;
      found[place] = value;
      if (value !== null && changes === this.#changes) kept.set(ids[place] as PageId, value);
    });
    return found;
  }
}
