import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelId, PageId, PageKey } from '../core/ids.ts';
import type { NewSegment, PageDraft, PageRecord, PageStore, PageWrite } from './ports.ts';

const space = 'test-1' as ModelId;
const nextSpace = 'test-2' as ModelId;
const id = (value: number) => value as PageId;

/** A page to write, told apart by `name`. */
export function pageWrite(name: string, change: Partial<PageDraft> = {}): PageWrite {
  return {
    draft: {
      id: null,
      key: `https://example.org/${name}` as PageKey,
      url: `https://example.org/${name}`,
      title: name,
      site: 'example.org',
      lang: 'en',
      type: 'article',
      firstReadAt: 1000,
      lastReadAt: 1000,
      readCount: 1,
      wordCount: 3,
      passageCount: 1,
      isPinned: false,
      contentHash: '0'.repeat(32),
      textBytes: 3,
      ...change,
    },
    text: new TextEncoder().encode(name),
    tokens: new TextEncoder().encode(`tokens of ${name}`),
    entry: {
      spaces: [{ space, codes: new Uint8Array(64).fill(7) }],
      terms: Uint8Array.of(1, 2, 3),
      checksum: 42,
    },
    visitAt: change.lastReadAt ?? 1000,
  };
}

export function segmentOf(pageIds: readonly number[], order = 1): NewSegment {
  return {
    order,
    space,
    pageIds: Uint32Array.from(pageIds),
    rows: Uint8Array.of(1),
    terms: Uint8Array.of(2),
    codes: Uint8Array.of(3),
    tokens: pageIds.map((pageId) => Uint8Array.of(5, pageId)),
    checksum: 9,
  };
}

const idsOf = async (store: PageStore) => (await store.segments()).map(({ id: own }) => own);

/** What every {@link PageStore} must do. `create` gives an empty one each time. */
export function describePageStore(name: string, create: () => Promise<PageStore>): void {
  describe(`page store ${name}`, () => {
    let store: PageStore;
    beforeEach(async () => {
      store = await create();
      await store.open();
    });

    it('keeps the map until it is taken away, or everything is erased', async () => {
      expect(await store.savedMap()).toBeNull();
      const map = {
        model: space,
        ids: Uint32Array.of(1, 2),
        xy: Float32Array.of(1, 2, 3, 4),
        addedLater: 1,
      };
      await store.saveMap(map);
      expect(await store.savedMap()).toEqual(map);
      await store.saveMap(null);
      expect(await store.savedMap()).toBeNull();
      await store.saveMap(map);
      await store.erase();
      expect(await store.savedMap()).toBeNull();
    });

    it('is of the present format and has no space when new', async () => {
      expect(await store.open()).toEqual({
        formatVersion: 5,
        space: null,
        nextSpace: null,
        packedTo: 0,
      });
    });

    it('keeps the state that was set and what was not mentioned', async () => {
      await store.setMeta({ space });
      await store.setMeta({ nextSpace });
      expect(await store.open()).toEqual({ formatVersion: 5, space, nextSpace, packedTo: 0 });
    });

    it('writes a page with its text, entry and visit, and reads each back', async () => {
      const record = await store.writePage(pageWrite('a', { lastReadAt: 5000 }));
      expect(record).toMatchObject({ id: 1, revision: 1, title: 'a' });
      expect(await store.record(record.id)).toEqual(record);
      expect(await store.recordByKey(record.key)).toEqual(record);
      expect(await store.texts([record.id, id(99)])).toEqual([new TextEncoder().encode('a'), null]);
      expect(await store.entries()).toEqual([{ ...pageWrite('a').entry, pageId: 1 }]);
      expect(await store.visits(5000, 5000, 10)).toEqual([{ pageId: 1, at: 5000 }]);
    });

    it('answers null for what it does not have', async () => {
      expect(await store.record(id(5))).toBeNull();
      expect(await store.recordByKey('https://nowhere.example/' as PageKey)).toBeNull();
    });

    it('refuses a second page with the same key and keeps the first whole', async () => {
      const first = await store.writePage(pageWrite('a'));
      await expect(store.writePage(pageWrite('a', { title: 'other' }))).rejects.toMatchObject({
        code: 'storage-unavailable',
      });
      expect(await store.record(first.id)).toEqual(first);
      expect(await store.texts([id(2)])).toEqual([null]);
      expect(await store.entries()).toHaveLength(1);
    });

    it('refuses to write or change a page that is not there', async () => {
      await expect(store.writePage(pageWrite('a', { id: id(7) }))).rejects.toMatchObject({
        code: 'bad-request',
      });
      await expect(store.changePage(id(7), { isPinned: true })).rejects.toMatchObject({
        code: 'bad-request',
      });
      expect(await store.countRows([id(7)])).toEqual({ pages: 0, texts: 0, entries: 0, visits: 0 });
    });

    it('replaces a page under its id', async () => {
      const first = await store.writePage(pageWrite('a'));
      const second = await store.writePage(
        pageWrite('a', { id: first.id, title: 'new', lastReadAt: 2000, readCount: 2 }),
      );
      expect(second).toMatchObject({ id: first.id, revision: 2, title: 'new' });
      expect(await store.recordsSince(0)).toEqual([second]);
      expect(await store.visits(0, 9999, 10)).toHaveLength(2);
    });

    it('changes only the fields named, with a visit in the same write', async () => {
      const first = await store.writePage(pageWrite('a'));
      const changed = await store.changePage(first.id, { lastReadAt: 7000, visitAt: 7000 });
      expect(changed).toEqual({ ...first, lastReadAt: 7000, revision: 2 });
      expect(await store.visits(7000, 7000, 10)).toEqual([{ pageId: first.id, at: 7000 }]);
    });

    it('lists recent pages, last read first, and pages on', async () => {
      for (const [name, at] of [
        ['a', 100],
        ['b', 300],
        ['c', 200],
      ] as const) {
        await store.writePage(pageWrite(name, { lastReadAt: at }));
      }
      const titles = async (...[limit, after]: Parameters<PageStore['recentRecords']>) =>
        (await store.recentRecords(limit, after)).map((record) => record.title);
      expect(await titles(2)).toEqual(['b', 'c']);
      expect(await titles(9, (await store.recentRecords(2)).at(-1))).toEqual(['a']);
      expect(await titles(0)).toEqual([]);
    });

    it('leaves no page out between two lists, also of many read at one moment', async () => {
      const moments = [5, 9, 5, 5, 2, 5, 9, 2];
      for (const [index, lastReadAt] of moments.entries()) {
        await store.writePage(pageWrite(`${index}`, { lastReadAt }));
      }
      const all = await store.recentRecords(99);
      expect(all).toHaveLength(moments.length);
      for (const limit of [1, 2, 3, 7]) {
        const found: PageRecord[] = [];
        for (;;) {
          const next = await store.recentRecords(limit, found.at(-1));
          if (next.length === 0) break;
          found.push(...next);
        }
        expect(found).toEqual(all);
      }
      // The last page of a list may be gone by the time the next one is asked for.
      const [, second, third] = all as [PageRecord, PageRecord, PageRecord];
      await store.removePages([second.id]);
      expect((await store.recentRecords(1, second))[0]).toEqual(third);
    });

    it('lists records by revision', async () => {
      const a = await store.writePage(pageWrite('a'));
      const b = await store.writePage(pageWrite('b'));
      const pinned = await store.changePage(a.id, { isPinned: true });
      expect(await store.recordsSince(1)).toEqual([b, pinned]);
      expect(await store.recordsSince(3)).toEqual([]);
    });

    it('finds visits in a period, both ends included, latest first', async () => {
      const a = await store.writePage(pageWrite('a', { lastReadAt: 100 }));
      const b = await store.writePage(pageWrite('b', { lastReadAt: 200 }));
      await store.changePage(a.id, { visitAt: 300 });
      expect(await store.visits(100, 300, 10)).toEqual([
        { pageId: a.id, at: 300 },
        { pageId: b.id, at: 200 },
        { pageId: a.id, at: 100 },
      ]);
      expect(await store.visits(100, 300, 1)).toEqual([{ pageId: a.id, at: 300 }]);
      expect(await store.visitedPages(100, 299)).toEqual([a.id, b.id]);
      expect(await store.visitedPages(300, 100)).toEqual([]);
      expect(await store.visits(300, 100, 5)).toEqual([]);
    });

    it('replaces entries only of pages that exist', async () => {
      const { id: a } = await store.writePage(pageWrite('a'));
      const { entry } = pageWrite('a');
      await store.writeEntries([
        { ...entry, pageId: a, checksum: 1 },
        { ...entry, pageId: id(9), checksum: 2 },
      ]);
      expect((await store.entries()).map((found) => [found.pageId, found.checksum])).toEqual([
        [a, 1],
      ]);
    });

    it('packs: adds and removes segments and takes entries out of the tail', async () => {
      const { id: a } = await store.writePage(pageWrite('a'));
      const { id: b } = await store.writePage(pageWrite('b'));
      const [first = 0, later = 0] = await store.pack({
        remove: [],
        add: [segmentOf([a, b], 2), segmentOf([a], 1)],
        packed: [
          { pageId: a, checksum: 42 },
          { pageId: b, checksum: 41 },
        ],
        packedTo: 2,
      });
      expect(await idsOf(store)).toEqual([later, first]);
      const { tokens: _tokens, ...packedParts } = segmentOf([a, b], 2);
      expect(await store.segment(first)).toEqual({ ...packedParts, id: first });
      // b changed after it was packed, so its newer entry stays.
      expect((await store.entries()).map((entry) => entry.pageId)).toEqual([b]);
      expect(await store.entriesOf([a, b, id(77)])).toEqual([
        null,
        { ...pageWrite('b').entry, pageId: b },
        null,
      ]);
      expect(await store.open()).toMatchObject({ packedTo: 2 });
      const change = { remove: [first, later], add: [segmentOf([b])], packed: [], packedTo: 2 };
      const [second = 0] = await store.pack(change);
      expect(second).toBeGreaterThan(later);
      expect(await idsOf(store)).toEqual([second]);
      await expect(store.segment(first)).rejects.toMatchObject({ code: 'storage-corrupt' });
    });

    it('gives the tokens of a page out of its segment, else those written with it', async () => {
      const { id: a } = await store.writePage(pageWrite('a'));
      const { id: b } = await store.writePage(pageWrite('b'));
      const own = (name: string) => new TextEncoder().encode(`tokens of ${name}`);
      const inTail = [a, b, id(9)].map((page) => ({ id: page, place: null }));
      expect(await store.tokens(inTail)).toEqual([own('a'), own('b'), null]);
      const [segment = 0] = await store.pack({
        remove: [],
        add: [{ ...segmentOf([a, b]), tokens: [Uint8Array.of(8, 8), null] }],
        packed: [{ pageId: a, checksum: 42 }],
        packedTo: 2,
      });
      const placed = [a, b].map((page, row) => ({ id: page, place: { segment, row } }));
      const [packed] = await store.tokens(placed);
      expect([[8, 8], [...own('a')]]).toContainEqual([...(packed ?? [])]);
      expect((await store.tokens(placed))[1]).toEqual(own('b'));
      // A segment that went, and a row that it does not have.
      expect(
        await store.tokens([
          { id: b, place: { segment: segment + 1, row: 0 } },
          { id: b, place: { segment, row: 7 } },
        ]),
      ).toEqual([own('b'), own('b')]);
      await store.writePage(pageWrite('b', { id: b, title: 'new' }));
      await store.removePages([b]);
      expect(await store.tokens([{ id: b, place: null }])).toEqual([null]);
      await store.erase();
      expect(await store.tokens([{ id: a, place: null }])).toEqual([null]);
    });

    it('reads parts of a segment in pieces, where it can, until that was taken out and released', async () => {
      const change = { remove: [], packed: [], packedTo: 0 };
      const segment = {
        ...segmentOf([1]),
        rows: Uint8Array.of(1, 2, 3),
        terms: Uint8Array.of(4, 5),
      };
      const [first = 0] = await store.pack({ ...change, add: [segment] });
      const rows = store.partReader(first, 'rows');
      const terms = store.partReader(first, 'terms');
      expect(store.partReader(first + 1, 'rows')?.(0, 1) ?? null).toBeNull();
      if (rows === null || terms === null) return;
      const isWhole = () => {
        expect(rows(1, 2)).toEqual(Uint8Array.of(2, 3));
        expect(terms(0, 1)).toEqual(Uint8Array.of(4));
      };
      isWhole();
      for (const [at, size] of [
        [0, 4],
        [3, 1],
        [9, 1],
      ] as const) {
        expect(() => rows(at, size)).toThrow(expect.objectContaining({ code: 'storage-corrupt' }));
      }
      await store.release();
      isWhole();
      await store.pack({ ...change, remove: [first], add: [segmentOf([2])] });
      isWhole();
      await store.release();
      expect(() => rows(1, 2)).toThrow(expect.objectContaining({ code: 'storage-corrupt' }));
    });

    it('has nothing left to settle after a while', async () => {
      await store.pack({ remove: [], add: [segmentOf([1])], packed: [], packedTo: 0 });
      for (let steps = 0; await store.settle(); steps++) expect(steps).toBeLessThan(9);
      const [only = 0] = await idsOf(store);
      expect((await store.segment(only)).codes).toEqual(Uint8Array.of(3));
    });

    it('removes pages with all their rows, and what segments hold of them', async () => {
      const { id: a, key } = await store.writePage(pageWrite('a', { lastReadAt: 10 }));
      const { id: b } = await store.writePage(pageWrite('b', { lastReadAt: 20 }));
      await store.changePage(a, { visitAt: 30 });
      const change = { remove: [], add: [segmentOf([a, b])], packed: [], packedTo: 2 };
      const remove = await store.pack(change);
      const { counts, added } = await store.removePages([a, id(55)], {
        remove,
        add: [segmentOf([b])],
      });
      expect(counts).toEqual({ pages: 1, texts: 1, entries: 2, visits: 2 });
      expect(await idsOf(store)).toEqual(added);
      expect(await store.countRows([a])).toEqual({ pages: 0, texts: 0, entries: 0, visits: 0 });
      expect(await store.countRows([b])).toEqual({ pages: 1, texts: 1, entries: 2, visits: 1 });
      expect(await store.recordByKey(key)).toBeNull();
      expect(await store.visits(0, 99, 9)).toEqual([{ pageId: b, at: 20 }]);
    });

    it('purges what was removed and keeps the rest as it is', async () => {
      const { id: a } = await store.writePage(pageWrite('a'));
      const kept = await store.writePage(pageWrite('b', { lastReadAt: 20 }));
      await store.pack({ remove: [], add: [segmentOf([kept.id])], packed: [], packedTo: 0 });
      await store.setMeta({ space, nextSpace });
      expect(await store.purge()).toBe(false);
      await store.removePages([a]);
      expect(await store.purge()).toBe(true);
      expect(await store.purge()).toBe(false);
      expect(await store.open()).toEqual({ formatVersion: 5, space, nextSpace, packedTo: 0 });
      expect(await store.recordsSince(0)).toEqual([kept]);
      expect(await store.texts([kept.id])).toEqual([new TextEncoder().encode('b')]);
      expect((await store.entries()).map(({ pageId }) => pageId)).toEqual([kept.id]);
      expect(await store.visits(0, 99, 9)).toEqual([{ pageId: kept.id, at: 20 }]);
      const [segmentId = 0] = await idsOf(store);
      const { tokens: _tokens, ...packedParts } = segmentOf([kept.id]);
      expect(await store.segment(segmentId)).toMatchObject(packedParts);
      const next = await store.writePage(pageWrite('c'));
      expect(next.id).toBeGreaterThan(kept.id);
      expect(next.revision).toBeGreaterThan(kept.revision);
    });

    it('never gives an id twice, not even after erasing everything', async () => {
      const { id: a } = await store.writePage(pageWrite('a'));
      await store.removePages([a]);
      const { id: b } = await store.writePage(pageWrite('a'));
      expect(b).toBeGreaterThan(a);
      await store.setMeta({ space, nextSpace });
      await store.pack({ remove: [], add: [segmentOf([b])], packed: [], packedTo: 0 });
      expect(await store.erase()).toMatchObject({ pages: 1, texts: 1, visits: 1 });
      expect(await store.recordsSince(0)).toEqual([]);
      expect(await store.segments()).toEqual([]);
      expect(await store.open()).toMatchObject({ space, nextSpace: null });
      expect((await store.writePage(pageWrite('a'))).id).toBeGreaterThan(b);
    });

    it('hands out copies', async () => {
      const { id: a } = await store.writePage(pageWrite('a'));
      const [bytes] = await store.texts([a]);
      bytes?.fill(0);
      expect(await store.texts([a])).toEqual([new TextEncoder().encode('a')]);
    });
  });
}
