import fc from 'fast-check';
import { AppError } from '../core/errors.ts';
import type { PageOrdinal } from '../core/ids.ts';
import { LexicalIndex, type QueryTerm } from '../core/index/lexical-index.ts';
import type { PageTerms } from '../core/index/page-terms.ts';
import { PostingsWriter } from '../core/index/postings.ts';
import { ReferenceTermKernel } from '../core/index/reference-term-kernel.ts';
import type { PostingGroup, ScoredPart, ScoreRequest } from '../core/index/term-kernel.ts';
import { packSegment, TermSegment } from '../core/index/term-segment.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { expectSame, type KernelProperty } from './fuzz.test-tools.ts';
import { WasmTermKernel } from './term-kernel.ts';

type Found = Pick<ReturnType<LexicalIndex['search']>, 'pages' | 'scores'>;

function expectSamePages(found: Found, expected: Found): void {
  expectSame(found.pages, expected.pages, 'pages');
  expectSame(found.scores, expected.scores, 'scores');
}

/** Up to the numbers that need three bytes, and beyond the counts that there are. */
const counts = fc.oneof(
  { weight: 20, arbitrary: fc.constant(1) },
  { weight: 20, arbitrary: fc.integer({ min: 2, max: 200 }) },
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 65_535 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 65_536, 0xffff_ffff) },
);

/** Postings of a part of so many pages; seldom what cannot be such. */
function fuzzPostings(localCount: number): fc.Arbitrary<Uint8Array> {
  const whole = fc
    .array(fc.tuple(fc.nat({ max: Math.max(0, localCount - 1) }), counts))
    .map((list) => {
      const postings = new PostingsWriter();
      const byLocal = new Map(localCount === 0 ? [] : list);
      for (const local of [...byLocal.keys()].sort((a, b) => a - b)) {
        postings.add(local, byLocal.get(local) ?? 1);
      }
      return postings.writer.finish();
    });
  const damaged = fc
    .tuple(whole, fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 3 }))
    .map(([bytes, place, byte, cut]) => {
      if (bytes.length > 0) bytes[place % bytes.length] = byte;
      return bytes.subarray(0, bytes.length - Math.min(cut, bytes.length));
    });
  /** Of the page behind the last. */
  const beyond = counts.map((count) => {
    const postings = new PostingsWriter();
    postings.add(localCount, count);
    return postings.writer.finish();
  });
  return fc.oneof(
    { weight: 60, arbitrary: whole },
    { weight: 1, arbitrary: beyond },
    { weight: 1, arbitrary: damaged },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
  );
}

/** Some that are nothing in single precision, and some that are beyond it. */
const weights = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 1e-6, max: 20, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(5e-324, 1e-45, 1e-40, 1e37, 1e300) },
);

const requests: fc.Arbitrary<ScoreRequest> = fc
  .record({
    termCount: fc.nat({ max: 4 }),
    localCounts: fc.array(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 700 })), { maxLength: 4 }),
    seed: fc.nat(),
    saturation: fc.double({ min: 1, max: 3, noNaN: true }),
    base: fc.constantFrom(0, 0.3, 0.54, 1.7),
    slope: fc.constantFrom(0, 1e-4, 0.001, 0.36),
    mask: fc.option(fc.nat(), { nil: undefined }),
  })
  .chain(({ termCount, localCounts, seed, mask: masked, ...formula }) => {
    const next = mulberry32(seed);
    const total = localCounts.reduce((sum, count) => sum + count, 0);
    // Pages in any order, some removed, and some elsewhere.
    const pageLimit = total + (seed % 70);
    const free = Array.from({ length: pageLimit }, (_, page) => ({ page, key: next() }));
    free.sort((a, b) => a.key - b.key);
    const mask =
      masked === undefined
        ? undefined
        : Uint8Array.from({ length: masked % (pageLimit + 1) }, () => next() % 3);
    const parts = localCounts.map((localCount) => {
      const lengths = Uint32Array.from({ length: localCount + (seed % 3) }, () => next() % 5_000);
      const ordinals = Int32Array.from(lengths, (_, local) =>
        next() % 8 === 0 || local >= localCount ? -1 : (free.pop()?.page ?? -1),
      );
      const group: fc.Arbitrary<PostingGroup> = fc.record({
        weight: weights,
        lists: fc.array(fuzzPostings(localCount), { minLength: 1, maxLength: 3 }),
      });
      const groups = fc.oneof(
        fc
          .tuple(weights, fuzzPostings(localCount))
          .map(([weight, list]) => [{ weight, lists: [list] }]),
        fc.array(group, { maxLength: 2 }),
      );
      return fc
        .array(groups, { minLength: termCount, maxLength: termCount })
        .map((terms): ScoredPart => ({ lengths, ordinals, localCount, terms }));
    });
    return fc
      .tuple(...parts)
      .map((all): ScoreRequest => ({ parts: all, termCount, ...formula, pageLimit, mask }));
  });

/** What a kernel makes of a request; null where it takes the postings for damaged. */
function scored<T>(score: () => T): T | null {
  try {
    return score();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'storage-corrupt') return null;
    throw thrown;
  }
}

const requestProperty: KernelProperty = {
  kernel: 'terms',
  name: 'for any parts and postings, damaged ones among them',
  check(variant, seed) {
    // The same throughout: what one request left must not be met by the next.
    const wasm = new WasmTermKernel(variant);
    const reference = new ReferenceTermKernel();
    let refused = 0;
    let answered = 0;
    fc.assert(
      fc.property(requests, (request) => {
        const expected = scored(() => reference.score(request));
        const found = scored(() => wasm.score(request));
        if (expected === null || found === null) {
          if (expected !== found) throw new Error(`One of them refused: ${expected ?? found}`);
          refused++;
          return;
        }
        answered++;
        expectSamePages(found, expected);
        const sums = ({ sum, squares }: typeof found) => Float64Array.of(sum, squares);
        expectSame(sums(found), sums(expected), 'sums');
        for (const [term, met] of expected.met.entries()) {
          const bits = (set = met) =>
            Uint8Array.from({ length: request.pageLimit + 40 }, (_, page) =>
              set.has(page as PageOrdinal) ? 1 : 0,
            );
          expectSame(bits(found.met[term]), bits(), `pages of term ${term}`);
        }
      }),
      { seed, numRuns: 1_500 },
    );
    if (refused < 50 || answered < 500) throw new Error(`${refused} refused, ${answered} answered`);
  },
};

/** Words that begin alike, are one letter apart, and are of any script. */
const words = fc.constantFrom(
  'apple',
  'apples',
  'aple',
  'bee',
  'beehive',
  '벌',
  '벌집',
  'пчела',
  'x1',
);
const pages = fc.array(fc.array(words, { maxLength: 12 }), { maxLength: 30 });
const queries = fc.uniqueArray(
  fc.oneof(
    words.map((term): QueryTerm => ({ term, weight: 1 })),
    fc
      .tuple(words, fc.integer({ min: 1, max: 5 }), fc.constantFrom(0.5, 1))
      .map(([word, typed, weight]): QueryTerm => {
        const prefix = word.slice(0, typed);
        return { term: prefix, weight, prefix };
      }),
    fc.constantFrom('appel', 'beehvie', 'none').map((term): QueryTerm => ({ term, weight: 1 })),
  ),
  { maxLength: 4, selector: ({ term }) => term },
);

function termsOf(list: readonly string[]): PageTerms {
  const terms = [...new Set(list)].sort((a, b) => (a < b ? -1 : 1));
  const counted = terms.map((term) => list.filter((word) => word === term).length);
  return { terms, counts: Uint16Array.from(counted), length: list.length };
}

const indexProperty: KernelProperty = {
  kernel: 'terms',
  name: 'in an index of segments and a tail, some pages of it removed',
  check(variant, seed) {
    const segments = fc.array(pages, { maxLength: 3 });
    fc.assert(
      fc.property(segments, pages, queries, fc.nat(), (packed, added, query, own) => {
        const next = mulberry32(own);
        const both = [new WasmTermKernel(variant), new ReferenceTermKernel()].map(
          (kernel) => new LexicalIndex(kernel),
        ) as [LexicalIndex, LexicalIndex];
        let limit = 0;
        for (const list of packed) {
          const bytes = packSegment(list.map(termsOf));
          const ordinals = Int32Array.from(list, () => limit++);
          for (const index of both) index.addSegment(new TermSegment(bytes), ordinals.slice());
        }
        for (const list of added) {
          for (const index of both) index.addPage(limit as PageOrdinal, termsOf(list));
          limit++;
        }
        for (let page = 0; page < limit; page++) {
          if (next() % 5 > 0) continue;
          for (const index of both) index.removePage(page as PageOrdinal);
        }
        const masks = [undefined, Uint8Array.from({ length: limit }, () => next() & 1)];
        for (const mask of masks) {
          const [found, expected] = both.map((index) => index.search(query, mask));
          if (found === undefined || expected === undefined) return;
          expectSamePages(found, expected);
          const background = ({ mean, deviation }: typeof found) =>
            Float64Array.of(mean, deviation);
          expectSame(background(found), background(expected), 'mean and deviation');
          for (const [place, { pages: met }] of expected.matches.entries()) {
            for (let page = 0; page < limit; page++) {
              const ordinal = page as PageOrdinal;
              if (found.matches[place]?.pages.has(ordinal) === met.has(ordinal)) continue;
              throw new Error(`Page ${page} has ${query[place]?.term} for one of them only.`);
            }
          }
        }
      }),
      { seed, numRuns: 500 },
    );
  },
};

export const termProperties: readonly KernelProperty[] = [requestProperty, indexProperty];
