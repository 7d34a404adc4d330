import { AppError } from '../errors.ts';
import { decodeUtf8 } from './safetensors.ts';
import { show } from './show.ts';
import type { WordPieceSpec } from './tokenizer.ts';
import { type ScannedVocabulary, scanVocabulary } from './vocabulary-scan.ts';

/** The one chain of normalisers that `normaliseText` and the tokenizer carry out. */
const normalisers = [
  { type: 'NFKC' },
  { type: 'Lowercase' },
  { type: 'NFD' },
  { type: 'Replace', pattern: { Regex: '[\u0300-\u036f]' }, content: '' },
  { type: 'NFC' },
  {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: false,
    lowercase: false,
  },
];

/** Code units of the longest token that is accepted. */
const maxTokenLength = 256;

/**
 * Reads a `tokenizer.json` of the Hugging Face format that describes our tokenizer: the chain of
 * normalisers above, BERT pre-tokenizing, WordPiece with `##`, no added or special tokens.
 * Anything else is refused, because it would be split otherwise than it was trained.
 * @param name the file's name, for messages
 * @throws AppError `model-invalid` naming the file, the value and what is allowed
 */
export function readTokenizerFile(
  bytes: Uint8Array,
  name: string,
  expected: { readonly vocabularySize: number; readonly unknownToken: number },
): WordPieceSpec {
  const fail = (what: string, cause?: unknown): never => {
    throw new AppError('model-invalid', `${name}: ${what}`, { cause, details: { file: name } });
  };
  let json: unknown;
  let scanned: ScannedVocabulary | null = null;
  try {
    const text = decodeUtf8(bytes);
    scanned = scanVocabulary(text, expected.vocabularySize);
    json = JSON.parse(scanned?.rest ?? text);
    if (scanned !== null && !isEmptyVocabulary(json)) {
      scanned = null;
      json = JSON.parse(text);
    }
  } catch (cause) {
    fail('is not JSON in UTF-8', cause);
  }
  const root = objectOf(json);
  const model = objectOf(root.model);
  const wanted: readonly [string, unknown, unknown][] = [
    ['normalizer', root.normalizer, { type: 'Sequence', normalizers: normalisers }],
    ['pre_tokenizer', root.pre_tokenizer, { type: 'BertPreTokenizer' }],
    ['added_tokens', root.added_tokens ?? [], []],
    ['model.type', model.type, 'WordPiece'],
    ['model.continuing_subword_prefix', model.continuing_subword_prefix, '##'],
  ];
  for (const [field, found, allowed] of wanted) {
    if (!isSame(found, allowed)) {
      fail(`${field} is ${show(found)}; allowed: ${JSON.stringify(allowed)}`);
    }
  }
  const maxWordChars = model.max_input_chars_per_word ?? 100;
  if (!Number.isInteger(maxWordChars) || Number(maxWordChars) < 1 || Number(maxWordChars) > 1000) {
    fail(`model.max_input_chars_per_word is ${show(maxWordChars)}; allowed: 1 to 1000`);
  }
  const size = expected.vocabularySize;
  const checkToken = (token: string, id: number) => {
    if (token.length === 0 || token.length > maxTokenLength || !token.isWellFormed()) {
      fail(`token ${id} is ${show(token)}; allowed: 1 to ${maxTokenLength} characters`);
    }
  };
  scanned?.tokens.forEach(checkToken);
  const tokens = scanned?.tokens ?? readVocabulary(model.vocab, size, checkToken, fail);
  const unknown = tokens[expected.unknownToken];
  if (model.unk_token !== unknown) {
    fail(
      `model.unk_token is ${show(model.unk_token)}; the manifest's unknownToken is ${show(unknown)}`,
    );
  }
  return { tokens, unknownId: expected.unknownToken, maxWordChars: Number(maxWordChars) };
}

function readVocabulary(
  vocabulary: unknown,
  size: number,
  checkToken: (token: string, id: number) => void,
  fail: (what: string) => never,
): readonly string[] {
  const tokens = new Array<string>(size);
  let count = 0;
  for (const [token, id] of Object.entries(objectOf(vocabulary))) {
    if (!Number.isInteger(id) || Number(id) < 0 || Number(id) >= size) {
      fail(`token ${show(token)} has id ${show(id)}; allowed: 0 to ${size - 1}`);
    }
    if (tokens[Number(id)] !== undefined) {
      fail(`tokens ${show(tokens[Number(id)])} and ${show(token)} share the id ${Number(id)}`);
    }
    checkToken(token, Number(id));
    tokens[Number(id)] = token;
    count++;
  }
  // A token that stands twice in the file counts once here, and leaves an id without a token.
  if (count !== size) fail(`holds ${count} different tokens; the manifest says ${size}`);
  return tokens;
}

/** Whether the vocabulary that was cut out of the file was the model's. */
function isEmptyVocabulary(json: unknown): boolean {
  const { vocab } = objectOf(objectOf(json).model);
  return typeof vocab === 'object' && vocab !== null && Object.keys(vocab).length === 0;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Deep equality of JSON values, whatever the order of the keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(objectOf(a)[key], objectOf(b)[key]))
  );
}
