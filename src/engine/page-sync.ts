import { AppError } from '../core/errors.ts';
import type { PageId, PageKey } from '../core/ids.ts';
import { siteOf } from '../core/page/page-key.ts';
import { markOf, stateOf } from '../core/sync/mark.ts';
import { mergeStates } from '../core/sync/merge.ts';
import type {
  DeviceId,
  OutboxEntry,
  PageContent,
  PageEdit,
  PageState,
} from '../core/sync/types.ts';
import { passageInput } from '../core/text/passages.ts';
import type { Opened } from './opened.ts';
import { contentHashOf, countWords, entryOf } from './page-content.ts';
import { packPassages, readPassages } from './passage-text.ts';
import type { EngineParts, PageRecord } from './ports.ts';
import type { AsideEntry, MergedPage, SyncRows } from './sync-ports.ts';

/** Runs a change of the engine after those before it. */
type RunChange = <T>(work: (opened: Opened) => Promise<T>) => Promise<T>;

/** The pages of the engine as sync sees them: states that are read and merged. */
export class PageSync {
  readonly rows: SyncRows;
  readonly #parts: EngineParts;
  readonly #change: RunChange;

  constructor(rows: SyncRows, parts: EngineParts, change: RunChange) {
    this.rows = rows;
    this.#parts = parts;
    this.#change = change;
  }

  /** Waits until the engine is open; the model that vectors are of. */
  model(): Promise<{ readonly id: string; readonly dims: number }> {
    return this.#change(async ({ model }) => ({ id: model.id, dims: model.dims }));
  }

  async device(): Promise<DeviceId> {
    const setup = await this.rows.setup();
    if (setup === null) throw new AppError('bad-request', 'Sync is not set up');
    return setup.device;
  }

  pending(limit: number): Promise<readonly OutboxEntry[]> {
    return this.rows.pending(limit);
  }

  pendingCount(): Promise<number> {
    return this.rows.pendingCount();
  }

  acknowledge(entries: readonly OutboxEntry[]): Promise<void> {
    return this.rows.acknowledge(entries);
  }

  putAside(entry: OutboxEntry, why: Omit<AsideEntry, 'key'>): Promise<void> {
    return this.rows.putAside(entry, why);
  }

  cursors(): Promise<Readonly<Record<string, number>>> {
    return this.rows.cursors();
  }

  setCursor(device: string, sequence: number): Promise<void> {
    return this.rows.setCursor(device, sequence);
  }

  state(key: PageKey): Promise<PageState> {
    return this.#change(async () => (await this.#read(key)).state);
  }

  /** Joins what another device told of a page with what is here, in one transaction. */
  merge(told: PageState, { resend }: { readonly resend: boolean }): Promise<PageState> {
    return this.#change(async (opened) => {
      const { record, state } = await this.#read(told.key);
      const merged = mergeStates(state, told);
      const { key, edit } = merged;
      const isSame = edit !== null && state.edit !== null && isSameEdit(edit, state.edit);
      const page = edit === null ? null : await this.#page(opened, record, merged, edit, isSame);
      const written = await this.rows.merge({ key, mark: markOf(merged), page, resend });
      // From memory only after the disk, as everywhere in the engine.
      if (written === null) {
        if (record !== null) opened.index.remove(record.id);
      } else if (page?.content) {
        const entry = { ...page.content.entry, pageId: written.id };
        opened.index.put(written, entry, opened.model.id);
      } else {
        opened.index.change(written);
      }
      const changed = written ?? record;
      if (changed !== null) opened.texts.forget(changed.id);
      return merged;
    });
  }

  /** Embeddings of a page's passages, in their order. */
  embed(content: PageContent): Promise<readonly Float32Array[]> {
    return this.#change(async ({ model, encoder }) =>
      content.passages.map((passage) =>
        encoder.embed(model.tokenizer.encode(passageInput(content.title, passage))),
      ),
    );
  }

  async #page(
    opened: Opened,
    known: PageRecord | null,
    { key, visits }: PageState,
    { at, content }: PageEdit,
    isSame: boolean,
  ): Promise<MergedPage> {
    const { title, url, lang, type, passages } = content;
    const times = visits.map((visit) => visit.at);
    const packed = isSame ? null : await packPassages(this.#parts.compressor, passages);
    const draft = {
      id: known?.id ?? null,
      key,
      url,
      title,
      site: siteOf(url),
      lang,
      type,
      firstReadAt: Math.min(content.firstReadAt, ...times.slice(0, 1)),
      lastReadAt: times.at(-1) ?? at,
      readCount: Math.max(1, times.length),
      wordCount: isSame && known !== null ? known.wordCount : countWords(passages),
      passageCount: passages.length,
      isPinned: content.isPinned,
      contentHash: await contentHashOf(this.#parts.digest, content),
      textBytes: packed?.length ?? known?.textBytes ?? 0,
    };
    return {
      draft,
      content: packed === null ? null : { text: packed, entry: entryOf(opened, title, passages) },
      visits: times,
    };
  }

  async #read(key: PageKey): Promise<{ record: PageRecord | null; state: PageState }> {
    const { store } = this.#parts;
    const [record, mark] = await Promise.all([store.recordByKey(key), this.rows.mark(key)]);
    const page = record === null ? null : await this.#content(record);
    return { record, state: stateOf(key, mark, page) };
  }

  /** Null when the text cannot be read: what another device has of the page repairs it then. */
  async #content(record: PageRecord) {
    const { store, compressor } = this.#parts;
    const { id, url, title, lang, type, firstReadAt, isPinned } = record;
    const [[bytes], visits] = await Promise.all([
      store.texts([id as PageId]),
      store.visitTimes(id),
    ]);
    const passages = await readPassages(compressor, bytes);
    if (passages === null) return null;
    const content = { url, title, lang, type, firstReadAt, isPinned, passages };
    return { content, visits };
  }
}

function isSameEdit(a: PageEdit, b: PageEdit): boolean {
  return a.epoch === b.epoch && a.counter === b.counter && a.device === b.device;
}
