import type { BitCode, Embedding, ModelId } from '../ids.ts';
import type { TextForms } from './text-forms.ts';
import type { VocabularyTable } from './vocabulary.ts';

/** Bits of every code: 64 bytes a passage, whatever the model's dims. */
export const codeBits = 512;
/** Bytes of one bit code. */
export const codeBytes = codeBits / 8;

/**
 * Token ids of a text in reading order, positions in the model's vocabulary. Kept ones take 16 bits
 * where the vocabulary allows it.
 */
export type TokenIds = Uint32Array | Uint16Array;

/**
 * The token vectors. Row `t` is `rows[t * dims … (t + 1) * dims)`, each component times
 * `scales[t]`. Dimensions are ordered so that a prefix of a row is good by itself.
 */
export interface TokenTable {
  readonly dims: number;
  /** vocabularySize × dims, from −127 to 127. Made when they are asked for, of a table with `packed`. */
  readonly rows: Int8Array;
  /** The rows in four bits, two dimensions a byte, as the file has them. Made anew where they were moved. */
  readonly packed?: Uint8Array;
  /**
   * Lets go of the rows: they lie elsewhere, and are made of what is there when they are asked for.
   * Left out where there is no other form of them.
   */
  moveRows?(elsewhere: () => Int8Array): void;
  /** One a token, from −16384 to 16384: what its row counts in a sum. Sums of them are exact. */
  readonly weights: Int16Array;
  /** The weights in the units of the file; finite. A negative one turns its row around. */
  readonly scales: Float32Array;
  /** Length of each token's vector: how much the token counts in a mean. */
  readonly norms: Float32Array;
}

/** Tokens with the stretch of the original text each one came from. */
export interface TokenSpans {
  readonly ids: TokenIds;
  /** UTF-16 offset of the first code unit of the token in the text as given. */
  readonly starts: Uint32Array;
  /** UTF-16 offset after the last code unit of the token. */
  readonly ends: Uint32Array;
}

/** Splits text into tokens. Total: any string has an answer, lone surrogates included. */
export interface Tokenizer {
  readonly vocabularySize: number;
  /** Id of the token that stands for a word outside the vocabulary; −1 where there is none. */
  readonly unknownId: number;
  /** Token ids without special tokens; empty for a text without words. Linear in the text. */
  encode(text: string): TokenIds;
  /** The same ids with their places in `text` (not in its normalised form). */
  encodeWithOffsets(text: string): TokenSpans;
  /** The vocabulary's entry, `##` before a piece that continues a word; `undefined` outside it. */
  token(id: number): string | undefined;
  /** What it works with, for one that does the same faster; left out by tokenizers of other kinds. */
  readonly pieces?: WordPieces;
}

/** The tables of a WordPiece tokenizer. */
export interface WordPieces {
  readonly table: VocabularyTable;
  readonly unknownId: number;
  /** A longer word, in code points, is unknown as a whole. */
  readonly maxWordChars: number;
  /** Of a model that was prepared: what characters become in this browser. Else they are worked out. */
  readonly forms?: TextForms;
}

/** How bit codes are made; part of the embedding space's identity. */
export interface CodeRecipe {
  readonly bits: typeof codeBits;
  /** Rounds of sign flips and Walsh–Hadamard transforms. */
  readonly rounds: number;
  /** Seed of the sign flips. */
  readonly seed: number;
}

/** Turns tokens into an embedding and an embedding into its bit code. */
export interface Encoder {
  readonly dims: number;
  /** Mean of the tokens' vectors, L2-normalised; the zero vector when there are no tokens. */
  embed(ids: TokenIds): Embedding;
  /**
   * Cosine of a unit vector with the mean of the tokens of all `parts` together; 0 without tokens.
   * What {@link Encoder.embed} gives of them all, dotted with it, within 10⁻⁶.
   */
  cosine(unit: Embedding, parts: readonly TokenIds[]): number;
  /** Length of the sum of the weighted vectors of all tokens of `parts`. */
  length(parts: readonly TokenIds[]): number;
  /** The rotated embedding, 512 components of the same scale. */
  rotate(embedding: Embedding): Float32Array;
  /** Signs of the rotated embedding, 64 bytes. */
  code(embedding: Embedding): BitCode;
  /** The bit code of a text: of the embedding of its tokens. */
  codeOf(text: string): BitCode;
}

/** What an encoder is made of. */
export interface EncoderModel {
  readonly tokenizer: Tokenizer;
  readonly table: TokenTable;
  readonly code: CodeRecipe;
}

/** A static embedding model, read and checked. */
export interface StaticModel {
  readonly id: ModelId;
  readonly name: string;
  readonly version: string;
  readonly dims: number;
  readonly vocabularySize: number;
  readonly tokenizer: Tokenizer;
  readonly table: TokenTable;
  readonly code: CodeRecipe;
  readonly codeBits: typeof codeBits;
  /** Widths (prefixes of the dimensions) the model was trained to be good at, ascending. */
  readonly widths: readonly number[];
  /** BCP 47 primary tags of the languages it was trained for. */
  readonly languages: readonly string[];
  readonly licence: string;
  /** Of the table and the tokenizer. */
  readonly sizeBytes: number;
}
