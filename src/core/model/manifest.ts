import { AppError } from '../errors.ts';
import { decodeUtf8 } from './safetensors.ts';
import { show } from './show.ts';
import { type CodeRecipe, codeBits } from './types.ts';

/** Name of the manifest in a model's folder. */
export const manifestFile = 'model.json';
/** The manifest's own version; the one that this code reads. */
export const manifestFormat = 1;
export const maxVocabularySize = 1 << 20;
export const maxDims = 4096;
const maxFileBytes = 1 << 30;

export const tokenizerKinds = ['dejalu', 'hugging-face'] as const;
export type TokenizerKind = (typeof tokenizerKinds)[number];

export interface ManifestFile {
  readonly file: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** `model.json`: what the model is and what its files must be. */
export interface ModelManifest {
  readonly format: typeof manifestFormat;
  readonly name: string;
  readonly version: string;
  readonly dims: number;
  readonly vocabularySize: number;
  readonly table: ManifestFile & { readonly encoding: 'int8' | 'int4' };
  readonly tokenizer: ManifestFile & {
    /** Who splits text: our own tokenizer, or the Hugging Face format's in general. */
    readonly kind: TokenizerKind;
  };
  readonly code: CodeRecipe;
  readonly widths: readonly number[];
  readonly licence: string;
  /** Id of the token that stands for a word outside the vocabulary; −1 where there is none. */
  readonly unknownToken: number;
  readonly languages: readonly string[];
}

/** Says in AppErrors what is wrong with a value of the manifest. */
class Reader {
  private readonly path: string;
  private readonly value: unknown;

  constructor(value: unknown, path = '') {
    this.value = value;
    this.path = path;
  }

  fail(allowed: string): never {
    throw new AppError(
      'model-invalid',
      `${manifestFile}: ${this.path || 'the whole'} is ${show(this.value)}; allowed: ${allowed}`,
      { details: { file: manifestFile, field: this.path } },
    );
  }

  field(name: string): Reader {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('an object');
    const inner = Object.hasOwn(value as object, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
    return new Reader(inner, this.path === '' ? name : `${this.path}.${name}`);
  }

  /** Reads `value` where the field is left out. */
  or(value: unknown): Reader {
    return this.value === undefined ? new Reader(value, this.path) : this;
  }

  integer(min: number, max: number): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      this.fail(`a whole number from ${min} to ${max}`);
    }
    return value as number;
  }

  text(pattern: RegExp, allowed: string): string {
    const { value } = this;
    if (typeof value !== 'string' || !pattern.test(value)) this.fail(allowed);
    return value as string;
  }

  one<T extends string | number>(allowed: readonly T[]): T {
    if (!allowed.includes(this.value as T)) this.fail(allowed.join(', '));
    return this.value as T;
  }

  list<T>(read: (item: Reader) => T): T[] {
    if (!Array.isArray(this.value) || this.value.length > 1000) this.fail('a list');
    return (this.value as unknown[]).map((item, i) => read(new Reader(item, `${this.path}[${i}]`)));
  }
}

function readFileEntry(entry: Reader): ManifestFile {
  return {
    // A name in the same folder: no path, no drive, no hidden file.
    file: entry
      .field('file')
      .text(/^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/, 'the name of a file beside it'),
    sizeBytes: entry.field('sizeBytes').integer(1, maxFileBytes),
    sha256: entry.field('sha256').text(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'),
  };
}

/**
 * Reads and checks `model.json`. Unknown fields are left alone, so that a model may say more.
 * @throws AppError `model-missing` without bytes, `model-invalid` naming the field otherwise
 */
export function readManifest(bytes: Uint8Array | undefined): ModelManifest {
  if (bytes === undefined) {
    throw new AppError('model-missing', `${manifestFile} cannot be read; a model needs it`, {
      details: { file: manifestFile },
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes));
  } catch (cause) {
    throw new AppError('model-invalid', `${manifestFile} is not JSON in UTF-8`, {
      cause,
      details: { file: manifestFile },
    });
  }
  const root = new Reader(json);
  const format = root.field('format').one([manifestFormat]);
  const dims = root.field('dims').integer(1, maxDims);
  const vocabularySize = root.field('vocabularySize').integer(1, maxVocabularySize);
  const table = root.field('table');
  const tokenizer = root.field('tokenizer');
  const kind = tokenizer.field('kind').or('dejalu').one(tokenizerKinds);
  const code = root.field('code');
  const shortText = /^[^\p{C}]{1,200}$/u;
  return {
    format,
    name: root.field('name').text(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'letters, digits, . _ -'),
    version: root.field('version').text(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,31}$/, 'as 1.0.0'),
    dims,
    vocabularySize,
    table: { ...readFileEntry(table), encoding: table.field('encoding').one(['int8', 'int4']) },
    tokenizer: { ...readFileEntry(tokenizer), kind },
    code: {
      bits: code.field('bits').one([codeBits]),
      rounds: code.field('rounds').integer(1, 8),
      seed: code.field('seed').integer(0, 0xffffffff),
    },
    widths: root.field('widths').list((width) => width.integer(1, dims)),
    licence: root.field('licence').text(shortText, 'a short text'),
    unknownToken: root
      .field('unknownToken')
      .integer(kind === 'dejalu' ? 0 : -1, vocabularySize - 1),
    languages: root.field('languages').list((tag) => tag.text(/^[a-z]{2,3}$/, 'a language tag')),
  };
}
