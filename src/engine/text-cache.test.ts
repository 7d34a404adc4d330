import { describe, expect, it } from 'vitest';
import type { ModelId, PageId } from '../core/ids.ts';
import type { Passage } from '../core/page/types.ts';
import { MemoryPageStore } from './memory-store.ts';
import { packPassages, packTokens, unpackTokens } from './passage-text.ts';
import type { Compressor, TokenPlace } from './ports.ts';
import { type CacheLimits, TextCache } from './text-cache.ts';

const asIs: Compressor = { deflate: async (bytes) => bytes, inflate: async (bytes) => bytes };

/** A store of texts that counts how often one is read. */
class CountingStore extends MemoryPageStore {
  readonly packed = new Map<PageId, Uint8Array>();
  readonly packedTokens = new Map<PageId, Uint8Array>();
  reads = 0;
  override async tokens(wanted: readonly TokenPlace[]): Promise<readonly (Uint8Array | null)[]> {
    return wanted.map(({ id }) => this.packedTokens.get(id) ?? null);
  }
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

const space = 'a@1' as ModelId;
const tokenise = (id: PageId, passages: readonly Passage[]) => ({
  bytes: new TextEncoder().encode(`${id} ${passages.map(({ text }) => text).join(' ')}`),
});
const cacheOf = (store: CountingStore, limits?: CacheLimits) =>
  new TextCache({ store, compressor: asIs, space, placeOf: () => null, tokenise }, limits);

describe('the cache of texts and tokens', () => {
  it('reads a page once, and again after it was forgotten', async () => {
    const store = await storeOf('a');
    const cache = cacheOf(store);
    expect(await cache.texts(pages)).toEqual(pages.map((id) => [{ text: `a${id}` }]));
    expect((await cache.texts([second]))[0]).toEqual([{ text: 'a2' }]);
    expect(store.reads).toBe(3);
    cache.forget(second);
    store.packed.delete(second);
    expect(await cache.texts([second, first])).toEqual([null, [{ text: 'a1' }]]);
    expect(store.reads).toBe(4);
  });

  it('keeps no more bytes than it may, the last used ones', async () => {
    const long = 'x'.repeat(1_000);
    const store = await storeOf(long);
    const cache = cacheOf(store, { tokenBytes: 2_500, textBytes: 0 });
    await cache.tokens(pages);
    await cache.tokens(pages.slice(1));
    expect(store.reads).toBe(3);
    expect((await cache.tokens([first]))[0]).toEqual(tokenise(first, [{ text: `${long}1` }]));
    expect(store.reads).toBe(4);
    await cache.texts([first]);
    await cache.texts([first]);
    expect(store.reads).toBe(6);
  });

  it('does not keep what was being read while the page changed', async () => {
    const store = await storeOf('old');
    const cache = cacheOf(store);
    const reading = cache.texts([first]);
    store.packed.set(first, await packPassages(asIs, [{ text: 'new' }]));
    cache.forget(first);
    await reading;
    expect((await cache.texts([first]))[0]).toEqual([{ text: 'new' }]);
  });

  it('takes stored tokens of its own model, and makes those of others from the text', async () => {
    const store = await storeOf('a');
    const tokens = { bytes: Uint8Array.of(1, 2, 3) };
    const packed = await Promise.all(
      [space, 'b@1' as ModelId].map((own) => packTokens(asIs, own, tokens)),
    );
    const damaged = (packed[0] as Uint8Array).with(5, 9);
    for (const [place, row] of [...packed, damaged].entries()) {
      store.packedTokens.set(pages[place] as PageId, row);
    }
    const cache = cacheOf(store);
    const made = pages.slice(1).map((id) => tokenise(id, [{ text: `a${id}` }]));
    expect(await cache.tokens(pages)).toEqual([tokens, ...made]);
    // To be packed anew, in the present model's vocabulary.
    const again = await cache.packedTokens([...pages].reverse());
    const unpacked = await Promise.all(again.map((each) => unpackTokens(asIs, each, space)));
    expect(unpacked.reverse()).toEqual([tokens, ...made]);
    store.packed.clear();
    expect((await cache.packedTokens(pages)).map((each) => each !== null)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('keeps stored tokens before anybody asks, as long as there is room', async () => {
    const store = await storeOf('a');
    const tokens = { bytes: new Uint8Array(1_000) };
    const row = await packTokens(asIs, space, tokens);
    for (const id of pages) store.packedTokens.set(id, row);
    const cache = cacheOf(store, { tokenBytes: 2_500, textBytes: 0 });
    expect(await cache.warm(pages)).toBe(false);
    const reads = store.reads;
    expect(await cache.tokens(pages.slice(0, 2))).toEqual([tokens, tokens]);
    expect(store.reads).toBe(reads);
  });

  it('keeps the tokens of a few pages alone when it is told to', async () => {
    const long = 'x'.repeat(1_500_000);
    const store = await storeOf(long);
    const cache = cacheOf(store);
    await cache.tokens(pages);
    cache.keepFewTokens();
    // Of three megabytes and a half two pages stay, those used last.
    const before = store.reads;
    await cache.tokens(pages.slice(1));
    expect(store.reads).toBe(before);
    await cache.tokens([first]);
    expect(store.reads).toBe(before + 1);
  });

  it('passes over a damaged text, in the tokens too', async () => {
    const store = await storeOf('a');
    store.packed.set(first, Uint8Array.of(1, 2, 3));
    const cache = cacheOf(store);
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
