import { AppError, asAppError, toWireError } from '../core/errors.ts';
import type { ModelId, PageId } from '../core/ids.ts';
import { codeBytes, type StaticModel } from '../core/model/types.ts';
import type { ModelCard, ModelChangeAction, ModelStatus } from './api.ts';
import { modelOf } from './choose-model.ts';
import type { ModelLibrary } from './model-ports.ts';
import { type Opened, openedWith, takes } from './opened.ts';
import { entryOf } from './page-content.ts';
import { readPassages } from './passage-text.ts';
import type { EngineParts, IndexEntry } from './ports.ts';

/** Pages looked at, encoded or moved in one step; encoding stops earlier after `stepMs`. */
const pagesPerStep = 32;
const stepMs = 30;
/** Entries read at once when the new index is filled. */
const entriesPerRead = 500;
/** A step is followed by a rest so many times as long, and by one at least as long as this. */
const restFactor = 3;
const shortestRestMs = 20;
const firstRestMs = 2_000;
/** While the person searches, the work waits; not for ever. */
const busyRestMs = 500;
const busyRests = 20;

/** What the change of the model needs of the engine. */
export interface ChangeHooks {
  /** Runs a change of the store after those before it, with what is open then. */
  change<T>(work: (opened: Opened) => Promise<T>): Promise<T>;
  /** Puts another index in the place of the one that answers. */
  swap(opened: Opened): void;
  /** Whether somebody searched a moment ago. */
  isBusy(): boolean;
}

/**
 * Changes the model while the present one answers: encodes the stored text for the new one in small
 * steps, and when the last page is done, makes it the present one at once. All that must survive a
 * kill is in the store: the wish on the shelf, the entries made so far in {@link SpaceRows}.
 */
export class ModelChange {
  readonly #parts: EngineParts;
  readonly #models: ModelLibrary;
  readonly #hooks: ChangeHooks;
  /** Made of the model to change to; empty until every page is encoded. */
  #next: Opened | null = null;
  /** Pages up to this one have been looked at in this round. */
  #after = 0;
  #isSettled = true;
  #isPaused = false;
  #isStopped = false;
  #failure: AppError | null = null;
  #work: Promise<void> | null = null;

  constructor(parts: EngineParts, models: ModelLibrary, hooks: ChangeHooks) {
    this.#parts = parts;
    this.#models = models;
    this.#hooks = hooks;
  }

  /** Whether every entry that was adopted is where the pages' own entries are. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Goes on where the last run of the engine was, once it is open. */
  async start(next: StaticModel | null, isSettled: boolean): Promise<void> {
    this.#isSettled = isSettled;
    this.#isPaused = (await this.#models.shelf.wish()).isPaused;
    if (next === null) await this.#models.spaces.abandon();
    else this.#next = openedWith(this.#parts, next);
    this.#wake();
  }

  /** Idle work: tries again what failed, and keeps a copy of the model that the pages are encoded with. */
  async tend({ model, index }: Opened): Promise<void> {
    this.#wake();
    const { shelf, shipped } = this.#models;
    const shippedId = await shipped.id();
    const kept = await shelf.ids();
    if (model.id === shippedId && index.pageCount > 0 && !kept.includes(model.id)) {
      await shelf.put(model.id, await shipped.files());
    }
    const wished = (await shelf.wish()).model ?? shippedId;
    if (kept.some((id) => id !== model.id && id !== wished)) {
      await shelf.keepOnly([model.id, wished]);
    }
  }

  async status({ model }: Opened): Promise<ModelStatus> {
    const shippedId = await this.#models.shipped.id();
    const next = this.#next;
    const failure = this.#failure;
    const counts = next === null ? null : await this.#models.spaces.counts();
    return {
      model: cardOf(model),
      isShipped: model.id === shippedId,
      change:
        next === null || counts === null
          ? null
          : {
              to: cardOf(next.model),
              state: this.#isPaused ? 'paused' : failure === null ? 'running' : 'failed',
              ...(failure === null ? {} : { error: toWireError(failure) }),
              done: counts.built,
              total: counts.total,
            },
    };
  }

  /** Aims at a model; at the present one, to give up a change. */
  async use(id: ModelId | null): Promise<void> {
    await this.#hooks.change((opened) => this.#aimAt(opened, id));
    this.#wake();
  }

  async control(action: ModelChangeAction): Promise<void> {
    if (action === 'cancel') {
      await this.#hooks.change((opened) => this.#aimAt(opened, opened.model.id));
      return;
    }
    this.#isPaused = action === 'pause';
    await this.#models.shelf.setWish({ isPaused: this.#isPaused });
    this.#wake();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #aimAt(opened: Opened, id: ModelId | null): Promise<void> {
    const shippedId = await this.#models.shipped.id();
    const wished = id ?? shippedId;
    const isPresent = wished === opened.model.id && !opened.index.isWordsOnly;
    const model = isPresent ? null : await modelOf(this.#parts, this.#models, wished);
    if (model === null && !isPresent) {
      throw new AppError('model-missing', `The model ${wished} is not on this machine`);
    }
    if (model !== null) await this.#checkSync(opened.model, model);
    await this.#models.shelf.setWish({
      model: wished === shippedId ? null : wished,
      isPaused: false,
    });
    this.#isPaused = false;
    this.#failure = null;
    this.#after = 0;
    this.#next = model === null ? null : openedWith(this.#parts, model);
    if (model === null) await this.#models.spaces.abandon();
  }

  /** Vectors in a mirror have as many dimensions as the model that made it. */
  async #checkSync(present: StaticModel, next: StaticModel): Promise<void> {
    const isSynced = (await this.#parts.syncRows?.setup()) != null;
    if (!isSynced || present.dims === next.dims) return;
    throw new AppError(
      'bad-request',
      `The model has ${next.dims} dimensions; while sync is on, allowed: ${present.dims}, those of the mirror`,
    );
  }

  #wake(): void {
    if (this.#work !== null || this.#isStopped) return;
    this.#failure = null;
    const isOver = () => {
      this.#work = null;
    };
    this.#work = this.#goOn().then(isOver, (thrown) => {
      isOver();
      if (this.#isStopped) return;
      this.#failure = asAppError(thrown);
      this.#parts.report?.(`The change of the model stopped: ${this.#failure.message}`);
    });
  }

  async #goOn(): Promise<void> {
    await this.#rest(firstRestMs);
    for (;;) {
      // Asked here and not in the step: a step would open the engine again.
      if (this.#isStopped || !this.#hasWork()) return;
      const startedAt = this.#parts.clock();
      await this.#hooks.change((opened) => this.#step(opened));
      await this.#rest(restFactor * (this.#parts.clock() - startedAt));
    }
  }

  #hasWork(): boolean {
    const isChanging = this.#next !== null && !this.#isPaused;
    return !this.#isSettled || isChanging;
  }

  async #rest(ms: number): Promise<void> {
    await this.#models.sleep(Math.max(ms, shortestRestMs));
    for (let i = 0; i < busyRests && this.#hooks.isBusy() && !this.#isStopped; i++) {
      await this.#models.sleep(busyRestMs);
    }
  }

  async #step(opened: Opened): Promise<void> {
    const { spaces } = this.#models;
    const next = this.#next;
    if (!this.#isSettled) {
      this.#isSettled = await spaces.settle(pagesPerStep);
    } else if (next !== null && !this.#isPaused) {
      await spaces.begin(next.model.id);
      const ids = await spaces.missing(this.#after, pagesPerStep);
      if (ids.length > 0) await this.#encode(next, ids);
      else if (this.#after > 0) this.#after = 0;
      else await this.#adopt(opened, next);
    }
  }

  async #encode(next: Opened, ids: readonly PageId[]): Promise<void> {
    const { store, compressor, clock } = this.#parts;
    const texts = await store.texts(ids);
    const startedAt = clock();
    const entries: IndexEntry[] = [];
    for (const [i, id] of ids.entries()) {
      if (i > 0 && clock() - startedAt > stepMs) break;
      const passages = await readPassages(compressor, texts[i]);
      const record = await store.record(id);
      entries.push(
        passages === null || record === null
          ? { pageId: id, spaces: [], terms: new Uint8Array(0), checksum: 0 }
          : { ...entryOf(next, record.title, passages), pageId: id },
      );
    }
    await this.#models.spaces.add(next.model.id, entries);
    this.#after = entries.at(-1)?.pageId ?? 0;
  }

  /** Fills the new index with what was made, and puts it in the place of the present one. */
  async #adopt(opened: Opened, next: Opened): Promise<void> {
    const { spaces } = this.#models;
    const damaged: PageId[] = [];
    next.index.expect(opened.index.passageCount * next.index.codes.codeBytes);
    for (let after = 0; ; ) {
      const entries = await spaces.read(after, entriesPerRead);
      const last = entries.at(-1);
      if (last === undefined) break;
      for (const entry of entries) {
        const record = opened.index.record(entry.pageId);
        const codes = entry.spaces[0]?.codes;
        if (record !== undefined && codes !== undefined) {
          const passageCount = codes.length / codeBytes;
          if (!takes(next, { ...record, passageCount }, entry)) damaged.push(record.id);
        }
      }
      after = Math.max(after + 1, last.pageId);
    }
    if (damaged.length > 0) {
      await this.#encode(next, damaged);
      this.#after = 0;
      return;
    }
    // What is packed now goes with the space that it is of.
    opened.packer.discard();
    await spaces.adopt(next.model.id);
    this.#next = null;
    this.#isSettled = false;
    this.#hooks.swap(next);
  }
}

export function cardOf(model: StaticModel): ModelCard {
  const { id, name, version, dims, vocabularySize, sizeBytes, licence, languages } = model;
  return { id, name, version, dims, vocabularySize, sizeBytes, licence, languages };
}
