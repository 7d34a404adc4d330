import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherModelsFolder } from '../../bin/lib/other-models.ts';
import { AppError } from '../core/errors.ts';
import { createEncoder } from '../core/model/encoder.ts';
import { readModel } from '../core/model/model-file.ts';
import {
  container,
  distance,
  filesBelow,
  fixture,
  isThere,
  readExpected,
  readFrom,
  sha256,
} from './import.fixture.ts';
import { floatOfHalf } from './matrix.ts';
import { embedExactly, readAnyModel } from './read-any-model.ts';
import { writeModel } from './write-model.ts';

const label = { name: 'made', version: '1.0.0', licence: 'MIT' };
const kinds = [
  ['model2vec-mapped', 'model2vec', 'WordPiece, a mapping, weights, F32'],
  ['model2vec-int8', 'model2vec', 'Unigram, I8'],
  ['sentence-transformers', 'sentence-transformers', 'BPE, F16, cut to half of its dimensions'],
] as const;

async function readFixture(name: string) {
  const expected = readExpected(join(fixture(name), 'expected.json'));
  const read = readFrom(filesBelow(fixture(name)));
  return { expected, model: await readAnyModel(read, { dims: expected.dims, sha256 }) };
}

describe.each(kinds)('a model of the kind %s', (name, kind) => {
  it('has the embeddings that its own library gives, to 1e-4', async () => {
    const { expected, model } = await readFixture(name);
    expect(model.kind).toBe(kind);
    expect(expected.embeddings.length).toBeGreaterThan(8);
    for (const [text, vector] of expected.embeddings) {
      expect(distance(embedExactly(model, text), vector), text).toBeLessThan(1e-4);
    }
  });

  it('becomes a folder that the reader accepts, with nearly the same embeddings', async () => {
    const { expected, model } = await readFixture(name);
    const { model: written } = await writeModel(model, label, sha256);
    const encoder = createEncoder(written);
    for (const [text, vector] of expected.embeddings) {
      const embedding = encoder.embed(written.tokenizer.encode(text));
      // Whole numbers are kept as they are; others lose what 8 bits cost.
      const allowed = name === 'model2vec-int8' ? 1e-4 : 0.02;
      expect(distance(embedding, vector), text).toBeLessThan(allowed);
    }
    expect(written.id).toMatch(/^made@1\.0\.0#/);
  });

  it('can be imported again from what was written', async () => {
    const { model } = await readFixture(name);
    const { files } = await writeModel(model, label, sha256);
    const again = await readAnyModel(readFrom(files), { sha256 });
    expect(again.kind).toBe('dejalu');
    const { files: twice } = await writeModel(again, label, sha256);
    expect(twice.get('table.safetensors')).toEqual(files.get('table.safetensors'));
    expect(twice.get('model.json')).toEqual(files.get('model.json'));
  });
});

describe('real models of other makers', () => {
  it.skipIf(!isThere(join(otherModelsFolder, 'wordllama'))).each([
    ['wordllama', 32_000, 256],
    ['tokenlearn', 276_326, 64],
  ])(
    '%s has the embeddings of its Python library, to 1e-4 (skipped when bin/setup could not fetch it)',
    async (name, size, dims) => {
      const read = readFrom(filesBelow(join(otherModelsFolder, name)));
      const model = await readAnyModel(read, { sha256 });
      expect([model.matrix.vocabularySize, model.matrix.dims]).toEqual([size, dims]);
      const { embeddings } = readExpected(fixture(`${name}.json`));
      for (const [text, vector] of embeddings) {
        expect(distance(embedExactly(model, text), vector), text).toBeLessThan(1e-4);
      }
    },
    60_000,
  );
});

describe('a model of ours', () => {
  it('is refused by a reader without other tokenizers when it needs one', async () => {
    const { model } = await readFixture('model2vec-int8');
    const { files } = await writeModel(model, label, sha256);
    const parts = {
      manifest: files.get('model.json'),
      tokenizer: files.get('tokenizer.json'),
      table: files.get('table.safetensors'),
    };
    await expect(readModel(parts, sha256)).rejects.toThrow(
      /tokenizer\.json is of the kind hugging-face; allowed: dejalu/,
    );
  });
});

/** The WordPiece fixture with some files changed. */
function changed(
  changes: Readonly<Record<string, Uint8Array | undefined>>,
  name = 'model2vec-mapped',
) {
  const files = filesBelow(fixture(name));
  for (const [path, bytes] of Object.entries(changes)) {
    if (bytes === undefined) files.delete(path);
    else files.set(path, bytes);
  }
  return files;
}

async function problem(files: ReadonlyMap<string, Uint8Array>, dims?: number): Promise<AppError> {
  const options = dims === undefined ? { sha256 } : { sha256, dims };
  const error = await readAnyModel(readFrom(files), options).then(
    () => new Error('the model was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const f32 = (shape: number[], bytes: Uint8Array) => ({ dtype: 'F32', shape, bytes });

describe('what is refused, with the file, the value and what is allowed', () => {
  const table = (rows: Uint8Array, shape: number[], more = {}) =>
    container({ embeddings: f32(shape, rows), ...more });
  const two = floats(1, 2, 3, 4);
  const pair = (numbers: readonly bigint[]) => ({
    dtype: 'I64',
    shape: [numbers.length],
    bytes: new Uint8Array(BigInt64Array.from(numbers).buffer),
  });

  it.each([
    ['no table', undefined, /model\.safetensors cannot be read; a model has model\.json, or/],
    ['a header of 10 GB', container({}, 10_000_000_000n), /10000000000 bytes; at most/],
    ['no tensor of a known name', container({ x: f32([1], floats(1)) }), /has the tensors x; allo/],
    ['a row that is no number', table(floats(1, 2, Number.NaN, 4), [2, 2]), /row 1 of .* has NaN/],
    ['an infinite row', table(floats(1, 2, 3, Infinity), [2, 2]), /row 1 of .* has Infinity/],
    ['a table of three dimensions', table(two, [2, 2, 1]), /F32 \[2,2,1\]; allowed: F32, F16, I8/],
    ['rows of no dimension', table(floats(), [2, 0]), /shape \[2,0\]; allowed: 1 to/],
    [
      'a mapping beyond the rows',
      table(two, [2, 2], { mapping: pair([0n, 2n]) }),
      /mapping of token 1 is 2; allowed: 0 to 1/,
    ],
    [
      'a negative mapping',
      table(two, [2, 2], { mapping: pair([0n, -1n]) }),
      /mapping of token 1 is -1/,
    ],
    [
      'a weight that is no number',
      table(two, [2, 2], { weights: f32([2], floats(1, Number.NaN)) }),
      /weight of token 1 is NaN/,
    ],
    [
      'too few weights',
      table(two, [2, 2], { weights: f32([1], floats(1)) }),
      /weights has 1 numbers; 2 tokens/,
    ],
    ['another number of tokens', table(two, [2, 2]), /tokenizer\.json: has \d+ tokens; .* has 2/],
  ])('%s', async (_name, bytes, message) => {
    const error = await problem(changed({ 'model.safetensors': bytes }));
    expect(error.message).toMatch(message);
    expect(error.details.file).toBeDefined();
  });

  it.each([0, 17, 1.5, Number.NaN])('%s of 16 dimensions', async (dims) => {
    const error = await problem(changed({}), dims);
    expect(error.message).toMatch(/cannot be cut to .*; allowed: 1 to 16/);
  });

  const original = JSON.parse(
    new TextDecoder().decode(filesBelow(fixture('model2vec-mapped')).get('tokenizer.json')),
  ) as Record<string, unknown>;
  const model = original.model as Record<string, unknown>;
  const vocabulary = model.vocab as Record<string, number>;
  const withModel = (change: Record<string, unknown>) =>
    json({ ...original, model: { ...model, ...change } });
  const text = JSON.stringify(original);
  const anEntry = /"(fox|the|page)":\d+/.exec(text)?.[0] ?? '';
  let nested: unknown = { type: 'NFC' };
  for (let i = 0; i < 6; i++) nested = { type: 'Sequence', normalizers: [nested] };
  const normalizer = (value: unknown) => json({ ...original, normalizer: value });
  const splitter = (Regex: string) =>
    json({
      ...original,
      pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Removed', invert: true },
    });
  it.each([
    ['no JSON', Uint8Array.of(0x7b, 0xff), /is not JSON in UTF-8/],
    ['JSON of no object', json([]), /the whole is a list of 0; allowed: an object/],
    [
      'lists 100,000 deep',
      new TextEncoder().encode(`{"model":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
      /not JSON|model is/,
    ],
    ['an unknown model', withModel({ type: 'Neural' }), /model\.type is "Neural"; allowed: "WordP/],
    ['an unknown normalizer', normalizer({ type: 'Eval' }), /normalizer\.type is "Eval"; allowed/],
    ['a normalizer without end', normalizer(nested), /nested more than 4 deep/],
    [
      'a thousand normalizers',
      normalizer({ type: 'Sequence', normalizers: new Array(1000).fill({ type: 'NFC' }) }),
      /more than 32 normalizers/,
    ],
    ['a pattern of exponential time', splitter('(a+)+$'), /Regex repeats a group/],
    ['a pattern that refers back', splitter('(a)\\1'), /Regex repeats a group or refers/],
    [
      'a splitter without progress',
      json({ ...original, pre_tokenizer: { type: 'FixedLength', length: 0 } }),
      /type is "FixedLength"/,
    ],
    [
      'two tokens of one id',
      withModel({ vocab: { ...vocabulary, another: 5 } }),
      /tokens ".*" and "another" share the id 5/,
    ],
    [
      'a token twice',
      new TextEncoder().encode(text.replace(anEntry, '"[PAD]":149')),
      /no token \d+; allowed: one for every id|share the id/,
    ],
    ['an id of a billion', withModel({ vocab: { a: 1e9 } }), /id of "a" is 1000000000; allowed/],
    ['an id that is no number', withModel({ vocab: { a: '1' } }), /id of "a" is "1"/],
    [
      'an unknown token it lacks',
      withModel({ unk_token: '<nope>' }),
      /unk_token is "<nope>", which/,
    ],
    ['endless words', withModel({ max_input_chars_per_word: 1e9 }), /allowed: 1 to 1000/],
    [
      'a token of a million characters',
      withModel({ vocab: { ['a'.repeat(1e6)]: 0, '[UNK]': 1 } }),
      /token 0 has 1000000 characters/,
    ],
    [
      'merges that are none',
      withModel({ type: 'BPE', merges: ['a'], continuing_subword_prefix: null }),
      /merges\[0\] is "a"; allowed: two tokens/,
    ],
    [
      'a Unigram list that is none',
      withModel({ type: 'Unigram', vocab: [['a', null]] }),
      /vocab\[0\] is a list of 2/,
    ],
  ])('a tokenizer with %s', async (_name, bytes, message) => {
    const error = await problem(changed({ 'tokenizer.json': bytes }));
    expect([error.code, error.details.file]).toEqual(['model-invalid', 'tokenizer.json']);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(600);
  });

  it.each(['../secret', '/etc', 'a/b', 'C:\\x', '..', '.hidden', 7])(
    'modules.json with the path %j',
    async (path) => {
      const modules = json([{ type: 'sentence_transformers.models.StaticEmbedding', path }]);
      const error = await problem(changed({ 'modules.json': modules }, 'sentence-transformers'));
      expect(error.message).toMatch(/path is .*; allowed: the name of a folder beside it/);
    },
  );

  it('a transformer', async () => {
    const modules = json([{ type: 'sentence_transformers.models.Transformer', path: '' }]);
    const error = await problem(changed({ 'modules.json': modules }, 'sentence-transformers'));
    expect(error.message).toMatch(/lists Transformer; allowed: StaticEmbedding, then Normalize/);
  });

  it('every truncation and every changed byte, or else reads a model of the same shape', async () => {
    const files = filesBelow(fixture('model2vec-int8'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('model.safetensors', 'tokenizer.json'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (path, place, change, isCut) => {
          const bytes = (files.get(path) as Uint8Array).slice();
          const at = place % bytes.length;
          bytes[at] = (bytes[at] as number) ^ change;
          const other = new Map(files).set(path, isCut ? bytes.slice(0, at) : bytes);
          const read = await readAnyModel(readFrom(other), { sha256 }).catch((error) => error);
          if (read instanceof Error) expect(read).toBeInstanceOf(AppError);
          else {
            expect(isCut).toBe(false);
            expect(embedExactly(read, 'the fox').every(Number.isFinite)).toBe(true);
          }
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe('tokens and their places', () => {
  it.each(kinds)('stay inside the text and in order, for any text (%s)', async (name) => {
    const { tokenizer } = (await readFixture(name)).model;
    const known = fc.constantFrom(
      'the fox ',
      'page, ',
      '읽은 ',
      '의미',
      'ﬁ',
      '\ud83e',
      '🦊',
      ' \n',
    );
    const texts = fc.array(fc.oneof(known, fc.string({ unit: 'binary', maxLength: 6 })));
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(text);
        expect([...ids]).toEqual([...tokenizer.encode(text)]);
        let last = 0;
        for (let t = 0; t < ids.length; t++) {
          expect(starts[t]).toBeGreaterThanOrEqual(last);
          expect(ends[t]).toBeGreaterThanOrEqual(starts[t] as number);
          expect(ends[t]).toBeLessThanOrEqual(text.length);
          last = starts[t] as number;
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('finds the words they come from', async () => {
    const { tokenizer } = (await readFixture('model2vec-mapped')).model;
    const text = 'The FOX read, again';
    const { starts, ends } = tokenizer.encodeWithOffsets(text);
    const words = [...starts].map((start, t) => text.slice(start, ends[t]));
    expect(words.join('')).toBe('TheFOXread,again');
  });
});

describe('floatOfHalf', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x0001, 2 ** -24],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, Number.NaN],
  ])('of %i is %d', (half, value) => {
    expect(floatOfHalf(half)).toBe(value);
  });
});
