import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzIds, plainModel } from '../../kernels/fuzz.test-tools.ts';
import { createEncoder } from '../model/encoder.ts';
import { bagsOf, idsOfTexts, readBags } from './page-tokens.ts';

// Up to 20 ids outside the table, and texts without tokens.
const texts = fc.tuple(fuzzIds(12), fc.array(fuzzIds(90), { maxLength: 9 }));

describe('tokens of a page as a bag', () => {
  it('are the same tokens, in order of their ids', () => {
    const encoder = createEncoder(plainModel(8, 5));
    fc.assert(
      fc.property(texts, ([title, passages]) => {
        const bags = bagsOf(encoder, [title, ...passages]);
        const sorted = [title, ...passages].map((list) => list.slice().sort());
        const found = idsOfTexts(bags);
        expect([found.title, ...found.passages]).toEqual(sorted);
        expect(readBags(bags).texts.map(({ length }) => length)).toEqual(
          [title, ...passages].map((list, text) =>
            Math.fround(encoder.length(text === 0 ? [title] : [title, list])),
          ),
        );
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
