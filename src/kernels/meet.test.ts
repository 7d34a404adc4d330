import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEncoder } from '../core/model/encoder.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { packedTable, tokenTable } from '../core/model/token-table.ts';
import { createTokenizer } from '../core/model/tokenizer.ts';
import { bagsOf, idsOfTexts, readBags } from '../core/search/page-tokens.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import type { Meeting } from '../core/search/similarity-kernel.ts';
import { WasmSimilarityKernel } from './similarity-kernel.ts';
import { TableMemory } from './table-memory.ts';

const next = mulberry32(5);
const tokenizer = createTokenizer({ tokens: ['[UNK]', 'a'], unknownId: 0, maxWordChars: 24 });

function modelOf(dims: number, tokens = 300) {
  const rows = Int8Array.from({ length: dims * tokens }, () => (next() % 255) - 127);
  rows.fill(0, 5 * dims, 6 * dims); // a token without a vector
  const scales = Float32Array.from({ length: tokens }, () => next() / 2 ** 31 - 1);
  const code = { bits: 512, rounds: 3, seed: 7 } as const;
  return { tokenizer, table: tokenTable(dims, rows, scales), code };
}

/** A table of four bits; every other row has the largest values there are. */
function packedModelOf(dims: number, tokens = 300) {
  const packed = Uint8Array.from({ length: (dims / 2) * tokens }, (_, i) =>
    Math.floor((2 * i) / dims) % 2 === 0 ? next() & 255 : (next() & 1) * 255,
  );
  const scales = Float32Array.from({ length: tokens }, () => next() / 2 ** 31 - 1);
  const code = { bits: 512, rounds: 3, seed: 7 } as const;
  return { tokenizer, table: packedTable(dims, packed, scales), code };
}

// Up to 20 ids outside the table, and texts without tokens.
const ids = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 319 }), { maxLength }).map((list) => Uint32Array.from(list));
const texts = fc.tuple(ids(12), fc.array(ids(90), { maxLength: 9 }));

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, scale = 1): void {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < found.length; i++) {
    worst = Math.max(worst, Math.abs((found[i] as number) - (expected[i] as number)));
  }
  expect(worst).toBeLessThanOrEqual(1e-6 * scale);
}

/** The cosine of each passage with the unit vector, as rescoring takes it. */
function cosinesOf({ sums, lengths }: Meeting): number[] {
  return [...sums.subarray(1)].map((sum, passage) => {
    const length = lengths[passage + 1] as number;
    return length > 0 ? ((sums[0] as number) + sum) / length : 0;
  });
}

describe('tokens of a page as a bag', () => {
  it('are the same tokens, in order of their ids', () => {
    const encoder = createEncoder(modelOf(8));
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

describe('a query that meets pages', () => {
  it.each([
    [7, modelOf, 'plain'],
    [64, modelOf, 'plain'],
    [384, modelOf, 'plain'],
    [384, modelOf, 'relaxed'],
    [64, packedModelOf, 'plain'],
    [64, packedModelOf, 'relaxed'],
    [384, packedModelOf, 'relaxed'],
    [1024, packedModelOf, 'relaxed'],
    [1056, packedModelOf, 'relaxed'],
  ] as const)(
    'meets in WebAssembly what it meets in the reference, %i dims',
    (dims, make, variant) => {
      const model = make(dims);
      const encoder = createEncoder(model);
      const wasm = new WasmSimilarityKernel(model, new TableMemory(model, variant));
      const reference = new ReferenceSimilarityKernel(model.table);
      fc.assert(
        fc.property(ids(40), fc.array(texts, { maxLength: 4 }), (query, lists) => {
          const unit = encoder.embed(query);
          const pages = lists.map(([title, passages]) => bagsOf(encoder, [title, ...passages]));
          const found = wasm.meet(query, unit, pages);
          const expected = reference.meet(query, unit, pages);
          expect(found.length).toBe(pages.length);
          found.forEach((meeting, place) => {
            const own = expected[place] as Meeting;
            expectNear(meeting.best, own.best);
            expect(meeting.lengths).toEqual(own.lengths);
            expect(meeting.sizes).toEqual(own.sizes);
            const [title, passages] = lists[place] as [Uint32Array, Uint32Array[]];
            const cosines = passages.map((list) => encoder.cosine(unit, [title, list]));
            expectNear(cosinesOf(meeting), cosines);
            expectNear(cosinesOf(own), cosines);
          });
        }),
        { seed: 2, numRuns: 60 },
      );
    },
  );

  it('meets a page that is larger than the memory has room for', () => {
    const model = modelOf(16, 20_000);
    const encoder = createEncoder(model);
    const passages = Array.from({ length: 4_200 }, (_, i) => Uint32Array.of(i, 4 * i));
    const page = bagsOf(encoder, [Uint32Array.of(3), ...passages]);
    const query = Uint32Array.of(3, 8_000);
    const unit = encoder.embed(query);
    const [found] = new WasmSimilarityKernel(model).meet(query, unit, [page]);
    const [expected] = new ReferenceSimilarityKernel(model.table).meet(query, unit, [page]);
    expectNear((found as Meeting).best, (expected as Meeting).best);
    expect((found as Meeting).sums.length).toBe(4_201);
  });
});
