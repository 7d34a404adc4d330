import { AppError, asAppError, toWireError } from '../core/errors.ts';
import type { ModelId, PageId, PageKey } from '../core/ids.ts';
import type { PackedPage } from '../core/index/page-rows.ts';
import { createLock } from '../core/lock.ts';
import type { StaticModel } from '../core/model/types.ts';
import type { PrivateLikeness } from '../core/page/private-meaning.ts';
import { pagesToForget } from '../core/page/retention.ts';
import type { Retention } from '../core/page/settings.ts';
import type { PageText } from '../core/page/types.ts';
import { morePassages, type PassagesRequest } from '../core/search/more-passages.ts';
import { findSimilar, search } from '../core/search/search.ts';
import type {
  Hit,
  PageSummary,
  SearchRequest,
  SearchResponse,
  SimilarRequest,
} from '../core/search/types.ts';
import type {
  EngineApi,
  EngineStatus,
  ExportRequest,
  ExportSlice,
  ForgetReceipt,
  ForgetSelection,
  GrowthStep,
  ImportReceipt,
  ImportRequest,
  MapRequest,
  MapSlice,
  ModelChangeAction,
  ModelStatus,
  ReadReceipt,
  RecentRequest,
  StoredPage,
  Visit,
  VisitsRequest,
} from './api.ts';
import { openIndex } from './fill-index.ts';
import { forgetPages } from './forget-pages.ts';
import { toKnown } from './index-memory.ts';
import { growthOf, keptPages, sizesOf } from './index-sizes.ts';
import { LastRanking } from './last-ranking.ts';
import { LatestWins } from './latest-wins.ts';
import { cardOf, ModelChange } from './model-change.ts';
import { nextTask } from './next-task.ts';
import type { Opened } from './opened.ts';
import { PageMap } from './page-map.ts';
import { PageSync } from './page-sync.ts';
import { exportPages, importPages } from './page-transfer.ts';
import type { EngineParts } from './ports.ts';
import { readPage } from './read-page.ts';

/** A purge rewrites the whole store; it may take this part of the time at most. */
const purgeRestFactor = 20;
/** Damage that opening the index anew does not find, such as a disk that fails, is not looked for at every key. */
const repairRestMs = 60_000;
/** After a search the person is taken to be searching for so long. */
const busyMs = 1_000;

/** The engine: use cases over a store and an index in memory. One instance owns the store. */
export class Engine implements EngineApi {
  readonly #parts: EngineParts;
  #opening: Promise<Opened> | null = null;
  #opened: Opened | null = null;
  #failure: AppError | null = null;
  /** Changes run one after the other; searches go on beside them. */
  readonly #changes = createLock();
  readonly #clients = new LatestWins();
  readonly #lastRanking: LastRanking;
  #purgeRestsUntil = Number.NEGATIVE_INFINITY;
  #repairing: Promise<void> | null = null;
  #repairRestsUntil = Number.NEGATIVE_INFINITY;
  #modelChange: ModelChange | null = null;
  /** When the last search began. */
  #askedAt = Number.NEGATIVE_INFINITY;
  readonly #map: PageMap;
  /** At the start of this engine, and since. */
  #repaired = { segments: 0, pages: 0 };
  /** Fast loops beside those of the index that gave up. */
  #fallbacks = 0;
  /** Null where the store keeps no rows of sync. */
  readonly sync: PageSync | null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#lastRanking = new LastRanking(parts.clock);
    this.#map = new PageMap(parts);
    const { syncRows } = parts;
    this.sync =
      syncRows === undefined ? null : new PageSync(syncRows, parts, (work) => this.#change(work));
  }

  async open(): Promise<EngineStatus> {
    await this.#ready();
    return this.status();
  }

  #ready(): Promise<Opened> {
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

  async #start(): Promise<Opened> {
    const { chosen, opened, isSettled, repaired } = await openIndex(this.#parts);
    this.#repaired = repaired;
    const { meta, next } = chosen;
    const { store, models } = this.#parts;
    await store.release();
    // Without a library nothing is encoded at idle: what was of another space is made anew by now.
    const isPresent = meta.space === null || models === undefined;
    if (isPresent && meta.space !== opened.model.id)
      await store.setMeta({ space: opened.model.id });
    await this.#startChange(next, isSettled);
    return opened;
  }

  async #startChange(next: StaticModel | null, isSettled: boolean): Promise<void> {
    const { models, clock } = this.#parts;
    if (models === undefined) return;
    this.#modelChange = new ModelChange(this.#parts, models, {
      change: (work) => this.#change(work),
      swap: (opened) => {
        this.#opened = opened;
        this.#opening = Promise.resolve(opened);
      },
      isBusy: () => clock() - this.#askedAt < busyMs,
    });
    await this.#modelChange.start(next, isSettled);
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
        repaired: this.#repaired,
        fallbacks: this.#fallbacks,
        model: null,
        jobs: [],
      };
    }
    const { index, model } = opened;
    const change = (await this.#modelChange?.status(opened))?.change ?? null;
    return {
      state: 'ready',
      pageCount: index.pageCount,
      passageCount: index.passageCount,
      sizeBytes: sizesOf(index),
      repaired: this.#repaired,
      fallbacks: this.#fallbacks + opened.fallbacks.count + (this.#parts.compressor.fallbacks ?? 0),
      model: { id: model.id, name: model.name, dims: model.dims },
      jobs:
        change === null ? [] : [{ name: 'model-change', done: change.done, total: change.total }],
    };
  }

  /** Counts a fast loop of another's that gave up, beside those of the index. */
  noteFallback(message: string): void {
    this.#fallbacks++;
    this.#parts.report?.(message);
  }

  /** Runs a change after those before it, whatever became of them. */
  #change<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    return this.#changes(async () => {
      const opened = await this.#ready();
      const result = await this.#lastRanking.during(() => work(opened));
      // What the change took out of the store nothing in memory reads any more.
      await this.#parts.store.release();
      return result;
    });
  }

  /**
   * Runs what reads the index. Where that meets damage on the disk the index is opened anew, which makes
   * what is damaged again from the texts of its pages, and it runs once more.
   */
  async #reading<T>(read: (opened: Opened) => T | Promise<T>): Promise<T> {
    const opened = await this.#ready();
    try {
      return await read(opened);
    } catch (thrown) {
      const { code, message } = asAppError(thrown);
      if (code !== 'storage-corrupt') throw thrown;
      if (this.#opened === opened) {
        if (this.#repairing === null && this.#parts.clock() < this.#repairRestsUntil) throw thrown;
        this.#repairing ??= this.#repair(message).finally(() => {
          this.#repairing = null;
        });
        await this.#repairing;
      }
      return read(await this.#ready());
    }
  }

  #repair(why: string): Promise<void> {
    return this.#changes(async () => {
      this.#parts.report?.(`The index is opened anew: ${why}`);
      this.#repairRestsUntil = this.#parts.clock() + repairRestMs;
      this.#opened?.packer.discard();
      await this.#lastRanking.during(async () => {
        const { opened, repaired } = await openIndex(this.#parts);
        const { segments, pages } = this.#repaired;
        this.#repaired = {
          segments: segments + repaired.segments,
          pages: pages + repaired.pages,
        };
        this.#opened = opened;
        this.#opening = Promise.resolve(opened);
      });
      await this.#parts.store.release();
    });
  }

  /** A change that the person made, which sync is told of once it has committed. */
  async #ownChange<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const result = await this.#change(work);
    this.#parts.onChanged?.();
    return result;
  }

  async likeness(title: string, text: string): Promise<PrivateLikeness> {
    return (await this.#ready()).judgeMeaning(title, text);
  }

  readPage(page: PageText): Promise<ReadReceipt> {
    return this.#ownChange((opened) => readPage(this.#parts, opened, page));
  }

  async search(request: SearchRequest): Promise<SearchResponse> {
    this.#askedAt = this.#parts.clock();
    const checkpoint = this.#clients.start(request.client);
    const now = this.#parts.now();
    return this.#reading(({ context, index }) => {
      const slot = this.#lastRanking.slot(request);
      return index.reading(() => search({ ...context, checkpoint }, request, now, undefined, slot));
    });
  }

  async findSimilar(request: SimilarRequest): Promise<SearchResponse> {
    const checkpoint = this.#clients.start(request.client);
    return this.#reading(({ context, index }) =>
      index.reading(() => findSimilar({ ...context, checkpoint }, request)),
    );
  }

  async morePassages(request: PassagesRequest): Promise<readonly Hit[]> {
    const checkpoint = this.#clients.start(undefined);
    const now = this.#parts.now();
    return this.#reading(({ context, index }) =>
      index.reading(() => morePassages({ ...context, checkpoint }, request, now)),
    );
  }

  async recentPages({ limit, after }: RecentRequest): Promise<readonly PageSummary[]> {
    await this.#ready();
    const records = await this.#parts.store.recentRecords(Math.min(limit, 1_000), after);
    return records.map((record) => toSummary(toKnown(record)));
  }

  async pageByKey(key: PageKey): Promise<PageSummary | null> {
    const { index } = await this.#ready();
    const record = await this.#parts.store.recordByKey(key);
    return record !== null && index.has(record.id) ? toSummary(toKnown(record)) : null;
  }

  storedPage(id: PageId): Promise<StoredPage | null> {
    return this.#reading(async ({ index, texts }) => {
      const record = index.record(id);
      const [passages] = await texts.texts([id]);
      if (record === undefined || passages == null) return null;
      return { page: toSummary(record), passages };
    });
  }

  async visits(request: VisitsRequest): Promise<readonly { visit: Visit; page: PageSummary }[]> {
    const limit = Math.min(request.limit, 10_000);
    const visits = await this.#parts.store.visits(request.from, request.to, limit);
    return this.#reading(async ({ index }) =>
      visits.flatMap((visit) => {
        const record = index.record(visit.pageId);
        return record === undefined ? [] : [{ visit, page: toSummary(record) }];
      }),
    );
  }

  readingMap(request: MapRequest): Promise<MapSlice> {
    return this.#reading((opened) => this.#map.slice(opened, request));
  }

  async growth(): Promise<readonly GrowthStep[]> {
    const { index } = await this.#ready();
    return growthOf(index, this.#parts.now());
  }

  async exportPages(request: ExportRequest): Promise<ExportSlice> {
    return exportPages(this.#parts, await this.#ready(), request);
  }

  importPages(request: ImportRequest): Promise<ImportReceipt> {
    const work = (opened: Opened) => importPages(this.#parts, opened, request);
    return request.isTrial ? this.#change(work) : this.#ownChange(work);
  }

  setPinned(id: PageId, isPinned: boolean): Promise<void> {
    return this.#ownChange(async ({ index }) => {
      index.change(toKnown(await this.#parts.store.changePage(id, { isPinned })));
    });
  }

  forget(selection: ForgetSelection): Promise<ForgetReceipt> {
    return this.#ownChange((opened) => forgetPages(this.#parts, opened, this.#map, selection));
  }

  async maintain(retention: Retention): Promise<{ readonly isDone: boolean }> {
    const opened = await this.#ready();
    const { index } = opened;
    await this.#modelChange?.tend(opened);
    const ids = pagesToForget(keptPages(index), retention, this.#parts.now());
    if (ids.length > 0) await this.forget({ by: 'ids', ids });
    await this.#purge();
    while (index.vacuumStep()) await nextTask();
    // Entries that a change of the model made are not where a packer looks for them yet.
    if (this.#modelChange?.isSettled === false) return { isDone: true };
    const isBusy =
      (await this.#reading(({ packer }) => packer.step((work) => this.#change(work)))) ||
      (await this.#change(() => this.#parts.store.settle()));
    return { isDone: !isBusy };
  }

  async #purge(): Promise<void> {
    const { store, clock } = this.#parts;
    const startedAt = clock();
    if (startedAt < this.#purgeRestsUntil) return;
    await this.#change(async () => {
      if (!(await store.purge())) return;
      const endedAt = clock();
      this.#purgeRestsUntil = endedAt + purgeRestFactor * (endedAt - startedAt);
    });
  }

  async modelStatus(): Promise<ModelStatus> {
    const opened = await this.#ready();
    if (this.#modelChange !== null) return this.#modelChange.status(opened);
    return { model: cardOf(opened.model), isShipped: true, change: null };
  }

  async useModel(id: ModelId | null): Promise<ModelStatus> {
    await (await this.#changing()).use(id);
    return this.modelStatus();
  }

  async controlModelChange(action: ModelChangeAction): Promise<ModelStatus> {
    await (await this.#changing()).control(action);
    return this.modelStatus();
  }

  async #changing(): Promise<ModelChange> {
    await this.#ready();
    if (this.#modelChange !== null) return this.#modelChange;
    throw new AppError('bad-request', 'This engine was made with a model that never changes');
  }

  async close(): Promise<void> {
    this.#modelChange?.stop();
    await this.#opened?.packer.end();
    await this.#changes(async () => undefined);
    this.#opened = null;
    this.#opening = null;
    await this.#parts.store.close();
  }
}

function toSummary(page: PackedPage): PageSummary {
  const { contentMark: _mark, textBytes: _bytes, revision: _rev, ...summary } = page;
  return summary;
}
