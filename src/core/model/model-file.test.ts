import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { createEncoder } from './encoder.ts';
import { type ModelFiles, readModel } from './model-file.ts';

const sha256 = async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

type Json = Record<string, unknown>;
const tokens = ['[PAD]', '[UNK]', 'apple', '##s', '사과'];
const dims = 4;

function tokenizerJson(): Json {
  return {
    version: '1.0',
    added_tokens: [],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKC' },
        { type: 'Lowercase' },
        { type: 'NFD' },
        { type: 'Replace', pattern: { Regex: '[\u0300-\u036f]' }, content: '' },
        { type: 'NFC' },
        {
          lowercase: false,
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: false,
        },
      ],
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 64,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

/** A safetensors file of a header and its bytes, written here independently of the reader. */
function container(header: unknown, data: Uint8Array, headerBytes?: bigint): Uint8Array {
  const text = utf8(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, headerBytes ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

function table(encoding: 'int8' | 'int4', scales = [0, 1, 0.5, -0.25, 2]): Uint8Array {
  const rows = tokens.flatMap((_, t) => [t, -t, t + 1, -8 + t]);
  const embeddings =
    encoding === 'int8'
      ? Int8Array.from(rows)
      : Uint8Array.from({ length: rows.length / 2 }, (_, i) => {
          return (rows[2 * i]! + 8) | ((rows[2 * i + 1]! + 8) << 4);
        });
  const size = embeddings.length;
  const data = new Uint8Array(size + 20);
  data.set(new Uint8Array(embeddings.buffer));
  data.set(new Uint8Array(Float32Array.from(scales).buffer), size);
  return container(
    {
      embeddings: {
        dtype: encoding === 'int8' ? 'I8' : 'U8',
        shape: [5, encoding === 'int8' ? dims : dims / 2],
        data_offsets: [0, size],
      },
      scales: { dtype: 'F32', shape: [5], data_offsets: [size, size + 20] },
    },
    data,
  );
}

interface Parts {
  encoding?: 'int8' | 'int4';
  tokenizer?: Json | Uint8Array;
  table?: Uint8Array;
  change?: (manifest: Json) => void;
}

/** A whole model; its manifest fits its files unless `change` makes it otherwise. */
function modelFiles(parts: Parts = {}): ModelFiles {
  const encoding = parts.encoding ?? 'int8';
  const tableBytes = parts.table ?? table(encoding);
  const given = parts.tokenizer ?? tokenizerJson();
  const tokenizer = given instanceof Uint8Array ? given : utf8(given);
  const entry = (file: string, bytes: Uint8Array) => ({
    file,
    sizeBytes: bytes.length,
    sha256: hash(bytes),
  });
  const manifest: Json = {
    format: 1,
    name: 'made',
    version: '1.2.3',
    dims,
    vocabularySize: tokens.length,
    table: { ...entry('table.safetensors', tableBytes), encoding },
    tokenizer: entry('tokenizer.json', tokenizer),
    code: { bits: 512, rounds: 3, seed: 7 },
    widths: [4, 2],
    licence: 'MIT',
    unknownToken: 1,
    languages: ['en', 'ko'],
    teachers: [],
  };
  parts.change?.(manifest);
  return { manifest: utf8(manifest), tokenizer, table: tableBytes };
}

async function problem(files: ModelFiles): Promise<AppError> {
  const error = await readModel(files, sha256).then(
    () => new Error('the model was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('readModel', () => {
  it.each(['int8', 'int4'] as const)('reads an %s model', async (encoding) => {
    const model = await readModel(modelFiles({ encoding }), sha256);
    expect(model).toMatchObject({ name: 'made', dims, vocabularySize: 5, widths: [2, 4] });
    expect(model.id).toMatch(/^made@1\.2\.3#[0-9a-f]{16}$/);
    expect([...model.table.rows.subarray(8, 16)]).toEqual([2, -2, 3, -6, 3, -3, 4, -5]);
    expect([...model.table.scales]).toEqual([0, 1, 0.5, -0.25, 2]);
    expect(model.table.norms[3]).toBeCloseTo(0.25 * Math.sqrt(9 + 9 + 16 + 25), 6);
    const ids = model.tokenizer.encode('Apples 사과 pear');
    expect([...ids]).toEqual([2, 3, 4, 1]);
    const sum = [0, 1, 2, 3].map((d) =>
      [...ids].reduce((s, t) => s + model.table.rows[t * 4 + d]! * model.table.scales[t]!, 0),
    );
    const embedding = createEncoder(model).embed(ids);
    sum.forEach((value, d) => {
      expect(embedding[d]).toBeCloseTo(value / Math.hypot(...sum), 6);
    });
  });

  it.each(['manifest', 'tokenizer', 'table'] as const)('says that %s is missing', async (part) => {
    const error = await problem({ ...modelFiles(), [part]: undefined });
    expect(error.code).toBe('model-missing');
    expect(error.message).toContain(
      { manifest: 'model.json', tokenizer: 'tokenizer.json', table: 'table.safetensors' }[part],
    );
  });

  it('refuses every single flipped bit and every truncation of its files', async () => {
    const files = modelFiles();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('tokenizer' as const, 'table' as const),
        fc.nat(),
        fc.boolean(),
        async (part, place, isCut) => {
          const bytes = files[part]!.slice();
          const at = place % (bytes.length * 8);
          bytes[at >> 3] = bytes[at >> 3]! ^ (1 << (at & 7));
          const changed = isCut ? bytes.slice(0, at >> 3) : bytes;
          const error = await problem({ ...files, [part]: changed });
          expect(error.code).toBe('model-invalid');
          expect(error.message).toMatch(isCut ? /bytes; model\.json says/ : /SHA-256/);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('never fails otherwise than with a typed error, whatever stands in the manifest', async () => {
    const fields =
      'format name version dims vocabularySize table tokenizer code widths licence unknownToken languages'.split(
        ' ',
      );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), fc.jsonValue(), async (field, value) => {
        const files = modelFiles({
          change: (manifest) => Object.assign(manifest, { [field]: value }),
        });
        const thrown = await readModel(files, sha256).catch((error: unknown) => error);
        if (thrown instanceof Error) {
          expect(thrown).toBeInstanceOf(AppError);
          expect(thrown.message).toMatch(/model\.json|tokenizer\.json|table\.safetensors/);
        }
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  const set = (path: string, value: unknown) => (manifest: Json) => {
    const keys = path.split('.');
    const last = keys.pop()!;
    (keys.reduce((object, key) => object[key] as Json, manifest) as Json)[last] = value;
  };
  it.each([
    ['format', 2, /format is 2; allowed: 1/],
    ['dims', 0, /dims is 0; allowed: a whole number from 1/],
    ['dims', 8, /embeddings is I8 \[5,4\]; the manifest needs I8 \[5,8\]/],
    ['vocabularySize', 1e12, /vocabularySize is 1000000000000; allowed/],
    ['vocabularySize', 6, /holds 5 different tokens; the manifest says 6/],
    ['table.file', '../table.safetensors', /table\.file is "\.\.\/table/],
    ['table.file', 'a/b', /the name of a file beside it/],
    ['table.file', 'C:\\x', /the name of a file beside it/],
    ['table.file', '..', /the name of a file beside it/],
    ['tokenizer.file', '.hidden', /the name of a file beside it/],
    ['table.encoding', 'int2', /table\.encoding is "int2"; allowed: int8, int4/],
    ['table.sha256', 'abc', /64 lower-case hexadecimal digits/],
    ['code.bits', 256, /code\.bits is 256; allowed: 512/],
    ['code.seed', -1, /code\.seed is -1/],
    ['widths', [2, 9], /widths\[1\] is 9/],
    ['unknownToken', 5, /unknownToken is 5; allowed: a whole number from 0 to 4/],
    ['unknownToken', 2, /the manifest's unknownToken is "apple"/],
    ['name', '../x', /name is "\.\.\/x"/],
  ])('refuses %s = %j', async (path, value, message) => {
    const error = await problem(modelFiles({ change: set(path, value) }));
    expect(error.code).toBe('model-invalid');
    expect(error.message).toMatch(message);
  });

  it.each([
    [
      'a scale that is no number',
      table('int8', [0, 1, Number.NaN, 1, 1]),
      /scale of token 2 is NaN/,
    ],
    [
      'a scale that is infinite',
      table('int8', [0, 1, 1, 1 / 0, 1]),
      /scale of token 3 is Infinity/,
    ],
    [
      'a header of 10 GB',
      container({}, new Uint8Array(9), 10_000_000_000n),
      /10000000000 bytes; at most/,
    ],
    ['a header of 2^64 − 1 bytes', container({}, new Uint8Array(9), 2n ** 64n - 1n), /at most/],
    ['a header beyond the file', container({}, new Uint8Array(9), 100n), /100 bytes; 11 follow/],
    ['no header', new Uint8Array(7), /holds 7 bytes/],
    ['a header that is no object', container([], new Uint8Array(0)), /not a JSON object/],
    ['no tensors', container({}, new Uint8Array(0)), /has no tensor scales/],
    [
      'a tensor beyond the file',
      container({ scales: { dtype: 'F32', shape: [5], data_offsets: [0, 20] } }, new Uint8Array(8)),
      /lies at 0–20; the file has 8/,
    ],
    [
      'a shape that needs more bytes than there are',
      container(
        { scales: { dtype: 'F32', shape: [5, 2 ** 40], data_offsets: [0, 8] } },
        new Uint8Array(8),
      ),
      /has 8 bytes; its shape and type need/,
    ],
    [
      'bytes that nobody owns',
      container({ scales: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, new Uint8Array(8)),
      /4 bytes after its last tensor/,
    ],
    [
      'an unknown type',
      container({ scales: { dtype: 'F8', shape: [4], data_offsets: [0, 4] } }, new Uint8Array(4)),
      /type "F8"; known are/,
    ],
  ])('refuses a table with %s', async (_name, bytes, message) => {
    const error = await problem(modelFiles({ table: bytes }));
    expect([error.code, error.details.file]).toEqual(['model-invalid', 'table.safetensors']);
    expect(error.message).toMatch(message);
  });

  const withModel = (change: (json: Json, model: Json) => void) => {
    const json = tokenizerJson();
    change(json, json.model as Json);
    return json;
  };
  const deep = new TextEncoder().encode(
    `{"normalizer":${'['.repeat(20_000)}${']'.repeat(20_000)},"model":{}}`,
  );
  const twice = new TextEncoder().encode(
    JSON.stringify(tokenizerJson()).replace('"##s":3', '"apple":3'),
  );
  it.each([
    ['no JSON', Uint8Array.of(0x7b, 0xff), /not JSON in UTF-8/],
    [
      'another normaliser',
      withModel((json) => {
        json.normalizer = { type: 'NFC' };
      }),
      /normalizer is an object of type NFC/,
    ],
    ['an absurdly deep normaliser', deep, /tokenizer\.json: /],
    [
      'added tokens',
      withModel((json) => {
        json.added_tokens = [{}];
      }),
      /added_tokens is a list of 1/,
    ],
    [
      'another model',
      withModel((_, model) => {
        model.type = 'BPE';
      }),
      /model\.type is "BPE"/,
    ],
    [
      'another unknown token',
      withModel((_, model) => {
        model.unk_token = 'apple';
      }),
      /unk_token is "apple"/,
    ],
    ['a token twice', twice, /holds 4 different tokens|share the id/],
    [
      'an id twice',
      withModel((_, model) => {
        model.vocab = { a: 0, b: 0 };
      }),
      /"a" and "b" share the id 0/,
    ],
    [
      'an id outside',
      withModel((_, model) => {
        model.vocab = { a: 5 };
      }),
      /has id 5; allowed: 0 to 4/,
    ],
    [
      'an empty token',
      withModel((_, model) => {
        model.vocab = { '': 0 };
      }),
      /token 0 is ""/,
    ],
    [
      'a token of 10,000 characters',
      withModel((_, model) => {
        model.vocab = { ['x'.repeat(10_000)]: 0 };
      }),
      /allowed: 1 to 256/,
    ],
    [
      'half a character',
      withModel((_, model) => {
        model.vocab = { 'a\ud800': 0 };
      }),
      /token 0 is/,
    ],
  ])('refuses a tokenizer with %s', async (_name, tokenizer, message) => {
    const error = await problem(modelFiles({ tokenizer }));
    expect([error.code, error.details.file]).toEqual(['model-invalid', 'tokenizer.json']);
    expect(error.message).toMatch(message);
  });
});
