import { openDB } from 'idb';
import type { PageId } from '../src/core/ids.ts';
import { encodePageRows } from '../src/core/index/page-rows.ts';
import { decodePageTerms } from '../src/core/index/page-terms.ts';
import { packSlowly } from '../src/core/index/term-segment.ts';
import type { Encoder, StaticModel } from '../src/core/model/types.ts';
import { siteOf } from '../src/core/page/page-key.ts';
import type { PageText } from '../src/core/page/types.ts';
import { splitPassages } from '../src/core/text/passages.ts';
import { segmentChecksum } from '../src/engine/checksum.ts';
import { DeflateCompressor } from '../src/engine/deflate.ts';
import { toKnown } from '../src/engine/index-memory.ts';
import { digest } from '../src/engine/model-files.ts';
import { contentHashOf, countWords, entryOf, textOf } from '../src/engine/page-content.ts';
import type { IndexEntry, PageRecord } from '../src/engine/ports.ts';
import { IdbPageStore } from '../src/storage/idb-page-store.ts';
import { openSegmentFolder } from '../src/storage/opfs-folder.ts';
import { type Counters, type DejaluSchema, databaseName } from '../src/storage/schema.ts';

/** Rows of the segments, as merging leaves them: merged ones, then those of what is left. */
const mergedRows = [2_048, 256];
const pagesOfOneWrite = 256;
const compressor = new DeflateCompressor();

interface Made {
  readonly record: PageRecord;
  readonly text: Uint8Array;
  readonly tokens: Uint8Array;
  readonly entry: Omit<IndexEntry, 'pageId'>;
}

function drain<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * Writes a history as the engine would have left it once all is packed and merged, some hundred
 * pages a transaction: made by the engine's own functions, without a commit a page.
 */
export class FastLoad {
  readonly #model: StaticModel;
  readonly #encoder: Encoder;
  readonly #segmentRows: readonly number[];
  #made: Made[] = [];
  #nextId = 1;
  #nextOrder = 1;
  #hasStore = false;

  /** @param segmentRows rows of the segments to make, the largest first */
  constructor(model: StaticModel, encoder: Encoder, segmentRows: readonly number[] = mergedRows) {
    this.#model = model;
    this.#encoder = encoder;
    this.#segmentRows = segmentRows;
  }

  /** Takes pages of an empty database, in the order of their reading. */
  async add(pages: Iterable<PageText>): Promise<void> {
    let written = this.#made.length;
    for (const page of pages) {
      this.#made.push(await this.#make(page));
      if (this.#made.length - written < pagesOfOneWrite) continue;
      await this.#write(this.#made.slice(written));
      written = this.#made.length;
    }
    await this.#write(this.#made.slice(written));
    const [largest = 1] = this.#segmentRows;
    while (this.#made.length >= largest) await this.#pack(largest);
  }

  async finish(): Promise<void> {
    for (const size of this.#segmentRows) while (this.#made.length >= size) await this.#pack(size);
    if (this.#made.length > 0) await this.#pack(this.#made.length);
  }

  async #make(page: PageText): Promise<Made> {
    const title = page.title.toWellFormed();
    const passages = splitPassages(page.blocks).map((passage) => ({
      ...passage,
      text: passage.text.toWellFormed(),
    }));
    const { key, url, lang, type, readAt } = page;
    const opened = { model: this.#model, encoder: this.#encoder };
    const { text, tokens, bytes } = await textOf({ compressor }, opened, title, passages);
    const id = this.#nextId++;
    const record: PageRecord = {
      id: id as PageId,
      key,
      url,
      title,
      site: siteOf(url),
      lang,
      type,
      firstReadAt: readAt,
      lastReadAt: readAt,
      readCount: 1,
      wordCount: countWords(passages),
      passageCount: passages.length,
      isPinned: false,
      contentHash: await contentHashOf(digest, { title, lang, type, passages }),
      textBytes: bytes,
      revision: id,
    };
    return { record, text, tokens, entry: entryOf(opened, title, passages) };
  }

  async #open() {
    if (!this.#hasStore) await withStore((store) => store.setMeta({ space: this.#model.id }));
    this.#hasStore = true;
    return openDB<DejaluSchema>(databaseName);
  }

  async #write(made: readonly Made[]): Promise<void> {
    if (made.length === 0) return;
    const database = await this.#open();
    const tx = database.transaction(['pages', 'texts', 'visits', 'meta'], 'readwrite');
    for (const { record, text } of made) {
      tx.objectStore('pages').put(record);
      tx.objectStore('texts').put(text, record.id);
      tx.objectStore('visits').put({ at: record.firstReadAt, pageId: record.id });
    }
    await this.#putCounters(tx.objectStore('meta'));
    await tx.done;
    database.close();
  }

  async #pack(size = 0): Promise<void> {
    const some = this.#made.splice(0, size);
    const rows = drain(
      encodePageRows(
        some.map(({ record }) => toKnown(record)),
        some.length,
      ),
    );
    const terms = drain(packSlowly(some.map(({ entry }) => decodePageTerms(entry.terms))));
    const codes = new Uint8Array(await new Blob(some.map(codesOf)).arrayBuffer());
    const made = { order: this.#nextOrder++, space: this.#model.id, rows, terms, codes };
    const pageIds = Uint32Array.from(some, ({ record }) => record.id);
    const tokens = some.map((page) => page.tokens);
    const segment = { ...made, pageIds, tokens, checksum: segmentChecksum(made) };
    const packedTo = some.at(-1)?.record.revision ?? 0;
    await withStore((store) => store.pack({ remove: [], add: [segment], packed: [], packedTo }));
  }

  async #putCounters(meta: CountersStore): Promise<void> {
    const known = (await meta.get('counters')) as Counters | undefined;
    const { nextSegmentId = 1 } = known ?? {};
    const counters = { nextPageId: this.#nextId, nextSegmentId, revision: this.#nextId - 1 };
    await meta.put(counters, 'counters');
  }
}

interface CountersStore {
  get(key: 'counters'): Promise<unknown>;
  put(value: Counters, key: 'counters'): Promise<unknown>;
}

async function withStore<T>(use: (store: IdbPageStore) => Promise<T>): Promise<T> {
  const store = new IdbPageStore({ openFiles: openSegmentFolder });
  await store.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function codesOf({ entry }: Made): Uint8Array<ArrayBuffer> {
  return (entry.spaces[0]?.codes ?? new Uint8Array(0)) as Uint8Array<ArrayBuffer>;
}
