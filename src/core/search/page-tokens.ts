import type { StaticModel, TokenIds } from '../model/types.ts';
import { passageInput } from '../text/passages.ts';
import type { PageTokens, StoredText } from './context.ts';

/** The tokens of a page, those of the title once, in as few bytes as their ids need. */
export function tokensOf(
  { tokenizer }: Pick<StaticModel, 'tokenizer'>,
  { title, passages }: Pick<StoredText, 'title' | 'passages'>,
): PageTokens {
  const compact = (ids: TokenIds) =>
    tokenizer.vocabularySize <= 1 << 16 ? Uint16Array.from(ids) : ids;
  const head = passageInput(title, { text: '' });
  return {
    title: compact(tokenizer.encode(head === '' ? '' : `${head}.`)),
    passages: passages.map((passage) => compact(tokenizer.encode(passage.text))),
  };
}

/** Two stretches of tokens as one. */
export function joined(a: TokenIds, b: TokenIds): TokenIds {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
