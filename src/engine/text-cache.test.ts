import { describe, expect, it } from 'vitest';
import type { PageId } from '../core/ids.ts';
import type { Passage } from '../core/page/types.ts';
import { MemoryPageStore } from './memory-store.ts';
import { packPassages } from './passage-text.ts';
import type { Compressor } from './ports.ts';
import { TextCache } from './text-cache.ts';

const asIs: Compressor = { deflate: async (bytes) => bytes, inflate: async (bytes) => bytes };

/** A store of texts that counts how often one is read. */
class CountingStore extends MemoryPageStore {
  readonly packed = new Map<PageId, Uint8Array>();
  reads = 0;
  override async texts(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]> {
    this.reads += ids.length;
    return ids.map((id) => this.packed.get(id) ?? null);
  }
}

const pages = [1, 2, 3] as PageId[];
const [first, second] = pages as [PageId, PageId];

async function storeOf(text: string): Promise<CountingStore> {
  const store = new CountingStore();
  for (const id of pages) store.packed.set(id, await packPassages(asIs, [{ text: text + id }]));
  return store;
}

const tokenise = (id: PageId, passages: readonly Passage[]) => ({
  title: Uint16Array.of(id),
  passages: passages.map(({ text }) => Uint16Array.from(text, (char) => char.charCodeAt(0))),
});

describe('the cache of texts and tokens', () => {
  it('reads a page once, and again after it was forgotten', async () => {
    const store = await storeOf('a');
    const cache = new TextCache(store, asIs, tokenise);
    expect(await cache.texts(pages)).toEqual(pages.map((id) => [{ text: `a${id}` }]));
    expect((await cache.texts([second]))[0]).toEqual([{ text: 'a2' }]);
    expect(store.reads).toBe(3);
    cache.forget(second);
    store.packed.delete(second);
    expect(await cache.texts([second, first])).toEqual([null, [{ text: 'a1' }]]);
    expect(store.reads).toBe(4);
  });

  it('keeps no more bytes than it may, the last used ones', async () => {
    const store = await storeOf('x'.repeat(1_000));
    const cache = new TextCache(store, asIs, tokenise, { tokenBytes: 5_500, textBytes: 0 });
    await cache.tokens(pages);
    await cache.tokens(pages.slice(1));
    expect(store.reads).toBe(3);
    expect((await cache.tokens([first]))[0]?.title).toEqual(Uint16Array.of(1));
    expect(store.reads).toBe(4);
    await cache.texts([first]);
    await cache.texts([first]);
    expect(store.reads).toBe(6);
  });

  it('does not keep what was being read while the page changed', async () => {
    const store = await storeOf('old');
    const cache = new TextCache(store, asIs, tokenise);
    const reading = cache.texts([first]);
    store.packed.set(first, await packPassages(asIs, [{ text: 'new' }]));
    cache.forget(first);
    await reading;
    expect((await cache.texts([first]))[0]).toEqual([{ text: 'new' }]);
  });

  it('passes over a damaged text, in the tokens too', async () => {
    const store = await storeOf('a');
    store.packed.set(first, Uint8Array.of(1, 2, 3));
    const cache = new TextCache(store, asIs, tokenise);
    expect((await cache.texts([first, second])).map((text) => text !== null)).toEqual([
      false,
      true,
    ]);
    expect((await cache.tokens([first, second])).map((text) => text !== null)).toEqual([
      false,
      true,
    ]);
  });
});
