import { AppError, asAppError, toWireError } from '../core/errors.ts';
import type { PageId, PageKey } from '../core/ids.ts';
import { createEncoder } from '../core/model/encoder.ts';
import type { StaticModel } from '../core/model/types.ts';
import { pageKey, siteOf } from '../core/page/page-key.ts';
import { type KeptPage, pagesToForget } from '../core/page/retention.ts';
import type { Retention } from '../core/page/settings.ts';
import type { PageText, Passage } from '../core/page/types.ts';
import type { SearchContext } from '../core/search/context.ts';
import { tokensOf } from '../core/search/page-tokens.ts';
import { findSimilar, search } from '../core/search/search.ts';
import type {
  PageSummary,
  SearchRequest,
  SearchResponse,
  SimilarRequest,
} from '../core/search/types.ts';
import { splitPassages } from '../core/text/passages.ts';
import type {
  EngineApi,
  EngineStatus,
  ExportRequest,
  ExportSlice,
  ForgetReceipt,
  ForgetSelection,
  ImportReceipt,
  ImportRequest,
  ReadReceipt,
  RecentRequest,
  StoredPage,
  Visit,
  VisitsRequest,
} from './api.ts';
import { IndexMemory } from './index-memory.ts';
import { LatestWins } from './latest-wins.ts';
import type { Opened } from './opened.ts';
import { contentHashOf, countWords, entryOf } from './page-content.ts';
import { PageSync } from './page-sync.ts';
import { exportPages, importPages } from './page-transfer.ts';
import { packPassages, unpackPassages } from './passage-text.ts';
import type { EngineParts, IndexEntry, PageRecord } from './ports.ts';
import { TextCache } from './text-cache.ts';

interface OpenedEngine extends Opened {
  readonly context: Omit<SearchContext, 'checkpoint'>;
}

/** A purge rewrites the whole store; it may take this part of the time at most. */
const purgeRestFactor = 20;

/** The engine: use cases over a store and an index in memory. One instance owns the store. */
export class Engine implements EngineApi {
  readonly #parts: EngineParts;
  #opening: Promise<OpenedEngine> | null = null;
  #opened: OpenedEngine | null = null;
  #failure: AppError | null = null;
  /** Changes run one after the other; searches go on beside them. */
  #changes: Promise<unknown> = Promise.resolve();
  readonly #clients = new LatestWins();
  #purgeRestsUntil = Number.NEGATIVE_INFINITY;
  /** Null where the store keeps no rows of sync. */
  readonly sync: PageSync | null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { syncRows } = parts;
    this.sync =
      syncRows === undefined ? null : new PageSync(syncRows, parts, (work) => this.#change(work));
  }

  async open(): Promise<EngineStatus> {
    await this.#ready();
    return this.status();
  }

  #ready(): Promise<OpenedEngine> {
    this.#opening ??= this.#start().then(
      (opened) => {
        this.#failure = null;
        this.#opened = opened;
        return opened;
      },
      (thrown) => {
        // The next call tries again: the disk may be free by then.
        this.#opening = null;
        this.#failure = asAppError(thrown, 'engine-failed');
        throw this.#failure;
      },
    );
    return this.#opening;
  }

  async #start(): Promise<OpenedEngine> {
    const { store, compressor, kernels } = this.#parts;
    const [meta, read] = await Promise.all([store.open(), this.#parts.loadModel()]);
    const { tokenizer = read.tokenizer, scan, similarities, encoder } = kernels(read);
    const model = { ...read, tokenizer };
    const index = new IndexMemory(scan);
    const texts = new TextCache(store, compressor, (id, passages) => {
      const { title = '' } = index.records.get(id) ?? {};
      return tokensOf(model, { title, passages });
    });
    const context: OpenedEngine['context'] = {
      model,
      encoder: encoder ?? createEncoder(model),
      similarities,
      codes: index.codes,
      lexical: index.lexical,
      pages: index.pages,
      loadTexts: (ordinals) => {
        const records = ordinals.map((ordinal) => index.recordAt(ordinal));
        return ofKnown(
          records,
          (ids) => texts.texts(ids),
          (passages, { title, url }) => ({ title, url, passages }),
        );
      },
      loadTokens: (ordinals) => {
        const records = ordinals.map((ordinal) => index.recordAt(ordinal));
        return ofKnown(
          records,
          (ids) => texts.tokens(ids),
          (tokens) => tokens,
        );
      },
      findPageByUrl: async (url) => {
        const key = pageKey(url);
        return key === null ? null : (index.byKey.get(key) ?? null);
      },
      clock: this.#parts.clock,
    };
    const opened = { model, encoder: context.encoder, index, texts, context };
    await this.#fill(opened);
    if (meta.space !== model.id) await store.setMeta({ space: model.id });
    return opened;
  }

  /** Fills the index from the store; pages whose index data is damaged are made again from text. */
  async #fill(opened: OpenedEngine): Promise<void> {
    const { store } = this.#parts;
    const { index, model } = opened;
    const [records, entries] = await Promise.all([store.recordsSince(0), store.entries()]);
    index.codes.reserve(records.reduce((sum, record) => sum + record.passageCount, 0));
    const byPage = new Map(entries.map((entry) => [entry.pageId, entry]));
    const damaged: PageRecord[] = [];
    for (const record of records) {
      const entry = byPage.get(record.id);
      if (entry === undefined || !takes(index, record, entry, model)) damaged.push(record);
    }
    for (const record of damaged) await this.#remake(opened, record);
  }

  /** Makes a page's index data again from its stored text; a page without readable text is left out. */
  async #remake(opened: OpenedEngine, record: PageRecord): Promise<void> {
    const { store, compressor } = this.#parts;
    const [bytes] = await store.texts([record.id]);
    if (bytes === null || bytes === undefined) return;
    let passages: readonly Passage[];
    try {
      passages = await unpackPassages(compressor, bytes);
    } catch (thrown) {
      this.#parts.report?.(`Page ${record.id} cannot be read: ${asAppError(thrown).message}`);
      return;
    }
    const entry = { ...entryOf(opened, record.title, passages), pageId: record.id };
    await store.writeEntries([entry]);
    opened.index.put({ ...record, passageCount: passages.length }, entry, opened.model.id);
  }

  async status(): Promise<EngineStatus> {
    const opened = this.#opened;
    const failure = this.#failure;
    if (opened === null) {
      return {
        state: failure === null ? 'starting' : 'failed',
        ...(failure === null ? {} : { error: toWireError(failure) }),
        pageCount: 0,
        passageCount: 0,
        sizeBytes: {},
        model: null,
        jobs: [],
      };
    }
    const { index, model } = opened;
    let text = 0;
    for (const record of index.records.values()) text += record.textBytes;
    return {
      state: 'ready',
      pageCount: index.records.size,
      passageCount: index.passageCount,
      sizeBytes: { text, codes: index.passageCount * index.codes.codeBytes },
      model: { id: model.id, name: model.name, dims: model.dims },
      jobs: [],
    };
  }

  /** Runs a change after those before it, whatever became of them. */
  #change<T>(work: (opened: OpenedEngine) => Promise<T>): Promise<T> {
    const result = this.#changes.then(async () => work(await this.#ready()));
    this.#changes = result.catch(() => undefined);
    return result;
  }

  /** A change that the person made, which sync is told of once it has committed. */
  async #ownChange<T>(work: (opened: OpenedEngine) => Promise<T>): Promise<T> {
    const result = await this.#change(work);
    this.#parts.onChanged?.();
    return result;
  }

  readPage(page: PageText): Promise<ReadReceipt> {
    return this.#ownChange(async (opened) => {
      const { store, compressor, digest } = this.#parts;
      const { index, texts, model } = opened;
      const title = page.title.toWellFormed();
      const passages = splitPassages(page.blocks).map((passage) => ({
        ...passage,
        text: passage.text.toWellFormed(),
      }));
      const { lang, type } = page;
      const contentHash = await contentHashOf(digest, { title, lang, type, passages });
      // The store also knows pages whose text could not be read, and which the index left out.
      const known = await store.recordByKey(page.key);
      if (known?.contentHash === contentHash && index.records.has(known.id)) {
        const record = await store.changePage(known.id, {
          url: page.url,
          lastReadAt: Math.max(known.lastReadAt, page.readAt),
          readCount: known.readCount + 1,
          visitAt: page.readAt,
        });
        index.change(record);
        const { id, passageCount } = record;
        return { pageId: id, outcome: 'unchanged', passageCount, encodedCount: 0 };
      }
      const entry = entryOf(opened, title, passages);
      const text = await packPassages(compressor, passages);
      const record = await store.writePage({
        draft: {
          id: known?.id ?? null,
          key: page.key,
          url: page.url,
          title,
          site: siteOf(page.url),
          lang: page.lang,
          type: page.type,
          firstReadAt: Math.min(known?.firstReadAt ?? page.readAt, page.readAt),
          lastReadAt: Math.max(known?.lastReadAt ?? page.readAt, page.readAt),
          readCount: (known?.readCount ?? 0) + 1,
          wordCount: countWords(passages),
          passageCount: passages.length,
          isPinned: known?.isPinned ?? false,
          contentHash,
          textBytes: text.length,
        },
        text,
        entry,
        visitAt: page.readAt,
      });
      // Only what has committed can be found.
      texts.forget(record.id);
      index.put(record, { ...entry, pageId: record.id }, model.id);
      return {
        pageId: record.id,
        outcome: known === null ? 'stored' : 'updated',
        passageCount: passages.length,
        encodedCount: passages.length,
      };
    });
  }

  async search(request: SearchRequest): Promise<SearchResponse> {
    const { context, index } = await this.#ready();
    const checkpoint = this.#clients.start(request.client);
    return index.reading(() => search({ ...context, checkpoint }, request, this.#parts.now()));
  }

  async findSimilar(request: SimilarRequest): Promise<SearchResponse> {
    const { context, index } = await this.#ready();
    const checkpoint = this.#clients.start(request.client);
    return index.reading(() => findSimilar({ ...context, checkpoint }, request));
  }

  async recentPages({ limit, before }: RecentRequest): Promise<readonly PageSummary[]> {
    await this.#ready();
    const records = await this.#parts.store.recentRecords(Math.min(limit, 1_000), before);
    return records.map(toSummary);
  }

  async pageByKey(key: PageKey): Promise<PageSummary | null> {
    const { index } = await this.#ready();
    const id = index.byKey.get(key);
    const record = id === undefined ? undefined : index.records.get(id);
    return record === undefined ? null : toSummary(record);
  }

  async storedPage(id: PageId): Promise<StoredPage | null> {
    const { index, texts } = await this.#ready();
    const record = index.records.get(id);
    const [passages] = await texts.texts([id]);
    if (record === undefined || passages == null) return null;
    return { page: toSummary(record), passages };
  }

  async visits(request: VisitsRequest): Promise<readonly { visit: Visit; page: PageSummary }[]> {
    const { index } = await this.#ready();
    const limit = Math.min(request.limit, 10_000);
    const visits = await this.#parts.store.visits(request.from, request.to, limit);
    return visits.flatMap((visit) => {
      const record = index.records.get(visit.pageId);
      return record === undefined ? [] : [{ visit, page: toSummary(record) }];
    });
  }

  async exportPages(request: ExportRequest): Promise<ExportSlice> {
    return exportPages(this.#parts, await this.#ready(), request);
  }

  importPages(request: ImportRequest): Promise<ImportReceipt> {
    const work = (opened: OpenedEngine) => importPages(this.#parts, opened, request);
    return request.isTrial ? this.#change(work) : this.#ownChange(work);
  }

  setPinned(id: PageId, isPinned: boolean): Promise<void> {
    return this.#ownChange(async ({ index }) => {
      index.change(await this.#parts.store.changePage(id, { isPinned }));
    });
  }

  forget(selection: ForgetSelection): Promise<ForgetReceipt> {
    return this.#ownChange(async (opened) => {
      const { store, now } = this.#parts;
      const { index, texts } = opened;
      const ids = await this.#selected(selection);
      const passages = ids.reduce((sum, id) => sum + (index.records.get(id)?.passageCount ?? 0), 0);
      const removed =
        selection.by === 'everything' ? await store.erase() : await store.removePages(ids);
      // From memory only after the disk: a failed removal leaves both as they were.
      for (const id of ids) {
        index.remove(id);
        texts.forget(id);
      }
      index.vacuum();
      const left = await store.countRows(ids);
      return {
        pages: removed.pages,
        passages,
        visits: removed.visits,
        at: now(),
        left: {
          pages: left.pages,
          texts: left.texts,
          codes: left.entries,
          terms: left.entries,
          visits: left.visits,
        },
      };
    });
  }

  /** Asks the store, not the index: a page whose text cannot be read must be forgotten too. */
  async #selected(selection: ForgetSelection): Promise<readonly PageId[]> {
    const { store } = this.#parts;
    switch (selection.by) {
      case 'ids':
        return [...new Set(selection.ids)];
      case 'keys': {
        const records = await Promise.all(selection.keys.map((key) => store.recordByKey(key)));
        return [...new Set(records.flatMap((record) => record?.id ?? []))];
      }
      case 'site':
        return (await store.recordsSince(0))
          .filter(({ site }) => site === selection.site || site.endsWith(`.${selection.site}`))
          .map(({ id }) => id);
      case 'range':
        return store.visitedPages(selection.from, selection.to);
      case 'everything':
        return (await store.recordsSince(0)).map(({ id }) => id);
      default:
        throw new AppError(
          'bad-request',
          `Pages cannot be chosen by "${String((selection as { by: unknown }).by)}".`,
        );
    }
  }

  async maintain(retention: Retention): Promise<{ readonly isDone: boolean }> {
    const { store, clock, now } = this.#parts;
    const { index } = await this.#ready();
    const ids = pagesToForget(keptPages(index), retention, now());
    if (ids.length > 0) await this.forget({ by: 'ids', ids });
    const startedAt = clock();
    if (startedAt < this.#purgeRestsUntil) return { isDone: false };
    await this.#change(async () => {
      if (!(await store.purge())) return;
      const endedAt = clock();
      this.#purgeRestsUntil = endedAt + purgeRestFactor * (endedAt - startedAt);
    });
    return { isDone: true };
  }

  async close(): Promise<void> {
    await this.#changes;
    this.#opened = null;
    this.#opening = null;
    await this.#parts.store.close();
  }
}

/** What the cache has of some pages, in their order; `null` for one that is not here. */
async function ofKnown<T, R>(
  records: readonly (PageRecord | undefined)[],
  load: (ids: readonly PageId[]) => Promise<readonly (T | null)[]>,
  make: (value: T, record: PageRecord) => R,
): Promise<readonly (R | null)[]> {
  const known = records.filter((record) => record !== undefined);
  const values = await load(known.map(({ id }) => id));
  const byRecord = new Map(known.map((record, i) => [record, values[i] ?? null]));
  return records.map((record) => {
    const value = record === undefined ? null : (byRecord.get(record) ?? null);
    return record === undefined || value === null ? null : make(value, record);
  });
}

function takes(
  index: IndexMemory,
  record: PageRecord,
  entry: IndexEntry,
  model: StaticModel,
): boolean {
  try {
    return index.put(record, entry, model.id);
  } catch {
    // Terms that cannot be decoded: the page is made again from its text.
    return false;
  }
}

function* keptPages(index: IndexMemory): Generator<KeptPage> {
  for (const record of index.records.values()) {
    const { id, lastReadAt, isPinned, textBytes, passageCount } = record;
    const sizeBytes = textBytes + passageCount * index.codes.codeBytes;
    yield { id, lastReadAt, isPinned, sizeBytes };
  }
}

function toSummary(record: PageRecord): PageSummary {
  const { key: _key, contentHash: _hash, textBytes: _bytes, revision: _rev, ...summary } = record;
  return summary;
}
