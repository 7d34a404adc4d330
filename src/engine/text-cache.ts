import type { PageId } from '../core/ids.ts';
import type { Passage } from '../core/page/types.ts';
import type { PageTokens } from '../core/search/context.ts';
import { unpackPassages } from './passage-text.ts';
import type { Compressor, PageStore } from './ports.ts';

/** A page's text as searches use it. */
export interface CachedText {
  readonly passages: readonly Passage[];
  readonly tokens: PageTokens;
}

/**
 * Candidate texts of the last searches with their tokens: the next keystroke asks for most of them
 * again, and splitting into tokens is what costs.
 */
export class TextCache {
  readonly #store: PageStore;
  readonly #compressor: Compressor;
  readonly #tokenise: (id: PageId, passages: readonly Passage[]) => PageTokens;
  readonly #capacity: number;
  /** Least recently used first. */
  readonly #texts = new Map<PageId, CachedText>();
  /** Grows when a page's text changed or went: what was being read meanwhile may be the old one. */
  #changes = 0;

  constructor(
    store: PageStore,
    compressor: Compressor,
    tokenise: (id: PageId, passages: readonly Passage[]) => PageTokens,
    capacity = 1_000,
  ) {
    this.#store = store;
    this.#compressor = compressor;
    this.#tokenise = tokenise;
    this.#capacity = capacity;
  }

  forget(id: PageId): void {
    this.#changes++;
    this.#texts.delete(id);
  }

  clear(): void {
    this.#changes++;
    this.#texts.clear();
  }

  /** Texts in the order of `ids`; null for a page without readable text. */
  async load(ids: readonly PageId[]): Promise<readonly (CachedText | null)[]> {
    const changes = this.#changes;
    const missing = ids.filter((id) => !this.#texts.has(id));
    const packed = missing.length === 0 ? [] : await this.#store.texts(missing);
    const fresh = new Map<PageId, CachedText>();
    await Promise.all(
      missing.map(async (id, i) => {
        const bytes = packed[i];
        if (bytes === null || bytes === undefined) return;
        // A damaged text costs its page's place in this search, never the search.
        const passages = await unpackPassages(this.#compressor, bytes).catch(() => null);
        if (passages === null) return;
        fresh.set(id, { passages, tokens: this.#tokenise(id, passages) });
      }),
    );
    const isCurrent = changes === this.#changes;
    return ids.map((id) => {
      const text = fresh.get(id) ?? this.#texts.get(id) ?? null;
      if (text !== null && (isCurrent || !fresh.has(id))) this.#keep(id, text);
      return text;
    });
  }

  #keep(id: PageId, text: CachedText): void {
    this.#texts.delete(id);
    this.#texts.set(id, text);
    if (this.#texts.size <= this.#capacity) return;
    const oldest = this.#texts.keys().next().value;
    if (oldest !== undefined) this.#texts.delete(oldest);
  }
}
