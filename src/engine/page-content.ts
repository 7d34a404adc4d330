import { encodePageTerms } from '../core/index/page-terms.ts';
import type { Encoder, StaticModel } from '../core/model/types.ts';
import type { Passage } from '../core/page/types.ts';
import { indexPage } from '../core/search/index-page.ts';
import type { MadeBefore } from '../core/search/made-before.ts';
import { tokensOf } from '../core/search/page-tokens.ts';
import { wordSpans } from '../core/text/terms-words.ts';
import { entryChecksum } from './checksum.ts';
import { packPassages, packTokens } from './passage-text.ts';
import type { EngineParts, IndexEntry } from './ports.ts';

/** A page's index data, made from its text. */
export function entryOf(
  { model, encoder }: { readonly model: StaticModel; readonly encoder: Encoder },
  title: string,
  passages: readonly Passage[],
  before?: MadeBefore,
): Omit<IndexEntry, 'pageId'> {
  const { codes, terms } = indexPage(model, encoder, title, passages, before);
  const made = { spaces: [{ space: model.id, codes }], terms: encodePageTerms(terms) };
  return { ...made, checksum: entryChecksum(made) };
}

/** A page's text and tokens as they are stored. */
export async function textOf(
  { compressor }: Pick<EngineParts, 'compressor'>,
  { model, encoder }: { readonly model: StaticModel; readonly encoder: Encoder },
  title: string,
  passages: readonly Passage[],
  before?: MadeBefore,
): Promise<{ readonly text: Uint8Array; readonly tokens: Uint8Array; readonly bytes: number }> {
  const made = tokensOf({ model, encoder }, { title, passages }, before);
  const [text, tokens] = await Promise.all([
    packPassages(compressor, passages),
    packTokens(compressor, model.id, made),
  ]);
  return { text, tokens, bytes: text.length + tokens.length };
}

/** What tells one content of a page from another, 32 hexadecimal digits. */
export function contentHashOf(
  digest: EngineParts['digest'],
  content: {
    readonly title: string;
    readonly lang: string;
    readonly type: string;
    readonly passages: readonly Passage[];
  },
): Promise<string> {
  const { title, lang, type, passages } = content;
  return digest(JSON.stringify([title, lang, type, passages]));
}

export function countWords(passages: readonly Passage[]): number {
  let count = 0;
  for (const { text } of passages) for (const _ of wordSpans(text)) count++;
  return count;
}
