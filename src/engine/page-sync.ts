import { AppError } from '../core/errors.ts';
import type { PageKey } from '../core/ids.ts';
import { siteOf } from '../core/page/page-key.ts';
import { parseQuery } from '../core/search/parse-query.ts';
import { markOf, stateOf } from '../core/sync/mark.ts';
import { compareEdits, isOwedBack, isSameState, mergeStates } from '../core/sync/merge.ts';
import type {
  DeviceId,
  OutboxEntry,
  PageContent,
  PageEdit,
  PageState,
} from '../core/sync/types.ts';
import { passageInput } from '../core/text/passages.ts';
import { toKnown } from './index-memory.ts';
import type { Opened } from './opened.ts';
import { contentHashOf, countWords, entryOf, textOf } from './page-content.ts';
import { readPassages } from './passage-text.ts';
import type { EngineParts, PageRecord } from './ports.ts';
import type {
  AsideEntry,
  KnownPage,
  MergedPage,
  MergeWrite,
  SyncCursor,
  SyncRows,
} from './sync-ports.ts';

/** Runs a change of the engine after those before it. */
type RunChange = <T>(work: (opened: Opened) => Promise<T>) => Promise<T>;

/** A page as it is stored, and what this device knows of it. */
interface Read {
  readonly record: PageRecord | null;
  readonly state: PageState;
}

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

  pending(limit: number, after = 0): Promise<readonly OutboxEntry[]> {
    return this.rows.pending(limit, after);
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

  states(keys: readonly PageKey[]): Promise<readonly PageState[]> {
    return this.#change(async () => (await this.#read(keys)).map(({ state }) => state));
  }

  /** Joins what another device told of pages with what is here, in one transaction. */
  merge(told: readonly PageState[], cursor: SyncCursor | null): Promise<void> {
    return this.#change(async (opened) => {
      const joined = byKey(told);
      const known = await this.#read(joined.map(({ key }) => key));
      const merges = await Promise.all(
        joined.map((state, i) => this.#merge(opened, known[i] as Read, state)),
      );
      const changes = merges.filter((merge) => merge !== null);
      const writes = changes.map(({ write }) => write);
      // Pages that are forgotten leave the segments in the same transaction.
      const leaving = changes.flatMap(({ write, record }) =>
        write.page === null && record !== null ? [record.id] : [],
      );
      const segments = await opened.packer.without(leaving);
      const { records, added } = await this.rows.merge(writes, cursor, segments.change);
      // From memory only after the disk, as everywhere in the engine.
      for (const [i, { write, record }] of changes.entries()) {
        const written = records[i] ?? null;
        if (written === null) {
          if (record !== null) opened.index.remove(record.id);
        } else if (write.page?.content) {
          const entry = { ...write.page.content.entry, pageId: written.id };
          opened.index.put(toKnown(written), entry, opened.model.id);
        } else {
          opened.index.change(toKnown(written));
        }
        const changed = written ?? record;
        if (changed !== null) opened.texts.forget(changed.id);
      }
      segments.adopt(added);
    });
  }

  /** Null when the page is already as it is told, and nothing is to be sent back. */
  async #merge(
    opened: Opened,
    { record, state }: Read,
    told: PageState,
  ): Promise<{ readonly record: PageRecord | null; readonly write: MergeWrite } | null> {
    const merged = mergeStates(state, told);
    const resend = isOwedBack(state, told, merged);
    if (!resend && isSameState(state, merged)) return null;
    const { key, edit } = merged;
    const isSame = edit !== null && state.edit !== null && compareEdits(edit, state.edit) === 0;
    const page = edit === null ? null : await this.#page(opened, record, merged, edit, isSame);
    return { record, write: { key, mark: markOf(merged), page, resend } };
  }

  /** Embeddings of a page's passages, in their order. */
  embed(content: PageContent): Promise<readonly Float32Array[]> {
    return this.#change(async ({ model, encoder }) =>
      content.passages.map((passage) =>
        encoder.embed(model.tokenizer.encode(passageInput(content.title, passage))),
      ),
    );
  }

  /** Embedding of a query's words; null when it has none that the model knows. */
  embedQuery(query: string): Promise<Float32Array | null> {
    return this.#change(async ({ model, encoder }) => {
      const { words } = parseQuery(query, this.#parts.now());
      const embedding = Float32Array.from(encoder.embed(model.tokenizer.encode(words)));
      return embedding.every((value) => value === 0) ? null : embedding;
    });
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
    const packed = isSame ? null : await textOf(this.#parts, opened, title, passages);
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
      textBytes: packed?.bytes ?? known?.textBytes ?? 0,
    };
    return {
      draft,
      content:
        packed === null
          ? null
          : {
              text: packed.text,
              tokens: packed.tokens,
              entry: entryOf(opened, title, passages),
            },
      visits: times,
    };
  }

  async #read(keys: readonly PageKey[]): Promise<readonly Read[]> {
    const known = await this.rows.known(keys);
    return Promise.all(
      known.map(async (page, i) => ({
        record: page.record,
        state: stateOf(keys[i] as PageKey, page.mark, await this.#content(page)),
      })),
    );
  }

  /** Null when the text cannot be read: what another device has of the page repairs it then. */
  async #content({ record, text, visits }: KnownPage) {
    if (record === null) return null;
    const { url, title, lang, type, firstReadAt, isPinned } = record;
    const passages = await readPassages(this.#parts.compressor, text);
    if (passages === null) return null;
    const content = { url, title, lang, type, firstReadAt, isPinned, passages };
    return { content, visits };
  }
}

/** What is told of each page, once. */
function byKey(told: readonly PageState[]): readonly PageState[] {
  const states = new Map<PageKey, PageState>();
  for (const state of told) {
    const other = states.get(state.key);
    states.set(state.key, other === undefined ? state : mergeStates(other, state));
  }
  return [...states.values()];
}
