import { type MadeBefore, nothingBefore } from '../core/search/made-before.ts';
import { idsOfTexts } from '../core/search/page-tokens.ts';
import type { Opened } from './opened.ts';
import type { PageRecord } from './ports.ts';

/**
 * The passages of a page as it is stored, with what was made of them: those that are still there when
 * the page is read again need not be encoded again. The cuts of a text are near where it was edited,
 * so most are.
 * @param title the page's title now, with which each passage is encoded
 */
export async function formerPassages(
  { index, texts }: Opened,
  known: PageRecord | null,
  title: string,
): Promise<MadeBefore> {
  const ordinal = known === null ? undefined : index.pages.ordinalOf(known.id);
  // Codes of an index of words only are noise.
  if (known === null || ordinal === undefined || known.title !== title || index.isWordsOnly) {
    return nothingBefore;
  }
  const [[passages], [tokens]] = await Promise.all([
    texts.texts([known.id]),
    texts.tokens([known.id]),
  ]);
  const { codeBytes } = index.codes;
  const codes = index.codes.codesOf(ordinal);
  if (!passages || !tokens || codes.length !== passages.length * codeBytes) return nothingBefore;
  const { passages: ids } = idsOfTexts(tokens);
  return new Map(
    passages.map(({ text }, i) => [
      text,
      {
        code: codes.subarray(i * codeBytes, (i + 1) * codeBytes),
        ids: ids[i] ?? new Uint32Array(0),
      },
    ]),
  );
}
