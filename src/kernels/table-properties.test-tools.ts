import fc from 'fast-check';
import { fuzzWords } from '../../eval/support/fuzz-text.ts';
import { createEncoder } from '../core/model/encoder.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { packedTable, tokenTable } from '../core/model/token-table.ts';
import type { EncoderModel } from '../core/model/types.ts';
import { bagsOf } from '../core/search/page-tokens.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import type { Meeting } from '../core/search/similarity-kernel.ts';
import { WasmEncoder } from './encoder.ts';
import {
  codeRecipe,
  expectNear,
  expectSame,
  fuzzIds,
  type KernelProperty,
  knownWords,
  packedModel,
  plainModel,
  smallTokenizer,
} from './fuzz.test-tools.ts';
import type { KernelVariant } from './kernels-module.ts';
import { WasmSimilarityKernel } from './similarity-kernel.ts';
import { TableMemory } from './table-memory.ts';

type MakeModel = (dims: number, seed: number, tokens?: number) => EncoderModel;

/** The kernel over a made table and its reference. */
function similaritiesOf(model: EncoderModel, variant: KernelVariant) {
  return {
    wasm: new WasmSimilarityKernel(model, new TableMemory(model, variant)),
    reference: new ReferenceSimilarityKernel(model.table),
  };
}

function lateProperty(dims: number, bits: 4 | 8): KernelProperty {
  const make: MakeModel = bits === 4 ? packedModel : plainModel;
  return {
    kernel: 'late',
    name: `${dims} dims of ${bits} bits`,
    check(variant, seed) {
      const { wasm, reference } = similaritiesOf(make(dims, seed), variant);
      fc.assert(
        fc.property(fuzzIds(30), fuzzIds(600), (query, tokens) => {
          const expected = reference.cosines(query, tokens);
          expectNear(wasm.cosines(query, tokens), expected, 'cosines');
        }),
        { seed, numRuns: 40 },
      );
      const text = fuzzIds(100).map((ids) =>
        ids.length % 2 === 0 ? Uint16Array.from(ids) : Uint32Array.from(ids),
      );
      fc.assert(
        fc.property(fuzzIds(40), fc.array(text, { maxLength: 12 }), (query, texts) => {
          const expected = reference.nearest(query, texts);
          expectNear(wasm.nearest(query, texts), expected, 'best cosines');
        }),
        { seed, numRuns: 60 },
      );
    },
  };
}

/** The cosine of each passage with the unit vector, as rescoring takes it. */
function cosinesOf({ sums, lengths }: Meeting): number[] {
  return [...sums.subarray(1)].map((sum, passage) => {
    const length = lengths[passage + 1] as number;
    return length > 0 ? ((sums[0] as number) + sum) / length : 0;
  });
}

function meetProperty(dims: number, bits: 4 | 8): KernelProperty {
  const make: MakeModel = bits === 4 ? packedModel : plainModel;
  return {
    kernel: 'meet',
    name: `${dims} dims of ${bits} bits`,
    check(variant, seed) {
      const model = make(dims, seed);
      const { wasm, reference } = similaritiesOf(model, variant);
      const encoder = createEncoder(model);
      // Texts without tokens too: the title, then the passages.
      const texts = fc.tuple(fuzzIds(12), fc.array(fuzzIds(90), { maxLength: 9 }));
      // The vector is the query's mean, or one that an example has moved.
      const moved = fc.option(fuzzIds(9), { nil: undefined });
      fc.assert(
        fc.property(fuzzIds(40), moved, fc.array(texts, { maxLength: 4 }), (query, by, lists) => {
          const unit = encoder.embed(by ?? query);
          const pages = lists.map(([title, passages]) => bagsOf(encoder, [title, ...passages]));
          const found = wasm.meet(query, unit, pages);
          const expected = reference.meet(query, unit, pages);
          for (const [place, [title, passages]] of lists.entries()) {
            const [meeting, own] = [found[place] as Meeting, expected[place] as Meeting];
            expectNear(meeting.best, own.best, 'best cosines');
            expectSame(meeting.lengths, own.lengths, 'lengths');
            expectSame(meeting.sizes, own.sizes, 'sizes');
            const cosines = passages.map((list) => encoder.cosine(unit, [title, list]));
            expectNear(cosinesOf(meeting), cosines, 'exact cosines');
            expectNear(cosinesOf(own), cosines, "the reference's exact cosines");
          }
        }),
        { seed, numRuns: 60 },
      );
    },
  };
}

/** Expects that the kernel encodes as another model with the same values does. */
function checkEncoder(model: EncoderModel, variant: KernelVariant, seed: number): void {
  const wasm = new WasmEncoder(model, new TableMemory(model, variant));
  const reference = createEncoder(model);
  fc.assert(
    fc.property(fuzzIds(200), (tokens) => {
      const embedding = wasm.embed(tokens);
      expectSame(embedding, reference.embed(tokens), 'embedding');
      expectSame(wasm.rotate(embedding), reference.rotate(embedding), 'rotated');
      expectSame(wasm.code(embedding), reference.code(embedding), 'code');
      const parts = [tokens.subarray(0, 9), Uint16Array.from(tokens.subarray(9))];
      const length = reference.length(parts);
      expectNear([wasm.length(parts)], [length], 'length', 1e-9 * length);
    }),
    { seed, numRuns: 50 },
  );
  fc.assert(
    fc.property(fuzzWords(knownWords), (text) => {
      expectSame(wasm.codeOf(text), reference.codeOf(text), 'code of a text');
    }),
    { seed, numRuns: 50 },
  );
}

const encoderProperty = (dims: number): KernelProperty => ({
  kernel: 'encoder',
  name: `${dims} dims`,
  check: (variant, seed) => checkEncoder(plainModel(dims, seed), variant, seed),
});

const cosineProperty = (dims: number): KernelProperty => ({
  kernel: 'cosine',
  name: `${dims} dims`,
  check(variant, seed) {
    const model = plainModel(dims, seed);
    const wasm = new WasmEncoder(model, new TableMemory(model, variant));
    const reference = createEncoder(model);
    fc.assert(
      fc.property(fuzzIds(90), fuzzIds(9), fuzzIds(120), (query, title, passage) => {
        const unit = reference.embed(query);
        const parts = [title, Uint16Array.from(passage)];
        expectNear([wasm.cosine(unit, parts)], [reference.cosine(unit, parts)], 'cosine');
      }),
      { seed, numRuns: 100 },
    );
  },
});

/** Four-bit rows of whole words of 16 bits and of odd bytes, with and without filling up. */
const packedProperty = (dims: number, offset: number): KernelProperty => ({
  kernel: 'encoder',
  name: `${dims} dims of 4 bits that begin at byte ${offset}`,
  check(variant, seed) {
    const next = mulberry32(seed);
    const tokens = 300;
    const file = Uint8Array.from({ length: offset + (tokens * dims) / 2 }, () => next() & 255);
    const packed = file.subarray(offset);
    const scales = Float32Array.from({ length: tokens }, () => next() / 2 ** 31 - 1);
    const rows = Int8Array.from(
      { length: tokens * dims },
      (_, i) => (((packed[i >> 1] as number) >> (4 * (i & 1))) & 15) - 8,
    );
    const expected = tokenTable(dims, rows, scales);
    const table = packedTable(dims, packed, scales);
    expectSame(table.norms, expected.norms, 'norms');
    expectSame(table.rows, rows, 'values');
    const model = { tokenizer: smallTokenizer, table, code: codeRecipe };
    checkEncoder(model, variant, seed);
    const spread = createEncoder({ ...model, table: expected });
    const ids = Uint32Array.from({ length: 90 }, () => next() % (tokens + 9));
    const wasm = new WasmEncoder(model, new TableMemory(model, variant));
    expectSame(wasm.embed(ids), spread.embed(ids), 'embedding of the spread table');
  },
});

const fuzzTitle = Uint32Array.of(1, 2, 2);

const longTexts: readonly KernelProperty[] = [
  {
    kernel: 'encoder',
    name: 'a text of a million tokens',
    check(variant, seed) {
      const next = mulberry32(seed);
      const model = plainModel(16, seed);
      const tokens = Uint32Array.from({ length: 1_000_000 }, () => next() % 300);
      const wasm = new WasmEncoder(model, new TableMemory(model, variant));
      expectSame(wasm.embed(tokens), createEncoder(model).embed(tokens), 'embedding');
    },
  },
  {
    kernel: 'late',
    name: 'a text of many slices, and one without tokens',
    check(variant, seed) {
      const { wasm, reference } = similaritiesOf(plainModel(16, seed), variant);
      const long = Uint32Array.from({ length: 20_000 }, () => 5);
      long[13_000] = 9;
      const texts = [new Uint16Array(0), long];
      const best = wasm.nearest(Uint32Array.of(9, 8), texts);
      expectNear(best, reference.nearest(Uint32Array.of(9, 8), texts), 'best cosines');
      expectNear(best.subarray(0, 3), [-1, -1, 1], 'known cosines', 1e-5);
    },
  },
  {
    kernel: 'meet',
    name: 'the same query again, other calls between',
    check(variant, seed) {
      for (const model of [plainModel(64, seed), packedModel(64, seed)]) {
        const { wasm } = similaritiesOf(model, variant);
        const encoder = createEncoder(model);
        const text = fc.array(fuzzIds(30), { minLength: 1, maxLength: 4 });
        const between = fc.constantFrom('nothing', 'cosines', 'nearest', 'moved', 'often', 'other');
        fc.assert(
          fc.property(fuzzIds(12), fuzzIds(20), text, between, (query, ids, passages, what) => {
            const unit = encoder.embed(query);
            const page = bagsOf(encoder, [fuzzTitle, ...passages]);
            const meet = (one: WasmSimilarityKernel) => one.meet(query, unit, [page])[0] as Meeting;
            // With some of the page's tokens, so that others are met between or afterwards.
            wasm.meet(query, unit, [bagsOf(encoder, [fuzzTitle, ids])]);
            const different = Uint32Array.from(new Set(query));
            if (what === 'cosines') wasm.cosines(different, passages[0] ?? fuzzTitle);
            if (what === 'nearest') wasm.nearest(different, passages);
            if (what === 'moved') wasm.meet(query, encoder.embed(ids), [page]);
            const often = Uint32Array.of(...query, ...query.subarray(0, 1));
            if (what === 'often') wasm.meet(often, encoder.embed(often), [page]);
            if (what === 'other') wasm.meet(ids, encoder.embed(ids), [page]);
            const found = meet(wasm);
            const fresh = meet(similaritiesOf(model, variant).wasm);
            expectSame(found.best, fresh.best, 'best cosines');
            expectSame(found.sums, fresh.sums, 'sums');
          }),
          { seed, numRuns: 60 },
        );
      }
    },
  },
  {
    kernel: 'meet',
    name: 'a page that is larger than the memory has room for',
    check(variant, seed) {
      const model = plainModel(16, seed, 20_000);
      const { wasm, reference } = similaritiesOf(model, variant);
      const encoder = createEncoder(model);
      const passages = Array.from({ length: 4_200 }, (_, i) => Uint32Array.of(i, 4 * i));
      const page = bagsOf(encoder, [Uint32Array.of(3), ...passages]);
      const query = Uint32Array.of(3, 8_000);
      const unit = encoder.embed(query);
      const [found] = wasm.meet(query, unit, [page]);
      const [expected] = reference.meet(query, unit, [page]);
      expectNear((found as Meeting).best, (expected as Meeting).best, 'best cosines');
      expectNear((found as Meeting).sums, (expected as Meeting).sums, 'sums');
    },
  },
];

export const tableProperties: readonly KernelProperty[] = [
  ...[7, 8, 30, 256, 384].map((dims) => lateProperty(dims, 8)),
  ...[64, 384, 1024, 1056].map((dims) => lateProperty(dims, 4)),
  ...[7, 64, 384].map((dims) => meetProperty(dims, 8)),
  ...[64, 384, 1024, 1056].map((dims) => meetProperty(dims, 4)),
  ...[7, 64, 256, 384, 512, 1000].map(encoderProperty),
  ...[7, 256, 384].map(cosineProperty),
  ...(
    [
      [384, 0],
      [384, 1],
      [64, 0],
      [10, 0],
      [6, 1],
    ] as const
  ).map(([dims, offset]) => packedProperty(dims, offset)),
  ...longTexts,
];
