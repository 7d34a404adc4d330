import { checkTextLength } from '../core/page/text-length.ts';
import type { PageText } from '../core/page/types.ts';
import { splitPassages } from '../core/text/passages.ts';
import type { ReadReceipt } from './api.ts';
import { formerPassages } from './former-passages.ts';
import { toKnown } from './index-memory.ts';
import type { Opened } from './opened.ts';
import { contentHashOf } from './page-content.ts';
import type { EngineParts } from './ports.ts';
import { writeContent } from './write-content.ts';

/**
 * Stores a page that was read, or notes the visit when its content is stored already. Resolves after
 * the transaction has committed, and only then the page can be found.
 * @throws AppError `bad-request` for a text too long
 */
export async function readPage(
  parts: EngineParts,
  opened: Opened,
  page: PageText,
): Promise<ReadReceipt> {
  const { store, digest } = parts;
  const { index } = opened;
  // Before it is cut: that alone would hold up every query.
  checkTextLength(page.blocks);
  const title = page.title.toWellFormed();
  const passages = splitPassages(page.blocks).map((passage) => ({
    ...passage,
    text: passage.text.toWellFormed(),
  }));
  const { key, url, lang, type, readAt } = page;
  const contentHash = await contentHashOf(digest, { title, lang, type, passages });
  // The store also knows pages whose text could not be read, and which the index left out.
  const known = await store.recordByKey(key);
  if (known?.contentHash === contentHash && index.has(known.id)) {
    const record = await store.changePage(known.id, {
      url,
      lastReadAt: Math.max(known.lastReadAt, readAt),
      readCount: known.readCount + (page.isFetched === true ? 0 : 1),
      visitAt: readAt,
    });
    index.change(toKnown(record));
    const { id, passageCount } = record;
    return { pageId: id, outcome: 'unchanged', passageCount, encodedCount: 0 };
  }
  const before = await formerPassages(opened, known, title);
  const record = await writeContent(parts, opened, {
    page: {
      id: known?.id ?? null,
      key,
      url,
      title,
      lang,
      type,
      firstReadAt: Math.min(known?.firstReadAt ?? readAt, readAt),
      lastReadAt: Math.max(known?.lastReadAt ?? readAt, readAt),
      readCount:
        known !== null && page.isFetched === true ? known.readCount : (known?.readCount ?? 0) + 1,
      isPinned: known?.isPinned ?? false,
      contentHash,
    },
    passages,
    before,
    visitAt: readAt,
  });
  return {
    pageId: record.id,
    outcome: known === null ? 'stored' : 'updated',
    passageCount: passages.length,
    encodedCount: passages.filter(({ text }) => !before.has(text)).length,
  };
}
