import type { PageId } from '../core/ids.ts';
import type { Passage } from '../core/page/types.ts';
import type { PageTokens } from '../core/search/context.ts';
import { readPassages } from './passage-text.ts';
import type { Compressor, PageStore } from './ports.ts';

/** Bytes that the kept tokens and texts may take; those of some ten thousand and thousand pages. */
export interface CacheLimits {
  readonly tokenBytes: number;
  readonly textBytes: number;
}

const defaultLimits: CacheLimits = { tokenBytes: 40 << 20, textBytes: 12 << 20 };
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

  delete(id: PageId): void {
    const value = this.#values.get(id);
    if (value === undefined) return;
    this.#values.delete(id);
    this.#bytes -= this.#sizeOf(value);
  }
}

function bytesOfTokens({ title, passages }: PageTokens): number {
  return passages.reduce(
    (sum, ids) => sum + ids.byteLength + overhead,
    title.byteLength + 2 * overhead,
  );
}

function bytesOfText(passages: readonly Passage[]): number {
  return passages.reduce(
    (sum, { text, heading = '' }) => sum + 2 * (text.length + heading.length) + overhead,
    overhead,
  );
}

/**
 * Tokens of candidates and texts of hits of the last searches: the next keystroke asks for most of
 * them again, and unpacking and splitting into tokens is what costs.
 */
export class TextCache {
  readonly #store: PageStore;
  readonly #compressor: Compressor;
  readonly #tokenise: (id: PageId, passages: readonly Passage[]) => PageTokens;
  readonly #tokens: RecentlyUsed<PageTokens>;
  readonly #texts: RecentlyUsed<readonly Passage[]>;
  /** Grows when a page's text changed or went: what was being read meanwhile may be the old one. */
  #changes = 0;

  constructor(
    store: PageStore,
    compressor: Compressor,
    tokenise: (id: PageId, passages: readonly Passage[]) => PageTokens,
    limits: CacheLimits = defaultLimits,
  ) {
    this.#store = store;
    this.#compressor = compressor;
    this.#tokenise = tokenise;
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
    return this.#load(ids, this.#texts, (_, passages) => passages);
  }

  /** Tokens in the order of `ids`; null for a page without readable text. */
  tokens(ids: readonly PageId[]): Promise<readonly (PageTokens | null)[]> {
    return this.#load(ids, this.#tokens, this.#tokenise);
  }

  async #load<T extends object>(
    ids: readonly PageId[],
    kept: RecentlyUsed<T>,
    make: (id: PageId, passages: readonly Passage[]) => T,
  ): Promise<readonly (T | null)[]> {
    const changes = this.#changes;
    const found = ids.map((id) => kept.get(id) ?? null);
    const missing = [...ids.keys()].filter((place) => found[place] === null);
    if (missing.length === 0) return found;
    const packed = await this.#store.texts(missing.map((place) => ids[place] as PageId));
    await Promise.all(
      missing.map(async (place, i) => {
        // A damaged text costs its page's place in this search, never the search.
        const passages = await readPassages(this.#compressor, packed[i]);
        if (passages === null) return;
        const id = ids[place] as PageId;
        const value = make(id, passages);
        found[place] = value;
        if (changes === this.#changes) kept.set(id, value);
      }),
    );
    return found;
  }
}
