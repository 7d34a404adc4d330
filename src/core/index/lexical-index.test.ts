import fc from 'fast-check';
import okapi from 'okapibm25';
import { describe, expect, it } from 'vitest';
import type { PageOrdinal } from '../ids.ts';
import { LexicalIndex, type LexicalScores, type QueryTerm } from './lexical-index.ts';
import { decodePageTerms, encodePageTerms, type PageTerms } from './page-terms.ts';
import { PostingList } from './postings.ts';
import { mergeSegments, packSegment, packSlowly, TermSegment } from './term-segment.ts';
import { oneEditVariants } from './term-variants.ts';

const page = (ordinal: number) => ordinal as PageOrdinal;

function termsOf(words: readonly string[]): PageTerms {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const terms = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
  return {
    terms,
    counts: Uint16Array.from(terms, (term) => counts.get(term)!),
    length: words.length,
  };
}

/** The same segment with its postings in memory, and with them elsewhere. */
function bothWays(bytes: Uint8Array): readonly TermSegment[] {
  const elsewhere = bytes.slice();
  const given = bytes.slice();
  const later = new TermSegment(given, (at, size) => elsewhere.slice(at, at + size));
  // Nothing of what was given is looked at any more.
  given.fill(255);
  return [new TermSegment(bytes), later];
}

const ask = (...terms: string[]): QueryTerm[] => terms.map((term) => ({ term, weight: 1 }));
const scoresOf = ({ pages, scores }: LexicalScores) =>
  new Map([...pages].map((one, i) => [one, scores[i]!]));

// No word is a part of another: the published implementation counts parts of words too, and it
// knows no letter outside ASCII. That other scripts score alike is a test of its own.
const word = fc.constantFrom('apple', 'bee', 'cat', 'dog', 'fog', 'hut', 'x1');
const constants = fc.constantFrom({ k1: 0.9, b: 0.4 }, { k1: 1.2, b: 0.75 }, { k1: 2, b: 1 });
const collection = fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 20,
});

describe('LexicalIndex', () => {
  it('scores as a published implementation does, from the tail and from segments alike', () => {
    fc.assert(
      fc.property(
        collection,
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        fc.nat(20),
        constants,
        (pages, query, packed, options) => {
          const index = new LexicalIndex(undefined, options);
          const first = pages.slice(0, packed);
          if (first.length > 0) {
            index.addSegment(
              new TermSegment(packSegment(first.map(termsOf))),
              Int32Array.from(first.keys()),
            );
          }
          pages.slice(packed).forEach((words, i) => {
            index.addPage(page(first.length + i), termsOf(words));
          });
          const found = scoresOf(index.search(ask(...query)));
          const texts = pages.map((words) => words.join(' '));
          const scores = okapi(texts, query, options) as number[];
          scores.forEach((score, at) => {
            expect(found.get(at) ?? 0).toBeCloseTo(score, 4);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('scores words of any script as it does words of ASCII', () => {
    const other = new Map([
      ['apple', '전기'],
      ['bee', 'éa'],
      ['cat', 'пчела'],
      ['dog', '蜂'],
    ]);
    const translated = (words: readonly string[]) => words.map((one) => other.get(one) ?? one);
    fc.assert(
      fc.property(
        collection,
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        (pages, query) => {
          const scores = [pages, pages.map(translated)].map((texts, i) => {
            const index = new LexicalIndex();
            texts.forEach((words, at) => {
              index.addPage(page(at), termsOf(words));
            });
            return scoresOf(index.search(ask(...(i === 0 ? query : translated(query)))));
          });
          expect(scores[1]).toEqual(scores[0]);
        },
      ),
    );
  });

  it('never gives back a removed page, and forgets it in the background', () => {
    const index = new LexicalIndex();
    index.addSegment(
      new TermSegment(packSegment([termsOf(['cat']), termsOf(['cat', 'dog'])])),
      Int32Array.of(0, 1),
    );
    index.addPage(page(2), termsOf(['cat']));
    expect(index.removePage(page(1))).toBe(true);
    expect(index.removePage(page(1))).toBe(false);
    index.removePage(page(2));
    expect([...scoresOf(index.search(ask('cat', 'dog'))).keys()]).toEqual([0]);
    const seen: number[] = [];
    index.pagesWith('cat', (one) => seen.push(one));
    expect(seen).toEqual([0]);
    expect(index.pageCount).toBe(1);
  });

  it('replaces a page of the tail when its segment arrives', () => {
    const index = new LexicalIndex();
    index.addPage(page(0), termsOf(['old']));
    index.addSegment(new TermSegment(packSegment([termsOf(['new'])])), Int32Array.of(0));
    expect(index.tailPageCount).toBe(0);
    expect(index.search(ask('old')).pages.length).toBe(0);
    expect([...index.search(ask('new')).pages]).toEqual([0]);
  });

  it('meets a word that is still being typed, less than the whole word', () => {
    const index = new LexicalIndex();
    index.addPage(page(0), termsOf(['leather', 'x']));
    index.addPage(page(1), termsOf(['leath', 'x']));
    index.addPage(page(2), termsOf(['lemon', 'x']));
    const found = scoresOf(index.search([{ term: 'leath', weight: 1, prefix: 'leath' }]));
    expect([...found.keys()].sort()).toEqual([0, 1]);
    expect(found.get(1)!).toBeGreaterThan(found.get(0)!);
  });

  it('forgives one edit in a word that nothing else meets', () => {
    const index = new LexicalIndex();
    index.addPage(page(0), termsOf(['glucose']));
    index.addPage(page(1), termsOf(['frog']));
    for (const typo of ['glcuose', 'gluose', 'glucosse', 'glukose']) {
      expect([...index.search(ask(typo)).pages], typo).toEqual([0]);
    }
    expect(index.search(ask('frot')).matches[0]!.expansions).toEqual(['frog']);
    expect(index.search(ask('fro')).pages.length).toBe(0);
  });

  it('leaves out what the mask does not accept and keeps the background', () => {
    const index = new LexicalIndex();
    index.addPage(page(0), termsOf(['cat']));
    index.addPage(page(1), termsOf(['cat']));
    const all = index.search(ask('cat'));
    const some = index.search(ask('cat'), Uint8Array.of(0, 1));
    expect([...some.pages]).toEqual([1]);
    expect(some.mean).toBe(all.mean);
  });
});

describe('stored terms', () => {
  const anyTerms = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 9 }), {
    maxLength: 40,
  });

  it('come back as they were, and damage is told', () => {
    fc.assert(
      fc.property(anyTerms, fc.nat(60_000), (words, count) => {
        const terms = { ...termsOf(words), length: count };
        const bytes = encodePageTerms(terms);
        expect(decodePageTerms(bytes)).toEqual(terms);
        expect(() => decodePageTerms(bytes.subarray(0, bytes.length - 1))).toThrow(/damaged/);
      }),
    );
    expect(() => decodePageTerms(Uint8Array.of(9, 0, 0))).toThrow(/format 9/);
  });

  it('are found in a segment by name and by prefix', () => {
    fc.assert(
      fc.property(fc.array(anyTerms, { maxLength: 6 }), (pages) => {
        const bytes = packSegment(pages.map(termsOf));
        for (const segment of bothWays(bytes)) {
          expect(segment.sizeBytes).toBe(bytes.length);
          expect([...segment.lengths]).toEqual(pages.map(({ length }) => length));
          const list = new PostingList();
          const all = [...new Set(pages.flat())].sort((a, b) => (a < b ? -1 : 1));
          const inAnyOrder = [...new Set(pages.flat())];
          const lists = segment.postings(inAnyOrder.map((term) => segment.find(term)!));
          expect(lists).toHaveLength(all.length);
          for (const [place, term] of inAnyOrder.entries()) {
            list.read(lists[place]!, pages.length);
            expect([...list.locals.subarray(0, list.size)]).toEqual(
              pages.flatMap((own, i) => (own.includes(term) ? [i] : [])),
            );
            expect(segment.postings([segment.find(term)!])).toEqual([lists[place]]);
            const begun: string[] = [];
            const prefix = term.slice(0, 1);
            segment.termsFrom(prefix, (one) => begun.push(one) > 0);
            expect(begun).toEqual(all.filter((one) => one.startsWith(prefix)));
          }
          expect(segment.find('never there')).toBeUndefined();
          const known: string[] = [];
          segment.frequencies(['', ...all, 'never there'].sort(), (one) => known.push(one));
          expect(known).toEqual(all);
        }
      }),
    );
    const bytes = packSegment([termsOf(['cat', 'dog'])]);
    expect(() => new TermSegment(bytes.subarray(0, 24))).toThrow(/shorter/);
    const short = new TermSegment(bytes.slice(0, bytes.length - 1));
    expect(() => short.postings([short.find('dog')!])).toThrow(/damaged/);
    expect(() => new TermSegment(Uint8Array.of(1, 0, 0, 0))).toThrow(/format 1/);
  });
});

function run<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe('merging segments', () => {
  const words = fc.uniqueArray(word, { maxLength: 6 });

  it('gives the segment that the pages which are kept make when they are packed at once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.record({ words, isKept: fc.boolean() }), { maxLength: 5 }), {
          maxLength: 5,
        }),
        (parts) => {
          let next = 0;
          const sources = parts.map((pages, place) => ({
            source: bothWays(packSegment(pages.map((one) => termsOf(one.words))))[place % 2]!,
            locals: Int32Array.from(pages, ({ isKept }) => (isKept ? next++ : -1)),
          }));
          const kept = parts.flat().filter(({ isKept }) => isKept);
          expect(run(mergeSegments(sources))).toEqual(
            packSegment(kept.map((one) => termsOf(one.words))),
          );
        },
      ),
    );
  });

  it('reads postings elsewhere in pieces, also where one term has more than a piece', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `t${i}`);
    const pages = [many, ...Array.from({ length: 70_000 }, () => ['t7'])].map(termsOf);
    const bytes = packSegment(pages);
    let reads = 0;
    const source = new TermSegment(bytes.slice(), (at, size) => {
      reads++;
      return bytes.slice(at, at + size);
    });
    const locals = Int32Array.from(pages.keys());
    expect(run(mergeSegments([{ source, locals }]))).toEqual(bytes);
    expect(reads).toBeGreaterThan(1);
    expect(reads).toBeLessThan(9);
    reads = 0;
    const found = ['t9', 't7', 't1', 't10', 't12', 't7', 't11'].map((term) => source.find(term)!);
    const kept = new TermSegment(bytes);
    expect(source.postings(found)).toEqual(kept.postings(found));
    // t1 to t12 are one piece; those of t7 are more than one, and t9 is far from all.
    expect(reads).toBe(4);
  });

  it('packs in slices what it packs at once', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 50 }), (pages) => {
        const terms = pages.map(termsOf);
        expect(run(packSlowly(terms))).toEqual(packSegment(terms));
      }),
    );
  });
});

describe('oneEditVariants', () => {
  it('holds every word one edit away', () => {
    const variants = oneEditVariants('cat');
    for (const near of ['at', 'ct', 'act', 'cta', 'bat', 'cart', 'cats']) {
      expect(variants.has(near), near).toBe(true);
    }
    expect([variants.has('cat'), variants.has('dog'), variants.has('tca')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
