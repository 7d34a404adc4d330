import { AppError } from '../core/errors.ts';
import { maxVocabularySize } from '../core/model/manifest.ts';
import { decodeUtf8 } from '../core/model/safetensors.ts';
import { show } from '../core/model/show.ts';

type Json = Record<string, unknown>;

/** A `tokenizer.json` that was checked, with its parts written so that the library means the same. */
export interface CheckedTokenizer {
  readonly json: Json;
  /** Tokens in the order of their ids, added ones included. All different. */
  readonly tokens: readonly string[];
  /** Id of the token for what the vocabulary does not cover; −1 where there is none. */
  readonly unknownId: number;
}

const maxTokenLength = 512;
const maxAddedTokens = 10_000;
const maxMerges = 4 << 20;
const maxDepth = 4;
const maxParts = 32;
const maxPatternLength = 2000;

const normalizerTypes = [
  'BertNormalizer',
  'Precompiled',
  'Replace',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Strip',
  'StripAccents',
  'Lowercase',
  'Prepend',
];
const preTokenizerTypes = [
  'BertPreTokenizer',
  'Whitespace',
  'WhitespaceSplit',
  'Metaspace',
  'ByteLevel',
  'Split',
  'Punctuation',
  'Digits',
];

const punctuationSigns = '\\p{P}!-/:-@\\[-`{-~';
const split = (pattern: string, behavior: string, invert = false) => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior,
  invert,
});

/**
 * Checks a `tokenizer.json` of any of the kinds that `@huggingface/tokenizers` and the Python
 * library split alike, and writes those parts anew where the two differ. Nothing of the file is
 * run before this has passed: every type is on a list, every list has an end, and no pattern can
 * repeat a group, which keeps them from taking exponential time.
 * @throws AppError `model-invalid` naming the file, the value and what is allowed
 */
export function checkTokenizer(bytes: Uint8Array, name: string): CheckedTokenizer {
  return new Check(name).read(bytes);
}

class Check {
  readonly #name: string;
  #parts = 0;

  constructor(name: string) {
    this.#name = name;
  }

  read(bytes: Uint8Array): CheckedTokenizer {
    let root: Json;
    try {
      root = this.#object(JSON.parse(decodeUtf8(bytes)), 'the whole');
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      this.#fail('is not JSON in UTF-8', cause);
    }
    const model = this.#object(root.model, 'model');
    const type = this.#one(model.type, 'model.type', ['WordPiece', 'Unigram', 'BPE']);
    const normalizer = this.#part(root.normalizer ?? null, 'normalizer', 0);
    const preTokenizer = this.#part(root.pre_tokenizer ?? null, 'pre_tokenizer', 0);
    const added = this.#addedTokens(root.added_tokens ?? []);
    const { entries, unknownId } =
      type === 'Unigram' ? this.#unigram(model) : this.#dictionary(model, type);
    const tokens = this.#tokens(entries, added);
    return {
      json: {
        version: '1.0',
        normalizer,
        pre_tokenizer: preTokenizer,
        model,
        added_tokens: added,
        post_processor: null,
        decoder: null,
      },
      tokens,
      unknownId,
    };
  }

  #fail(what: string, cause?: unknown): never {
    throw new AppError('model-invalid', `${this.#name}: ${what}`, {
      cause,
      details: { file: this.#name },
    });
  }

  #object(value: unknown, field: string): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#fail(`${field} is ${show(value)}; allowed: an object`);
    }
    return value as Json;
  }

  #one<T>(value: unknown, field: string, allowed: readonly T[]): T {
    if (!allowed.includes(value as T)) {
      this.#fail(`${field} is ${show(value)}; allowed: ${allowed.map(show).join(', ')}`);
    }
    return value as T;
  }

  #text(value: unknown, field: string, least: number, most: number): string {
    if (typeof value !== 'string' || value.length < least || value.length > most) {
      this.#fail(`${field} is ${show(value)}; allowed: a text of ${least} to ${most} characters`);
    }
    return value as string;
  }

  /** A normalizer or a pre-tokenizer, or a sequence of them, as the library shall get it. */
  #part(value: unknown, field: string, depth: number): Json | null {
    if (value === null) return null;
    const isNormalizer = field.startsWith('normalizer');
    const part = this.#object(value, field);
    if (++this.#parts > maxParts) this.#fail(`has more than ${maxParts} normalizers and splitters`);
    if (part.type === 'Sequence') {
      if (depth === maxDepth) this.#fail(`${field} is nested more than ${maxDepth} deep`);
      const key = isNormalizer ? 'normalizers' : 'pretokenizers';
      const inner = part[key];
      if (!Array.isArray(inner)) this.#fail(`${field}.${key} is ${show(inner)}; allowed: a list`);
      const list = inner as unknown[];
      return {
        type: 'Sequence',
        [key]: list.map((one, i) => this.#part(one, `${field}.${key}[${i}]`, depth + 1)),
      };
    }
    const types = isNormalizer ? normalizerTypes : preTokenizerTypes;
    this.#one(part.type, `${field}.type`, [...types, 'Sequence']);
    return isNormalizer ? this.#normalizer(part, field) : this.#preTokenizer(part, field);
  }

  #normalizer(part: Json, field: string): Json {
    if (part.type === 'Replace') {
      this.#text(part.content, `${field}.content`, 0, 100);
      return { ...part, pattern: this.#pattern(part.pattern, `${field}.pattern`) };
    }
    if (part.type === 'Prepend') this.#text(part.prepend, `${field}.prepend`, 0, 100);
    return part;
  }

  #preTokenizer(part: Json, field: string): Json {
    switch (part.type) {
      case 'Split': {
        const behavior = this.#one(part.behavior, `${field}.behavior`, ['Removed', 'Isolated']);
        if (part.invert === true && behavior !== 'Removed') {
          this.#fail(`${field}.invert is true with the behavior ${behavior}; allowed: Removed`);
        }
        return { ...part, pattern: this.#pattern(part.pattern, `${field}.pattern`) };
      }
      // In the library `\w` is ASCII's; Korean would vanish.
      case 'Whitespace':
        return split('\\w+|[^\\w\\s]+', 'Removed', true);
      case 'Punctuation': {
        const behavior = part.behavior ?? 'Isolated';
        this.#one(behavior, `${field}.behavior`, ['Isolated', 'Contiguous', 'Removed']);
        const signs = `[${punctuationSigns}]${behavior === 'Contiguous' ? '+' : ''}`;
        return split(signs, behavior === 'Removed' ? 'Removed' : 'Isolated');
      }
      case 'Digits':
        return split(part.individual_digits === true ? '\\p{N}' : '\\p{N}+', 'Isolated');
      case 'Metaspace': {
        this.#one(part.replacement ?? '▁', `${field}.replacement`, ['▁']);
        const scheme =
          part.prepend_scheme ?? (part.add_prefix_space === false ? 'never' : 'always');
        this.#one(scheme, `${field}.prepend_scheme`, ['always', 'first', 'never']);
        const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: scheme };
        if (part.split === false) return metaspace;
        // The library does not cut before each sign, as the format means it.
        const cut = split('▁[^▁]*', 'Isolated');
        return { type: 'Sequence', pretokenizers: [metaspace, cut] };
      }
      default:
        return part;
    }
  }

  /** A plain text or a regular expression that cannot take exponential time. */
  #pattern(value: unknown, field: string): Json {
    const pattern = this.#object(value, field);
    if (pattern.String !== undefined) {
      return { String: this.#text(pattern.String, `${field}.String`, 1, maxPatternLength) };
    }
    const source = this.#text(pattern.Regex, `${field}.Regex`, 1, maxPatternLength);
    // Sets and escapes out of the way, what is left shows groups and their repetition.
    const bare = source.replace(/\\[pP]\{[^}]*\}|\\./gsu, 'x').replace(/\[\^?\]?[^\]]*\]/gsu, 'x');
    if (/\)[*+{]/.test(bare) || /\\[1-9k]/.test(source.replace(/\\\\/g, ''))) {
      this.#fail(`${field}.Regex repeats a group or refers to one; allowed: neither`);
    }
    return { Regex: source };
  }

  #addedTokens(value: unknown): Json[] {
    if (!Array.isArray(value) || value.length > maxAddedTokens) {
      this.#fail(
        `added_tokens is ${show(value)}; allowed: a list of at most ${maxAddedTokens} tokens`,
      );
    }
    return (value as unknown[]).map((one, i) => {
      const token = this.#object(one, `added_tokens[${i}]`);
      this.#id(token.id, `added_tokens[${i}].id`);
      this.#text(token.content, `added_tokens[${i}].content`, 1, maxTokenLength);
      return token;
    });
  }

  #id(value: unknown, field: string): number {
    const id = value as number;
    if (!Number.isInteger(value) || id < 0 || id >= maxVocabularySize) {
      this.#fail(`${field} is ${show(value)}; allowed: 0 to ${maxVocabularySize - 1}`);
    }
    return id;
  }

  /** WordPiece and BPE: an object of tokens and ids. */
  #dictionary(model: Json, type: string): { entries: [string, number][]; unknownId: number } {
    const vocabulary = this.#object(model.vocab, 'model.vocab');
    const entries = Object.entries(vocabulary).map(([token, id]): [string, number] => [
      token,
      this.#id(id, `the id of ${show(token)}`),
    ]);
    const unknown = model.unk_token ?? null;
    if (type === 'WordPiece') {
      this.#text(unknown, 'model.unk_token', 1, maxTokenLength);
      this.#text(model.continuing_subword_prefix, 'model.continuing_subword_prefix', 0, 10);
      const most = model.max_input_chars_per_word ?? 100;
      if (!Number.isInteger(most) || Number(most) < 1 || Number(most) > 1000) {
        this.#fail(`model.max_input_chars_per_word is ${show(most)}; allowed: 1 to 1000`);
      }
    } else this.#pairs(model);
    if (unknown !== null && !Object.hasOwn(vocabulary, unknown as string)) {
      this.#fail(`model.unk_token is ${show(unknown)}, which model.vocab does not have`);
    }
    return { entries, unknownId: unknown === null ? -1 : Number(vocabulary[unknown as string]) };
  }

  #pairs(model: Json): void {
    for (const field of ['dropout', 'continuing_subword_prefix']) {
      this.#one(model[field] || null, `model.${field}`, [null]);
    }
    this.#text(model.end_of_word_suffix ?? '', 'model.end_of_word_suffix', 0, 10);
    const { merges } = model;
    if (!Array.isArray(merges) || merges.length > maxMerges) {
      this.#fail(`model.merges is ${show(merges)}; allowed: a list of at most ${maxMerges} pairs`);
    }
    const listed = Array.isArray((merges as unknown[])[0]);
    const bad = (merges as unknown[]).findIndex((merge) =>
      listed
        ? !(
            Array.isArray(merge) &&
            merge.length === 2 &&
            merge.every((part) => typeof part === 'string')
          )
        : typeof merge !== 'string' || !/^[^ ]+ [^ ]+$/s.test(merge),
    );
    if (bad >= 0) {
      this.#fail(
        `model.merges[${bad}] is ${show((merges as unknown[])[bad])}; allowed: two tokens`,
      );
    }
  }

  /** Unigram: a list of tokens with their logarithms of probability. */
  #unigram(model: Json): { entries: [string, number][]; unknownId: number } {
    this.#one(model.byte_fallback ?? false, 'model.byte_fallback', [false]);
    const { vocab } = model;
    if (!Array.isArray(vocab) || vocab.length === 0 || vocab.length > maxVocabularySize) {
      this.#fail(`model.vocab is ${show(vocab)}; allowed: 1 to ${maxVocabularySize} tokens`);
    }
    const list = vocab as unknown[];
    const entries = list.map((entry, id): [string, number] => {
      const [token, score] = Array.isArray(entry) ? entry : [];
      if (typeof token !== 'string' || typeof score !== 'number' || !Number.isFinite(score)) {
        this.#fail(`model.vocab[${id}] is ${show(entry)}; allowed: a token and a finite number`);
      }
      return [token, id];
    });
    const unknownId = this.#id(model.unk_id, 'model.unk_id');
    if (unknownId >= list.length) {
      this.#fail(`model.unk_id is ${unknownId}; allowed: 0 to ${list.length - 1}`);
    }
    return { entries, unknownId };
  }

  /** Every id from 0 on has one token, and no token stands twice. */
  #tokens(entries: readonly [string, number][], added: readonly Json[]): string[] {
    const tokens: string[] = [];
    const idOf = new Map<string, number>();
    const all = [
      ...entries,
      ...added.map((token): [string, number] => [String(token.content), Number(token.id)]),
    ];
    for (const [token, id] of all) {
      const other = idOf.get(token);
      if (other === id) continue; // an added token that the vocabulary has already
      if (other !== undefined) {
        this.#fail(`token ${show(token)} stands twice, with the ids ${other} and ${id}`);
      }
      if (tokens[id] !== undefined) {
        this.#fail(`tokens ${show(tokens[id])} and ${show(token)} share the id ${id}`);
      }
      if (token.length > maxTokenLength) {
        this.#fail(`token ${id} has ${token.length} characters; allowed: up to ${maxTokenLength}`);
      }
      tokens[id] = token;
      idOf.set(token, id);
    }
    if (tokens.length !== idOf.size) {
      let hole = 0;
      while (tokens[hole] !== undefined) hole++;
      this.#fail(
        `has ${idOf.size} different tokens and no token ${hole}; allowed: one for every id up to ${tokens.length - 1}`,
      );
    }
    return tokens;
  }
}
