import { Tokenizer as Library } from '@huggingface/tokenizers';
import type { ReadTokenizer } from '../core/model/model-file.ts';
import type { TokenIds, Tokenizer } from '../core/model/types.ts';
import { placeTokens } from './places.ts';
import { type CheckedTokenizer, checkTokenizer } from './tokenizer-rules.ts';

/** A tokenizer of another model, carried out by `@huggingface/tokenizers`. */
export function createForeignTokenizer(checked: CheckedTokenizer): Tokenizer {
  const { tokens, unknownId } = checked;
  const library = new Library(checked.json, {});
  const encode = (text: string): TokenIds => {
    // Lone surrogates cannot be written in UTF-8, so no vocabulary knows them.
    const { ids } = library.encode(text.toWellFormed(), { add_special_tokens: false });
    // Where there is no unknown token, what is unknown has no id.
    return Uint32Array.from(ids.filter((id: number | undefined) => id !== undefined));
  };
  return {
    vocabularySize: tokens.length,
    unknownId,
    encode,
    encodeWithOffsets(text) {
      const ids = encode(text);
      return { ids, ...placeTokens(text, ids, tokens) };
    },
    token: (id) => tokens[id],
  };
}

/** Reads the `tokenizer.json` of a model of ours whose manifest says it is of another kind. */
export const readForeignTokenizer: ReadTokenizer = (bytes, name) =>
  createForeignTokenizer(checkTokenizer(bytes, name));
