import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanVocabulary } from './vocabulary-scan.ts';

const token = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string(), fc.constant('##quo"te\\'));

describe('scanning the vocabulary of a tokenizer.json', () => {
  it('finds the tokens and leaves the rest, however the file is written', () => {
    const files = fc.tuple(
      fc.uniqueArray(token, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(0, 2, '\t'),
      fc.boolean(),
    );
    fc.assert(
      fc.property(files, ([tokens, space, isTurned]) => {
        const pairs = tokens.map((each, id) => [each, id] as const);
        // Names that are numbers come first in an object, whatever order they were given in.
        const vocab = Object.fromEntries(isTurned ? [...pairs].reverse() : pairs);
        const file = { before: [1, { a: 'vocabulary' }], model: { vocab, type: 'WordPiece' } };
        const text = JSON.stringify(file, null, space);
        fc.pre(text.split('"vocab"').length === 2);
        const found = scanVocabulary(text, tokens.length);
        expect(found?.tokens).toEqual(tokens);
        expect(JSON.parse(found?.rest ?? '')).toEqual({
          ...file,
          model: { ...file.model, vocab: {} },
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([
    ['no vocabulary', '{"model": {}}'],
    ['another number of tokens', '{"vocab": {"a": 0}}'],
    ['an id twice', '{"vocab": {"a": 0, "b": 0}}'],
    ['a token twice', '{"vocab": {"a": 0, "a": 1}}'],
    ['an id beyond', '{"vocab": {"a": 0, "b": 2}}'],
    ['an id that is no whole number', '{"vocab": {"a": 0, "b": 1.5}}'],
    ['an id with a zero before it', '{"vocab": {"a": 0, "b": 01}}'],
    ['a line break in a token', '{"vocab": {"a": 0, "b\n": 1}}'],
    ['a token that does not end', '{"vocab": {"a": 0, "b'],
    ['an escape that is none', '{"vocab": {"a": 0, "\\x": 1}}'],
    ['two vocabularies', '{"vocab": {"a": 0, "b": 1}, "x": {"vocab": {}}}'],
  ])('leaves a file with %s to JSON.parse', (_, text) => {
    expect(scanVocabulary(text, 2)).toBeNull();
  });
});
