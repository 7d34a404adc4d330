import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageOrdinal } from '../ids.ts';
import { LexicalIndex, type LexicalScores, type QueryTerm } from './lexical-index.ts';
import { decodePageTerms, encodePageTerms, type PageTerms } from './page-terms.ts';
import { packSegment, TermSegment } from './term-segment.ts';
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

const ask = (...terms: string[]): QueryTerm[] => terms.map((term) => ({ term, weight: 1 }));
const scoresOf = ({ pages, scores }: LexicalScores) =>
  new Map([...pages].map((one, i) => [one, scores[i]!]));

/** Robertson and Zaragoza's formula, written down a second time. */
function bm25(pages: readonly (readonly string[])[], at: number, query: readonly string[]): number {
  const average = pages.reduce((sum, words) => sum + words.length, 0) / pages.length;
  const words = pages[at]!;
  return query.reduce((sum, term) => {
    const tf = words.filter((word) => word === term).length;
    const df = pages.filter((own) => own.includes(term)).length;
    const idf = Math.log(1 + (pages.length - df + 0.5) / (df + 0.5));
    return sum + (idf * tf * 1.9) / (tf + 0.9 * (1 - 0.4 + (0.4 * words.length) / average));
  }, 0);
}

const word = fc.constantFrom('apple', 'bee', 'cat', 'dog', '전기', 'éa', 'x1');
const collection = fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 20,
});

describe('LexicalIndex', () => {
  it('scores as the published formula does, from the tail and from segments alike', () => {
    fc.assert(
      fc.property(
        collection,
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        fc.nat(20),
        (pages, query, packed) => {
          const index = new LexicalIndex();
          const first = pages.slice(0, packed);
          if (first.length > 0) {
            index.addSegment(packSegment(first.map(termsOf)), Int32Array.from(first.keys()));
          }
          pages.slice(packed).forEach((words, i) => {
            index.addPage(page(first.length + i), termsOf(words));
          });
          const found = scoresOf(index.search(ask(...query)));
          pages.forEach((_, at) => {
            expect(found.get(at) ?? 0).toBeCloseTo(bm25(pages, at, query), 4);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never gives back a removed page, and forgets it in the background', () => {
    const index = new LexicalIndex();
    index.addSegment(packSegment([termsOf(['cat']), termsOf(['cat', 'dog'])]), Int32Array.of(0, 1));
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
    index.addSegment(packSegment([termsOf(['new'])]), Int32Array.of(0));
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
        const segment = new TermSegment(packSegment(pages.map(termsOf)));
        const all = [...new Set(pages.flat())].sort((a, b) => (a < b ? -1 : 1));
        for (const term of all) {
          const locals: number[] = [];
          segment.visit(term, (local) => locals.push(local));
          expect(locals).toEqual(pages.flatMap((own, i) => (own.includes(term) ? [i] : [])));
          const begun: string[] = [];
          const prefix = term.slice(0, 1);
          segment.termsFrom(prefix, (one) => begun.push(one) > 0);
          expect(begun).toEqual(all.filter((one) => one.startsWith(prefix)));
        }
        expect(segment.frequency('never there')).toBe(0);
      }),
    );
    const bytes = packSegment([termsOf(['cat', 'dog'])]);
    expect(() => new TermSegment(bytes.subarray(0, bytes.length - 1))).toThrow();
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
