import { siteOf } from '../core/page/page-key.ts';
import { checkTextLength } from '../core/page/text-length.ts';
import type { Passage } from '../core/page/types.ts';
import type { MadeBefore } from '../core/search/made-before.ts';
import { toKnown } from './index-memory.ts';
import type { Opened } from './opened.ts';
import { countWords, entryOf, textOf } from './page-content.ts';
import type { EngineParts, PageDraft, PageRecord, PageWrite } from './ports.ts';

/** A page with new content; what follows from its address and its text is not said. */
export interface NewContent extends Pick<PageWrite, 'visitAt' | 'earlierVisits'> {
  readonly page: Omit<PageDraft, 'site' | 'wordCount' | 'passageCount' | 'textBytes'>;
  readonly passages: readonly Passage[];
  /** What need not be made again. */
  readonly before?: MadeBefore;
}

/**
 * Stores a page's content with its index entry; only what has committed can be found.
 * @throws AppError `bad-request` for a text too long
 */
export async function writeContent(
  parts: EngineParts,
  opened: Opened,
  { page, passages, before, ...visits }: NewContent,
): Promise<PageRecord> {
  checkTextLength(passages);
  const entry = entryOf(opened, page.title, passages, before);
  const { text, tokens, bytes } = await textOf(parts, opened, page.title, passages, before);
  const record = await parts.store.writePage({
    draft: {
      ...page,
      site: siteOf(page.url),
      wordCount: countWords(passages),
      passageCount: passages.length,
      textBytes: bytes,
    },
    text,
    tokens,
    entry,
    ...visits,
  });
  opened.texts.forget(record.id);
  opened.index.put(toKnown(record), { ...entry, pageId: record.id }, opened.model.id);
  return record;
}
