import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Page } from '@playwright/test';

/** Byte strings to look for, by what they are. */
export type Needles = Readonly<Record<string, Buffer>>;

/**
 * What the browser itself writes about any page that is opened, with or without the extension: its
 * history, its cache, its open tabs, and its statistics about them.
 */
const ownOfBrowser =
  /^(?:Default\/)?(?:History|Favicons|Top Sites|Shortcuts|Visited Links|Sessions|Cache|Code Cache|Network|segmentation_platform|Network Action Predictor)(?:\/|-|$)/;

/** `what in file` for each needle that a file of the profile holds, the browser's own files aside. */
export async function findOnDisk(profile: string, needles: Needles): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(profile, path);
    if (!entry.isFile() || ownOfBrowser.test(name)) continue;
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch {
      continue; // removed between the listing and the reading
    }
    for (const [what, needle] of Object.entries(needles)) {
      if (bytes.includes(needle)) found.push(`${what} in ${name}`);
    }
  }
  return found;
}

/**
 * What {@link findOnDisk} finds in either of two looks. A file that the browser replaces between the
 * listing and the reading is in neither of its forms seen by one look alone.
 */
export async function findTwice(profile: string, needles: Needles): Promise<readonly string[]> {
  const first = await findOnDisk(profile, needles);
  await new Promise((resolve) => setTimeout(resolve, 400));
  return [...new Set([...first, ...(await findOnDisk(profile, needles))])];
}

/**
 * The needles of what was stored of a page, without its address as a key: LevelDB may keep the mark
 * that a key was deleted, which names the key, until it compacts the next time (PRIVACY.md).
 */
export function withoutKeys({ 'address as a key': _key, ...content }: Needles): Needles {
  return content;
}

const sliceLength = 24;

/** The middle of some bytes: neither a header nor an end that others share. */
function middle(bytes: readonly number[]): Buffer {
  const from = Math.max(0, Math.floor((bytes.length - sliceLength) / 2));
  return Buffer.from(bytes.slice(from, from + sliceLength));
}

/**
 * What the store holds of a page, read past the extension's code: its address as text and as
 * IndexedDB writes keys, and slices of the very bytes of its compressed text, codes and terms.
 * Deflated text and bit codes cannot be compressed further, so that the browser's own compression of
 * its tables does not hide them.
 */
export async function storedNeedles(desk: Page, url: string): Promise<Needles> {
  const row = await desk.evaluate(async (address) => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const database = await settled(
      indexedDB.open(names.find((name) => name.startsWith('dejalu'))!),
    );
    const read = <T>(store: string, key?: IDBValidKey) => {
      const rows = database.transaction(store).objectStore(store);
      return settled(key === undefined ? rows.getAll() : rows.get(key)) as Promise<T>;
    };
    const pages = await read<{ id: number; url: string; key: string }[]>('pages');
    const page = pages.find((each) => each.url === address);
    if (page === undefined) throw new Error(`${address} is not in the store`);
    const text = await read<Uint8Array>('texts', page.id);
    const tokens = await read<Uint8Array>('tokens', page.id);
    const entry = await read<{ terms: Uint8Array; spaces: { codes: Uint8Array }[] }>(
      'tail',
      page.id,
    );
    database.close();
    const codes = entry.spaces[0]?.codes ?? [];
    return {
      key: page.key,
      text: [...text],
      tokens: [...tokens],
      codes: [...codes],
      terms: [...entry.terms],
    };
  }, url);
  return {
    address: Buffer.from(url),
    'address as a key': Buffer.from(row.key, 'utf16le').swap16(),
    text: middle(row.text),
    tokens: middle(row.tokens),
    codes: middle(row.codes),
    terms: middle(row.terms),
  };
}

/** The codes of a page in the segment it was packed into; null while it is in none. */
export async function packedCodes(desk: Page, id: number): Promise<Buffer | null> {
  const codes = await desk.evaluate(async (pageId) => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const database = await settled(
      indexedDB.open(names.find((name) => name.startsWith('dejalu'))!),
    );
    const store = (name: string) => database.transaction(name).objectStore(name);
    const segments: {
      pageIds: Uint32Array;
      file: { name: string; sizes: readonly [number, number, number, number] };
    }[] = await settled(store('segments').getAll());
    const segment = segments.find(({ pageIds }) => pageIds.includes(pageId));
    if (segment === undefined) {
      database.close();
      return null;
    }
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('segments');
    const file = await (await folder.getFileHandle(segment.file.name)).getFile();
    const [rows, terms, size] = segment.file.sizes;
    const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;
    const codesAt = aligned(rows) + aligned(terms);
    const all = new Uint8Array(await file.slice(codesAt, codesAt + size).arrayBuffer());
    const passages = async (of: number): Promise<number> =>
      (await settled(store('pages').get(of))).passageCount;
    let start = 0;
    for (const other of segment.pageIds) {
      if (other === pageId) break;
      start += 64 * (await passages(other));
    }
    const found = all.slice(start, start + 64 * (await passages(pageId)));
    database.close();
    return [...found];
  }, id);
  return codes === null ? null : middle(codes);
}
