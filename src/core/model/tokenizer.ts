import { CharacterClass, characterClasses, classOfPair } from './characters.ts';
import { normaliseAligned, normaliseText } from './normalise.ts';
import type { Tokenizer, TokenSpans, WordPieces } from './types.ts';
import {
  buildVocabulary,
  findToken,
  hashPrime,
  pieceSeed,
  tokenAt,
  wordSeed,
} from './vocabulary.ts';

/** What a WordPiece tokenizer is made of. */
export interface WordPieceSpec {
  /** Tokens in the order of their ids; `##` marks those that continue a word. All different. */
  readonly tokens: readonly string[];
  readonly unknownId: number;
  /** A longer word, in code points, is unknown as a whole. */
  readonly maxWordChars: number;
}

/** A tokenizer for a vocabulary; see {@link tokenizerOf}. */
export function createTokenizer({ tokens, unknownId, maxWordChars }: WordPieceSpec): Tokenizer {
  return tokenizerOf({ table: buildVocabulary(tokens), unknownId, maxWordChars });
}

/**
 * A WordPiece tokenizer as BERT's: normalise, split at blanks and punctuation and around every
 * Han character, then cover each word by the longest known pieces from its start; a word that
 * cannot be covered is one unknown token.
 */
export function tokenizerOf(pieces: WordPieces): Tokenizer {
  return {
    vocabularySize: pieces.table.continues.length,
    unknownId: pieces.unknownId,
    encode(text) {
      const run = new Run(pieces, false);
      run.read(normaliseText(text));
      return run.ids.slice(0, run.count);
    },
    encodeWithOffsets(text): TokenSpans {
      const aligned = normaliseAligned(text);
      const run = new Run(pieces, true);
      run.read(aligned.text);
      const ids = run.ids.slice(0, run.count);
      const starts = run.firsts.slice(0, run.count);
      const ends = run.lasts.slice(0, run.count);
      for (let t = 0; t < ids.length; t++) {
        starts[t] = aligned.starts[starts[t] as number] as number;
        ends[t] = aligned.ends[ends[t] as number] as number;
      }
      return { ids, starts, ends };
    },
    token: (id) => tokenAt(pieces.table, id),
    pieces,
  };
}

/** One pass over one normalised text. */
class Run {
  ids: Uint32Array = new Uint32Array(256);
  count = 0;
  /** Index in the normalised text of each token's first and last code unit, when wanted. */
  firsts: Uint32Array;
  lasts: Uint32Array;
  private readonly pieces: WordPieces;
  private readonly withPlaces: boolean;
  /** The word under way: its code units, their places, and its length in code points. */
  private readonly word: Uint16Array;
  private readonly places: Uint32Array;
  private readonly hashes: Uint32Array;
  private units = 0;
  private chars = 0;
  private lastPlace = 0;

  constructor(pieces: WordPieces, withPlaces: boolean) {
    this.pieces = pieces;
    this.withPlaces = withPlaces;
    this.firsts = new Uint32Array(withPlaces ? 256 : 0);
    this.lasts = new Uint32Array(withPlaces ? 256 : 0);
    const capacity = 2 * (pieces.maxWordChars + 1);
    this.word = new Uint16Array(capacity);
    this.places = new Uint32Array(capacity);
    this.hashes = new Uint32Array(capacity + 1);
  }

  read(text: string): void {
    const classes = characterClasses();
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const kind = classes[unit] as number;
      if (kind === CharacterClass.word) {
        this.add(unit, i);
      } else if (kind === CharacterClass.space) {
        this.endWord();
      } else if (kind === CharacterClass.punctuation || kind === CharacterClass.han) {
        this.endWord();
        this.add(unit, i);
        this.endWord();
      } else if (kind === CharacterClass.surrogate) {
        const low = text.charCodeAt(i + 1);
        // A lone surrogate vanishes, as every other character that is none.
        if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) this.addPair(unit, low, i++);
      }
    }
    this.endWord();
  }

  private add(unit: number, place: number): void {
    this.chars++;
    this.lastPlace = place;
    if (this.units >= this.word.length - 1) return; // too long already: only the count matters
    this.places[this.units] = place;
    this.word[this.units++] = unit;
  }

  private addPair(high: number, low: number, place: number): void {
    const kind = classOfPair(high, low);
    if (kind === CharacterClass.dropped) return;
    if (kind === CharacterClass.punctuation) this.endWord();
    this.add(high, place);
    if (this.units < this.word.length) {
      this.places[this.units] = place + 1;
      this.word[this.units++] = low;
    }
    this.lastPlace = place + 1;
    if (kind === CharacterClass.punctuation) this.endWord();
  }

  private endWord(): void {
    if (this.chars === 0) return;
    if (this.chars > this.pieces.maxWordChars || !this.split()) {
      this.emit(this.pieces.unknownId, this.places[0] as number, this.lastPlace);
    }
    this.units = 0;
    this.chars = 0;
  }

  /** Covers the word by pieces; takes them back and says no when some stretch is unknown. */
  private split(): boolean {
    const { word, hashes, units } = this;
    const { table } = this.pieces;
    const before = this.count;
    let start = 0;
    while (start < units) {
      const limit = Math.min(units, start + table.longest);
      let hash = start === 0 ? wordSeed : pieceSeed;
      for (let i = start; i < limit; i++) {
        hash = Math.imul(hash ^ (word[i] as number), hashPrime);
        hashes[i + 1] = hash;
      }
      let end = limit;
      let id = -1;
      for (; end > start; end--) {
        id = findToken(table, word, start, end, hashes[end] as number);
        if (id >= 0) break;
      }
      if (id < 0) {
        this.count = before;
        return false;
      }
      this.emit(id, this.places[start] as number, this.places[end - 1] as number);
      start = end;
    }
    return true;
  }

  private emit(id: number, first: number, last: number): void {
    if (this.count === this.ids.length) {
      this.ids = grown(this.ids);
      if (this.withPlaces) {
        this.firsts = grown(this.firsts);
        this.lasts = grown(this.lasts);
      }
    }
    if (this.withPlaces) {
      this.firsts[this.count] = first;
      this.lasts[this.count] = last;
    }
    this.ids[this.count++] = id;
  }
}

function grown(list: Uint32Array): Uint32Array {
  const larger = new Uint32Array(list.length * 2);
  larger.set(list);
  return larger;
}
