import type { PageId } from '../core/ids.ts';
import type { ExportedPage } from '../core/page/exported-page.ts';
import { checkTextLength } from '../core/page/text-length.ts';
import type { ExportRequest, ExportSlice, ImportReceipt, ImportRequest } from './api.ts';
import type { Opened } from './opened.ts';
import { contentHashOf } from './page-content.ts';
import { readPassages } from './passage-text.ts';
import type { EngineParts, PageRecord } from './ports.ts';
import { writeContent } from './write-content.ts';

/** A slice of an export ends before its texts are longer than this, in UTF-16 units. */
const maxSliceLength = 2_000_000;

/** Some pages with all that is stored of them, ascending by id, those after `after`. */
export async function exportPages(
  { store, compressor }: EngineParts,
  { index }: Opened,
  { after, limit }: ExportRequest,
): Promise<ExportSlice> {
  const ids = index.ids().filter((id) => after === null || id > after);
  const pages: ExportedPage[] = [];
  let unreadable = 0;
  let length = 0;
  let last: PageId | null = null;
  for (const id of ids.slice(0, limit)) {
    if (length > maxSliceLength) break;
    last = id;
    const record = await store.record(id);
    const [bytes] = await store.texts([id]);
    if (record === null) continue; // forgotten since the ids were listed
    const passages = await readPassages(compressor, bytes);
    if (passages === null) {
      unreadable++;
      continue;
    }
    length += passages.reduce((sum, { text }) => sum + text.length, 0);
    const { key, url, title, lang, type, firstReadAt, lastReadAt, readCount, isPinned } = record;
    const visits = [...(await store.visitTimes(id))].sort((a, b) => a - b);
    const times = { firstReadAt, lastReadAt, readCount, isPinned, visits };
    pages.push({ key, url, title, lang, type, ...times, passages });
  }
  return { pages, unreadable, next: last === null || last === ids.at(-1) ? null : last };
}

/**
 * Joins pages with those that are stored, by key: all visits of both, pinned when either is, the
 * text of whichever was read last. With `isTrial` nothing is written and only the counts are made;
 * with `onlyNew` a page that is here stays as it is.
 */
export async function importPages(
  parts: EngineParts,
  opened: Opened,
  { pages, isTrial, onlyNew = false }: ImportRequest,
): Promise<ImportReceipt> {
  const counts = { added: 0, updated: 0, unchanged: 0 };
  for (const page of pages) {
    const isPassedOver = onlyNew && (await parts.store.recordByKey(page.key)) !== null;
    counts[isPassedOver ? 'unchanged' : await importPage(parts, opened, page, isTrial)] += 1;
  }
  return counts;
}

async function importPage(
  parts: EngineParts,
  opened: Opened,
  given: ExportedPage,
  isTrial: boolean,
): Promise<keyof ImportReceipt> {
  const { store, compressor, digest } = parts;
  checkTextLength(given.passages);
  const known = await store.recordByKey(given.key);
  const knownVisits = known === null ? [] : await store.visitTimes(known.id);
  const page = joined(wellFormed(given), known, knownVisits);
  const { title, url, lang, type, lastReadAt } = page;
  const keepsText = known !== null && known.lastReadAt >= given.lastReadAt;
  const [bytes] = keepsText ? await store.texts([known.id]) : [];
  const stored = await readPassages(compressor, bytes);
  const passages = stored ?? page.passages;
  const contentHash = await contentHashOf(digest, { title, lang, type, passages });
  if (known !== null && isSame(known, knownVisits, page, contentHash)) return 'unchanged';
  const outcome = known === null ? 'added' : 'updated';
  if (isTrial) return outcome;

  const { key, firstReadAt, readCount, isPinned, visits } = page;
  await writeContent(parts, opened, {
    page: {
      id: known?.id ?? null,
      key,
      url,
      title,
      lang,
      type,
      firstReadAt,
      lastReadAt,
      readCount,
      isPinned,
      contentHash,
    },
    passages,
    visitAt: visits.at(-1) ?? lastReadAt,
    earlierVisits: visits.slice(0, -1),
  });
  return outcome;
}

/** What is known of a page here and in the export, together. */
function joined(
  given: ExportedPage,
  known: PageRecord | null,
  knownVisits: readonly number[],
): ExportedPage {
  if (known === null) {
    return { ...given, visits: ascending([...given.visits, given.lastReadAt]) };
  }
  const newest = known.lastReadAt >= given.lastReadAt ? known : given;
  const { url, title, lang, type } = newest;
  const visits = ascending([...given.visits, ...knownVisits]);
  return {
    ...given,
    url,
    title,
    lang,
    type,
    firstReadAt: Math.min(known.firstReadAt, given.firstReadAt),
    lastReadAt: newest.lastReadAt,
    readCount: Math.max(known.readCount, given.readCount, visits.length),
    isPinned: known.isPinned || given.isPinned,
    visits,
  };
}

function isSame(
  known: PageRecord,
  knownVisits: readonly number[],
  page: ExportedPage,
  contentHash: string,
): boolean {
  return (
    known.contentHash === contentHash &&
    known.url === page.url &&
    known.firstReadAt === page.firstReadAt &&
    known.lastReadAt === page.lastReadAt &&
    known.readCount === page.readCount &&
    known.isPinned === page.isPinned &&
    knownVisits.length === page.visits.length
  );
}

const ascending = (moments: readonly number[]): readonly number[] =>
  [...new Set(moments)].sort((a, b) => a - b);

/** Lone surrogates, which no stored text has, become U+FFFD. */
function wellFormed(page: ExportedPage): ExportedPage {
  return {
    ...page,
    title: page.title.toWellFormed(),
    passages: page.passages.map((passage) => ({
      ...passage,
      text: passage.text.toWellFormed(),
      ...(passage.heading === undefined ? {} : { heading: passage.heading.toWellFormed() }),
    })),
  };
}
