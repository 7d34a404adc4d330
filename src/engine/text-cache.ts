import type { ModelId, PageId } from '../core/ids.ts';
import type { Passage } from '../core/page/types.ts';
import type { PageTokens } from '../core/search/page-tokens.ts';
import {
  areSoundTokens,
  packTokens,
  readPassages,
  tokensOfRow,
  unpackTokens,
} from './passage-text.ts';
import type { Compressor, PageStore, TokenPlace } from './ports.ts';
import { RecentlyUsed } from './recently-used.ts';

/** Bytes that the kept tokens and texts may take; those of some twelve thousand and five hundred pages. */
export interface CacheLimits {
  readonly tokenBytes: number;
  readonly textBytes: number;
}

const defaultLimits: CacheLimits = { tokenBytes: 24 << 20, textBytes: 8 << 20 };
/** Those of some two thousand pages. */
const fewTokensBytes = 4 << 20;
/** What a list and its entry take beside what is in it. */
const overhead = 200;

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
  readonly store: Pick<PageStore, 'texts' | 'tokens'>;
  readonly compressor: Compressor;
  /** Whose tokens are wanted. */
  readonly space: ModelId;
  /** Where a page's terms and codes are packed, and its tokens with them; null for one of the tail. */
  placeOf(id: PageId): TokenPlace['place'];
  /** Makes the tokens of a page that is stored without them. */
  tokenise(id: PageId, passages: readonly Passage[]): PageTokens;
}

/**
 * Tokens of candidates and texts of hits of the last searches: the next keystroke asks for most of
 * them again.
 */
export class TextCache {
  readonly #source: TextSource;
  readonly #tokens: RecentlyUsed<PageId, PageTokens>;
  readonly #texts: RecentlyUsed<PageId, readonly Passage[]>;
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
    const { store, compressor } = this.#source;
    // A damaged text costs its page's place in this search, never the search.
    return this.#load(ids, this.#texts, async (missing) => {
      const rows = await store.texts(missing);
      return Promise.all(rows.map((row) => readPassages(compressor, row)));
    });
  }

  /** Tokens in the order of `ids`; null for a page without readable text. */
  tokens(ids: readonly PageId[]): Promise<readonly (PageTokens | null)[]> {
    return this.#load(ids, this.#tokens, async (missing) => {
      const kept = await this.#unpackedTokens(missing);
      const without = missing.filter((_, place) => kept[place] === null);
      if (without.length === 0) return kept;
      const rows = await this.#source.store.texts(without);
      const made = await Promise.all(
        without.map((id, place) => this.#tokensFromText(id, rows[place])),
      );
      return kept.map((tokens) => tokens ?? made.shift() ?? null);
    });
  }

  /**
   * Tokens as they are stored, in the order of `ids`. Where there are none of this model that are
   * sound they are made from the text; null where that cannot be read.
   */
  async packedTokens(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]> {
    const { store, compressor, space } = this.#source;
    const stored = await this.#stored(ids);
    const isLacking = stored.map((packed) => packed === null || !areSoundTokens(packed, space));
    const lacking = ids.filter((_, place) => isLacking[place]);
    if (lacking.length === 0) return stored;
    const rows = await store.texts(lacking);
    const made = await Promise.all(
      lacking.map(async (id, place) => {
        const tokens = await this.#tokensFromText(id, rows[place]);
        return tokens && packTokens(compressor, space, tokens);
      }),
    );
    return stored.map((packed, place) => (isLacking[place] ? (made.shift() ?? null) : packed));
  }

  /**
   * Keeps the tokens of the last few searches alone from now on. Of more pages than there is room for
   * most candidates are not kept anyway, and out of the files of segments they come as fast.
   */
  keepFewTokens(): void {
    this.#tokens.limitTo(fewTokensBytes);
  }

  /** Keeps the stored tokens of some pages as long as there is room; says whether there still is. */
  async warm(ids: readonly PageId[]): Promise<boolean> {
    const changes = this.#changes;
    const missing = ids.filter((id) => !this.#tokens.has(id));
    const tokens = await this.#unpackedTokens(missing);
    if (changes !== this.#changes) return true;
    return missing.every((id, place) => {
      const kept = tokens[place] ?? null;
      return kept === null || this.#tokens.add(id, kept);
    });
  }

  /** Tokens that are stored as such; null for a page without any that are sound. */
  async #unpackedTokens(ids: readonly PageId[]): Promise<readonly (PageTokens | null)[]> {
    const { compressor, space } = this.#source;
    const stored = await this.#stored(ids);
    return Promise.all(stored.map((packed) => unpackTokens(compressor, packed, space)));
  }

  #stored(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]> {
    return this.#source.store.tokens(ids.map((id) => ({ id, place: this.#source.placeOf(id) })));
  }

  /** Of a page of an older version or another model, whose text has to be read. */
  async #tokensFromText(
    id: PageId,
    row: Uint8Array | null | undefined,
  ): Promise<PageTokens | null> {
    const { compressor, space } = this.#source;
    const kept = await tokensOfRow(compressor, row, space);
    if (kept !== null) return kept;
    const passages = await readPassages(compressor, row);
    return passages && this.#source.tokenise(id, passages);
  }

  async #load<T extends object>(
    ids: readonly PageId[],
    kept: RecentlyUsed<PageId, T>,
    read: (ids: readonly PageId[]) => Promise<readonly (T | null)[]>,
  ): Promise<readonly (T | null)[]> {
    const changes = this.#changes;
    const found = ids.map((id) => kept.get(id) ?? null);
    const missing = [...ids.keys()].filter((place) => found[place] === null);
    if (missing.length === 0) return found;
    const made = await read(missing.map((place) => ids[place] as PageId));
    missing.forEach((place, i) => {
      const value = made[i] ?? null;
      found[place] = value;
      if (value !== null && changes === this.#changes) kept.set(ids[place] as PageId, value);
    });
    return found;
  }
}
