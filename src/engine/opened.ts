import { AppError, type ErrorCode } from '../core/errors.ts';
import type { PageId, PageOrdinal } from '../core/ids.ts';
import type { PackedPage } from '../core/index/page-rows.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { ReferenceTermKernel } from '../core/index/reference-term-kernel.ts';
import type { ScanKernel } from '../core/index/scan-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import type { Encoder, StaticModel } from '../core/model/types.ts';
import { pageKey } from '../core/page/page-key.ts';
import { createMeaningJudge, type MeaningJudge } from '../core/page/private-meaning.ts';
import type { SearchContext, StoredText } from '../core/search/context.ts';
import { type PageTokens, tokensOf } from '../core/search/page-tokens.ts';
import { IndexMemory } from './index-memory.ts';
import { nextTask } from './next-task.ts';
import { Packer } from './packer.ts';
import type { EngineParts, IndexEntry } from './ports.ts';
import { TextCache } from './text-cache.ts';

/** Pages whose stored tokens are read at a time. */
const warmedTogether = 64;
/** The tokens of more pages than this do not fit what is kept. */
const mostWarmed = 12_000;

/** What an open engine holds and its use cases share: a model, and the index of its space. */
export interface Opened {
  readonly model: StaticModel;
  readonly encoder: Encoder;
  readonly judgeMeaning: MeaningJudge;
  readonly index: IndexMemory;
  readonly texts: TextCache;
  /** Another scan with a memory of its own, for codes beside the index. */
  readonly newScan: () => ScanKernel;
  readonly context: Omit<SearchContext, 'checkpoint'>;
  readonly packer: Packer;
  /** Fast loops that gave up. */
  readonly fallbacks: { readonly count: number };
}

/**
 * An empty index in the space of a model, with all that a search in it needs.
 * @param isWordsOnly whether the stored codes are of no use to this model
 */
export function openedWith(parts: EngineParts, read: StaticModel, isWordsOnly = false): Opened {
  const fallbacks = { count: 0 };
  const kernels = parts.kernels(read, (message) => {
    fallbacks.count++;
    parts.report?.(message);
  });
  const { tokenizer = read.tokenizer, scan, similarities, ...made } = kernels;
  const model = { ...read, tokenizer };
  const { encoder = createEncoder(model), terms = new ReferenceTermKernel() } = made;
  const index = new IndexMemory(scan, terms, { isWordsOnly, smallBytes: parts.smallIndexBytes });
  const texts = new TextCache({
    store: parts.store,
    compressor: parts.compressor,
    space: model.id,
    placeOf: (id) => index.contentPlaceOf(id),
    tokenise: (id, passages) => {
      const { title = '' } = index.record(id) ?? {};
      return tokensOf({ model, encoder }, { title, passages });
    },
  });
  let isWarmed = false;
  const context: Opened['context'] = {
    model,
    encoder,
    similarities,
    codes: index.codes,
    lexical: index.lexical,
    pages: index.pages,
    headOf: (ordinal) => index.recordAt(ordinal) ?? null,
    loadTexts: (ordinals) => textsOfPages(index, texts, ordinals),
    loadTokens: (ordinals) => {
      const loaded = tokensOfPages(index, texts, ordinals);
      // Who asks once asks again: the next letter will be about other pages.
      if (!isWarmed) loaded.then(() => warmUp(index, texts)).catch(() => undefined);
      isWarmed = true;
      return loaded;
    },
    findPageByUrl: async (url) => {
      const key = pageKey(url);
      const record = key === null ? null : await parts.store.recordByKey(key);
      return record !== null && index.has(record.id) ? record.id : null;
    },
    clock: parts.clock,
  };
  const newScan = made.newScan ?? (() => new ReferenceScanKernel(scan.codeBytes));
  const { store, clock, packLimits: limits } = parts;
  const tokens = (ids: readonly PageId[]) => texts.packedTokens(ids);
  const packer = new Packer({ store, index, space: model.id, tokens, limits, clock });
  const judgeMeaning = createMeaningJudge(encoder, tokenizer);
  return {
    model,
    encoder,
    judgeMeaning,
    index,
    texts,
    newScan,
    context,
    packer,
    fallbacks,
  };
}

/** Keeps the tokens of all pages where there is room for them, read while nothing else is done. */
async function warmUp(index: IndexMemory, texts: TextCache): Promise<void> {
  const { pages } = index;
  if (pages.pageCount > mostWarmed) {
    texts.keepFewTokens();
    return;
  }
  const lastFirst = [...pages.ordinals()].sort((a, b) => pages.lastReadAt(b) - pages.lastReadAt(a));
  for (let start = 0; start < lastFirst.length; start += warmedTogether) {
    const some = lastFirst.slice(start, start + warmedTogether);
    if (!(await texts.warm(some.flatMap((ordinal) => pages.idOf(ordinal) ?? [])))) return;
    await nextTask();
  }
}

const damages: readonly ErrorCode[] = ['storage-corrupt', 'index-format'];

/** Takes a page's entry into the index unless it is damaged or of another space. */
export function takes({ index, model }: Opened, record: PackedPage, entry: IndexEntry): boolean {
  try {
    return index.put(record, entry, model.id);
  } catch (thrown) {
    // Terms that cannot be decoded: the page is made again from its text. Anything else is no damage.
    if (thrown instanceof AppError && damages.includes(thrown.code)) return false;
    throw thrown;
  }
}

/** In the order of `ordinals`; null for a page that is not here or cannot be read. */
async function textsOfPages(
  index: IndexMemory,
  texts: TextCache,
  ordinals: readonly PageOrdinal[],
): Promise<readonly (StoredText | null)[]> {
  const records = ordinals.map((ordinal) => index.recordAt(ordinal));
  const known = records.filter((record) => record !== undefined);
  const read = await texts.texts(known.map(({ id }) => id));
  let next = 0;
  return records.map((record) => {
    const passages = record && read[next++];
    return record && passages ? { title: record.title, url: record.url, passages } : null;
  });
}

/** The same of their tokens. */
async function tokensOfPages(
  index: IndexMemory,
  texts: TextCache,
  ordinals: readonly PageOrdinal[],
): Promise<readonly (PageTokens | null)[]> {
  const ids = ordinals.map((ordinal) => index.pages.idOf(ordinal));
  const known = ids.filter((id) => id !== undefined);
  const read = await texts.tokens(known);
  let next = 0;
  return ids.map((id) => (id === undefined ? null : (read[next++] ?? null)));
}
