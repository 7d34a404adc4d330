import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import type { Encoder, StaticModel } from '../core/model/types.ts';
import { pageKey } from '../core/page/page-key.ts';
import type { SearchContext } from '../core/search/context.ts';
import { tokensOf } from '../core/search/page-tokens.ts';
import { IndexMemory } from './index-memory.ts';
import { entryOf } from './page-content.ts';
import { readPassages } from './passage-text.ts';
import type { EngineParts, IndexEntry, PageRecord } from './ports.ts';
import { TextCache } from './text-cache.ts';

/** What an open engine holds and its use cases share: a model, and the index of its space. */
export interface Opened {
  readonly model: StaticModel;
  readonly encoder: Encoder;
  readonly index: IndexMemory;
  readonly texts: TextCache;
  /** Another scan with a memory of its own, for codes beside the index. */
  readonly newScan: () => ScanKernel;
  readonly context: Omit<SearchContext, 'checkpoint'>;
}

/**
 * An empty index in the space of a model, with all that a search in it needs.
 * @param isWordsOnly whether the stored codes are of no use to this model
 */
export function openedWith(parts: EngineParts, read: StaticModel, isWordsOnly = false): Opened {
  const { tokenizer = read.tokenizer, scan, similarities, ...made } = parts.kernels(read);
  const model = { ...read, tokenizer };
  const encoder = made.encoder ?? createEncoder(model);
  const index = new IndexMemory(scan, isWordsOnly);
  const texts = new TextCache(parts.store, parts.compressor, (id, passages) => {
    const { title = '' } = index.records.get(id) ?? {};
    return tokensOf(model, { title, passages });
  });
  const context: Opened['context'] = {
    model,
    encoder,
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
    clock: parts.clock,
  };
  const newScan = made.newScan ?? (() => new ReferenceScanKernel(scan.codeBytes));
  return { model, encoder, index, texts, newScan, context };
}

/** Fills the index from the store; pages whose index data is damaged are made again from text. */
export async function fillFromStore(parts: EngineParts, opened: Opened): Promise<void> {
  const { store, models } = parts;
  const { index } = opened;
  const [records, entries, adopted = []] = await Promise.all([
    store.recordsSince(0),
    store.entries(),
    models?.spaces.adopted(),
  ]);
  index.codes.reserve(records.reduce((sum, record) => sum + record.passageCount, 0));
  const byPage = new Map([...entries, ...adopted].map((entry) => [entry.pageId, entry]));
  const damaged: PageRecord[] = [];
  for (const record of records) {
    const entry = byPage.get(record.id);
    if (entry === undefined || !takes(opened, record, entry)) damaged.push(record);
  }
  for (const record of damaged) await remakeEntry(parts, opened, record);
}

/** Makes a page's index data again from its stored text; a page without readable text is left out. */
async function remakeEntry(parts: EngineParts, opened: Opened, record: PageRecord): Promise<void> {
  const { store, compressor } = parts;
  const [bytes] = await store.texts([record.id]);
  if (bytes === null || bytes === undefined) return;
  const passages = await readPassages(compressor, bytes);
  if (passages === null) {
    parts.report?.(`Page ${record.id} cannot be read: its stored text is damaged`);
    return;
  }
  const entry = { ...entryOf(opened, record.title, passages), pageId: record.id };
  await store.writeEntries([entry]);
  opened.index.put({ ...record, passageCount: passages.length }, entry, opened.model.id);
}

/** Takes a page's entry into the index unless it is damaged or of another space. */
export function takes({ index, model }: Opened, record: PageRecord, entry: IndexEntry): boolean {
  try {
    return index.put(record, entry, model.id);
  } catch {
    // Terms that cannot be decoded: the page is made again from its text.
    return false;
  }
}

/** What the cache has of some pages, in their order; `null` for one that is not here. */
async function ofKnown<T, R>(
  records: readonly (PageRecord | undefined)[],
  load: (ids: readonly PageRecord['id'][]) => Promise<readonly (T | null)[]>,
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
