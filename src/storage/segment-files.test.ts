import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelId, PageId } from '../core/ids.ts';
import { describePageStore, pageWrite, segmentOf } from '../engine/page-store.contract.ts';
import type { NewSegment, SegmentChange } from '../engine/ports.ts';
import { letPutsDieAfter } from './dying-puts.test-tools.ts';
import { IdbPageStore } from './idb-page-store.ts';
import { MemoryFolder } from './memory-folder.test-tools.ts';
import type { FileParts } from './schema.ts';

const name = 'dejalu-files';
const opened: IdbPageStore[] = [];
let folder = new MemoryFolder();

function createStore(openFiles: () => Promise<MemoryFolder | null> = async () => folder) {
  const store = new IdbPageStore({ name, openFiles });
  opened.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  expect(folder.openCount).toBe(0);
  for (const each of [name, `${name}-2`]) await deleteDB(each);
  folder = new MemoryFolder();
});

describePageStore('in IndexedDB with files beside it', async () => createStore());

const packing = (change: Partial<SegmentChange>) => ({
  remove: [],
  add: [],
  packed: [],
  packedTo: 0,
  ...change,
});

/** A segment whose parts have lengths that no word divides. */
function oddSegment(order = 1): NewSegment {
  const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i + length);
  return {
    ...segmentOf([1, 2, 3], order),
    rows: bytes(13),
    terms: bytes(8),
    codes: bytes(31),
    tokens: [bytes(3), null, bytes(5)],
  };
}

async function rowsOf(store: string): Promise<readonly { readonly file?: FileParts }[]> {
  const database = await openDB(name);
  const rows = await database.getAll(store);
  database.close();
  return rows;
}

const namesInRows = async () => (await rowsOf('segments')).map(({ file }) => file?.name ?? 'none');
const namesInFolder = () => [...folder.files.keys()];

describe('the files of segments', () => {
  let store: IdbPageStore;
  beforeEach(async () => {
    store = createStore();
    await store.open();
  });

  const tokensOf = (segment: number) =>
    store.tokens([0, 1, 2].map((row) => ({ id: (row + 1) as PageId, place: { segment, row } })));

  it('give back every part after the store was opened again, and the database has none of them', async () => {
    const { tokens, ...parts } = oddSegment();
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    expect(await tokensOf(segment)).toEqual(tokens);
    await store.close();
    store = createStore();
    await store.open();
    expect(await store.segment(segment)).toEqual({ ...parts, id: segment });
    expect(await tokensOf(segment)).toEqual(tokens);
    expect(await rowsOf('parts')).toEqual([]);
    expect(await namesInRows()).toEqual(namesInFolder());
  });

  it('takes the tokens of packed pages out of the database, but for those read again since', async () => {
    const { id: a } = await store.writePage(pageWrite('a'));
    const { id: b } = await store.writePage(pageWrite('b'));
    const packed = [
      { pageId: a, checksum: 42 },
      { pageId: b, checksum: 41 },
    ];
    await store.pack({ ...packing({ add: [segmentOf([a, b])] }), packed });
    expect(await rowsOf('tokens')).toEqual([pageWrite('b').tokens]);
  });

  it('are there for what the database names and for nothing else, whatever dies on the way', async () => {
    const { id } = await store.writePage(pageWrite('a'));
    const remove = await store.pack(packing({ add: [segmentOf([id])] }));
    const before = namesInFolder();
    const change = packing({ remove, add: [segmentOf([id], 2), segmentOf([], 3)] });
    // The first file, the second, then each row: counters, two segments, the state.
    for (const room of [0, 1]) {
      folder.room = room;
      await expect(store.pack(change)).rejects.toMatchObject({ code: 'storage-full' });
      expect(namesInFolder()).toEqual(before);
    }
    folder.room = Number.POSITIVE_INFINITY;
    for (let survivors = 0; survivors < 4; survivors++) {
      const spy = letPutsDieAfter(survivors);
      await expect(store.pack(change)).rejects.toMatchObject({ code: 'storage-full' });
      spy.mockRestore();
      expect(namesInFolder()).toEqual(before);
      expect(await namesInRows()).toEqual(before);
    }
    expect(await store.pack(change)).toHaveLength(2);
    expect(namesInFolder()).toContain(before[0]);
    await store.release();
    expect(namesInFolder()).not.toContain(before[0]);
    expect((await namesInRows()).sort()).toEqual(namesInFolder().sort());
  });

  it.each([
    ['is missing', () => folder.files.clear()],
    [
      'was cut short',
      () => {
        for (const [file, bytes] of folder.files) folder.files.set(file, bytes.subarray(0, 40));
      },
    ],
  ])('are known to be damaged when one %s', async (_what, damage) => {
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    await store.close();
    damage();
    store = createStore();
    await store.open();
    await expect(store.segment(segment)).rejects.toMatchObject({ code: 'storage-corrupt' });
    expect(await tokensOf(segment)).toEqual([null, null, null]);
  });

  it.each([
    ['of no sense', 'somewhere'],
    ['with too few numbers', { name: 'a', sizes: [1, 2] }],
    ['with a number that cannot be', { name: 'a', sizes: [1, 2, 1e15, 3] }],
  ])('are known to be damaged when their row is %s', async (_what, file) => {
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    const database = await openDB(name);
    const row = await database.get('segments', segment);
    const known = typeof file === 'string' ? file : { ...file, name: row.file.name };
    await database.put('segments', { ...row, file: known });
    database.close();
    await store.close();
    store = createStore();
    await store.open();
    expect((await store.segments()).map(({ id }) => id)).toEqual([segment]);
    await expect(store.segment(segment)).rejects.toMatchObject({ code: 'storage-corrupt' });
    await store.pack(packing({ remove: [segment] }));
    while (await store.settle());
    expect(namesInFolder()).toEqual([]);
  });

  it('give the tokens of a segment that a removal made, without it being read', async () => {
    const remove = await store.pack(packing({ add: [oddSegment(1)] }));
    const add = [segmentOf([2, 3], 1)];
    const { added } = await store.removePages([1 as PageId], { remove, add });
    const places = [0, 1].map((row) => ({
      id: (row + 2) as PageId,
      place: { segment: added[0] ?? 0, row },
    }));
    expect(await store.tokens(places)).toEqual(add[0]?.tokens);
  });

  it('that are cut short while they are read tell so, and what was read before is as it was', async () => {
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    const read = store.partReader(segment, 'terms')!;
    const before = read(2, 3);
    expect(before).toEqual(oddSegment().terms.slice(2, 5));
    const [file] = namesInFolder();
    folder.files.set(file!, folder.files.get(file!)!.subarray(0, 20));
    expect(() => read(2, 3)).toThrow(expect.objectContaining({ code: 'storage-corrupt' }));
    expect(before).toEqual(oddSegment().terms.slice(2, 5));
  });

  it('are no damage when the browser does not let go of them', async () => {
    folder.refusal = new DOMException('in use', 'NoModificationAllowedError');
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    expect(store.partReader(segment, 'terms')).toBeNull();
    await expect(store.segment(segment)).rejects.toMatchObject({ code: 'storage-unavailable' });
    folder.refusal = null;
    expect((await store.segment(segment)).rows).toEqual(oddSegment().rows);
  });

  it('are no damage either when their folder cannot be opened, and are there the next time', async () => {
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    await store.close();
    let isBroken = true;
    store = createStore(async () => {
      if (isBroken) throw new DOMException('not now', 'InvalidStateError');
      return folder;
    });
    await expect(store.open()).rejects.toMatchObject({ code: 'storage-unavailable' });
    isBroken = false;
    await store.open();
    expect((await store.segment(segment)).rows).toEqual(oddSegment().rows);
  });

  it('give no tokens of places that cannot be', async () => {
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    const [file] = namesInFolder();
    const bytes = folder.files.get(file!)!;
    const tokensAt = 16 + 8 + 32;
    const words = new Uint32Array(bytes.buffer, tokensAt, 5);
    for (const [word, value] of [
      [2, 0xffff_fff0],
      [2, 1],
      [0, 0xffff_ffff],
    ] as const) {
      words[word] = value;
      await store.close();
      await store.open();
      await store.segment(segment);
      for (const tokens of await tokensOf(segment)) expect(tokens?.length ?? 0).toBeLessThan(32);
    }
  });

  it('that nobody names go at the first idle work, and those in use stay', async () => {
    await store.pack(packing({ add: [oddSegment()] }));
    const [kept] = namesInFolder();
    folder.files.set('left by a kill', new Uint8Array(9));
    while (await store.settle());
    expect(namesInFolder()).toEqual([kept]);
  });

  it('are made of what an older version left in the database', async () => {
    await store.close();
    const older = createStore(async () => null);
    await older.open();
    const { id } = await older.writePage(pageWrite('a'));
    const packed = [{ pageId: id, checksum: 42 }];
    const add = [oddSegment(1), segmentOf([id], 2)];
    const [segment = 0, second = 0] = await older.pack({ ...packing({ add }), packed });
    expect(namesInFolder()).toEqual([]);
    expect(await older.settle()).toBe(false);
    await older.close();
    store = createStore();
    await store.open();
    folder.room = 0;
    await expect(store.settle()).rejects.toMatchObject({ code: 'storage-full' });
    expect(namesInFolder()).toEqual([]);
    folder.room = 9;
    expect([await store.settle(), await store.settle(), await store.settle()]).toEqual([
      true,
      true,
      false,
    ]);
    const { tokens: _tokens, ...parts } = oddSegment(1);
    expect(await store.segment(segment)).toEqual({ ...parts, id: segment });
    expect(await rowsOf('parts')).toEqual([]);
    expect(await namesInRows()).toEqual(namesInFolder());
    // Without files the tokens stayed where they were written, and still are.
    const place = { segment: second, row: 0 };
    expect(await store.tokens([{ id, place }])).toEqual([pageWrite('a').tokens]);
  });

  it('are all gone after everything was erased, and after a model was changed', async () => {
    await store.pack(packing({ add: [oddSegment(1), oddSegment(2)] }));
    folder.files.set('left by a kill', new Uint8Array(9));
    await store.erase();
    await store.release();
    expect(namesInFolder()).toEqual([]);
    const { id } = await store.writePage(pageWrite('a'));
    await store.pack(packing({ add: [oddSegment()] }));
    const next = 'next@1' as ModelId;
    await store.spaces.begin(next);
    await store.spaces.add(next, [{ ...pageWrite('a').entry, pageId: id }]);
    await store.spaces.adopt(next);
    await store.release();
    expect(namesInFolder()).toEqual([]);
    expect(await rowsOf('tokens')).toEqual([]);
  });

  it('that cannot be removed now go with the next idle work', async () => {
    const [segment = 0] = await store.pack(packing({ add: [oddSegment()] }));
    while (await store.settle());
    const held = await folder.open(namesInFolder()[0]!);
    await store.removePages([1 as PageId], { remove: [segment], add: [] });
    await store.release();
    expect(namesInFolder()).toHaveLength(1);
    held?.close();
    while (await store.settle());
    expect(namesInFolder()).toEqual([]);
  });
});
