import { expect, test } from 'vitest';
import type { PageId, PageKey } from '../../core/ids.ts';
import type { ExportedPage } from '../../core/page/exported-page.ts';
import type { ExportFile } from '../../platform/export-files.ts';
import type { Ask } from '../parts/services.ts';
import { type ExportKind, exportAll, importAll } from './transfer.ts';

const words = 'honey roof lime clover jars winter smoke queen comb swarm '.repeat(50);

/** A page of about 3,000 letters, which are not another page's. */
function page(number: number): ExportedPage {
  const url = `https://bees.example/${number}`;
  return {
    key: url as PageKey,
    url,
    title: `Page ${number}`,
    lang: 'en',
    type: 'article',
    firstReadAt: number,
    lastReadAt: number,
    readCount: 1,
    isPinned: false,
    visits: [number],
    passages: [{ text: `${number} ${words}` }],
  };
}

/** An engine with so many pages that takes and gives them as the real one does, and keeps none. */
function engineOf(total: number) {
  const seen = { imported: 0, exported: 0, heap: 0 };
  const ask = async (type: string, params: unknown) => {
    seen.heap = Math.max(seen.heap, process.memoryUsage().heapUsed);
    if (type === 'page-engine:import-pages') {
      const { pages } = params as { pages: readonly ExportedPage[] };
      seen.imported += pages.length;
      return { added: pages.length, updated: 0, unchanged: 0 };
    }
    const { after, limit } = params as { after: number | null; limit: number };
    const from = after ?? 0;
    const to = Math.min(total, from + limit);
    seen.exported = to;
    const pages = Array.from({ length: to - from }, (_, place) => page(from + place));
    return { pages, unreadable: 0, next: to === total ? null : (to as PageId) };
  };
  return { seen, ask: ask as unknown as Ask };
}

/** A file that is kept in memory, or has room for no more than some bytes. */
function fileOf(roomBytes = Number.POSITIVE_INFINITY) {
  const state = { pieces: [] as Blob[], isRemoved: false, taking: new AbortController() };
  let size = 0;
  const create = async (): Promise<ExportFile> => ({
    bytes: new WritableStream({
      write(bytes: Uint8Array<ArrayBuffer>) {
        size += bytes.length;
        if (size > roomBytes) throw new DOMException('no space', 'QuotaExceededError');
        state.pieces.push(new Blob([bytes]));
      },
    }),
    taken: state.taking.signal,
    whole: async (type) => new Blob(state.pieces, { type }),
    async remove() {
      state.isRemoved = true;
    },
  });
  return { state, create };
}

const never = new AbortController().signal;
const megabyte = 1e6;

test('100,000 pages go out and come in through at most 200 MB of this page’s own memory', async () => {
  const total = 100_000;
  const { seen, ask } = engineOf(total);
  const before = process.memoryUsage().heapUsed;
  const result = await exportAll(ask, 'lines', fileOf().create, never, () => {});
  expect(result?.pageCount).toBe(total);
  const file = result?.file as Blob;
  // More than may be held, so that holding it all would be seen.
  expect(file.size).toBeGreaterThan(250 * megabyte);
  const receipt = await importAll(ask, file, false, never, () => {});
  expect(receipt).toMatchObject({ added: total, refused: 0, isWhole: true });
  expect(seen.imported).toBe(total);
  expect(seen.heap - before).toBeLessThan(200 * megabyte);
}, 120_000);

test.each<ExportKind>(['lines', 'packed'])(
  'what was exported as %s is imported whole',
  async (kind) => {
    const { seen, ask } = engineOf(120);
    const result = await exportAll(ask, kind, fileOf().create, never, () => {});
    const file = result?.file as Blob;
    expect(await importAll(ask, file, false, never, () => {})).toMatchObject({
      added: 120,
      isWhole: true,
    });
    expect(seen.imported).toBe(120);
    if (kind !== 'packed') return;
    // An archive that is cut short gives what can be read of it, and says that it is not whole.
    const cut = await importAll(ask, file.slice(0, file.size - 40), false, never, () => {});
    expect(cut.isWhole).toBe(false);
  },
);

const kinds: readonly ExportKind[] = ['lines', 'packed', 'markdown'];

test.each(kinds)('a disk without room ends an export as %s, and nothing is left', async (kind) => {
  const { seen, ask } = engineOf(5_000);
  const { state, create } = fileOf(20_000);
  await expect(exportAll(ask, kind, create, never, () => {})).rejects.toMatchObject({
    code: 'storage-full',
  });
  expect(state.isRemoved).toBe(true);
  // It asks for no more pages than fitted, and one slice for each step on the way.
  expect(seen.exported).toBeLessThan(1_000);
});

test.each<ExportKind>(['lines', 'markdown'])(
  'an export as %s asks for pages only as fast as they are written',
  async (kind) => {
    const { ask } = engineOf(1_000);
    let asked = 0;
    let written = 0;
    let most = 0;
    const counted = ((...question: Parameters<Ask>) => {
      asked += 1;
      most = Math.max(most, asked - written);
      return ask(...question);
    }) as Ask;
    const slow = new WritableStream({
      async write() {
        await new Promise((resume) => setTimeout(resume, 2));
        written += 1;
      },
    });
    const create = async () => ({ ...(await fileOf().create()), bytes: slow });
    await exportAll(counted, kind, create, never, () => {});
    expect(asked).toBe(20);
    expect(most).toBeLessThanOrEqual(2);
  },
);

test('an export ends without a file when it is stopped, or its file is taken away', async () => {
  for (const end of ['stop', 'take'] as const) {
    const { seen, ask } = engineOf(5_000);
    const { state, create } = fileOf();
    const stop = new AbortController();
    const result = await exportAll(ask, 'lines', create, stop.signal, (done) => {
      if (done >= 200) (end === 'stop' ? stop : state.taking).abort();
    });
    expect(result).toBeNull();
    expect(state.isRemoved).toBe(true);
    expect(seen.exported).toBeLessThan(1_000);
  }
});
