import { LexicalIndex } from '../src/core/index/lexical-index.ts';
import { packSegment, TermSegment } from '../src/core/index/term-segment.ts';
import { PostingList } from '../src/core/index/term-source.ts';
import type { PageText } from '../src/core/page/types.ts';
import { splitPassages } from '../src/core/text/passages.ts';
import { pageTerms, queryTerms } from '../src/core/text/terms.ts';
import type { BenchQuery } from './queries.ts';
import { type Figure, quantile, type Report } from './report.ts';

/** As many pages as in a life's reading; a segment of as many as there are, again and again. */
const pageCount = 100_000;
const turns = 3;

/**
 * What words cost among 100,000 pages, and how much of it is reading postings: the part that a kernel
 * would do otherwise. The pages are repeated, each time in bytes of their own, so that every word is as
 * frequent as it is among them.
 */
export function measureFrequentWords(
  { figures }: Report,
  pages: readonly PageText[],
  queries: readonly BenchQuery[],
): void {
  const bytes = packSegment(
    pages.map(({ title, blocks }) => pageTerms(title, splitPassages(blocks))),
  );
  const index = new LexicalIndex();
  const segments: TermSegment[] = [];
  for (let first = 0; first < pageCount; first += pages.length) {
    const segment = new TermSegment(bytes.slice());
    segments.push(segment);
    index.addSegment(
      segment,
      Int32Array.from({ length: pages.length }, (_, local) => first + local),
    );
  }
  const list = new PostingList();
  const rowOf = (kind: string): Figure => {
    const asked = queries.filter((one) => one.kind === kind);
    const times: number[] = [];
    let reading = 0;
    let postings = 0;
    for (const { query } of asked) {
      const terms = queryTerms(query.replace(/\b\w+:\S+/g, '').trim());
      let least = Number.POSITIVE_INFINITY;
      let found = index.search(terms);
      for (let turn = 0; turn < turns; turn++) {
        const start = performance.now();
        found = index.search(terms);
        least = Math.min(least, performance.now() - start);
      }
      times.push(least);
      const met = found.matches.flatMap(({ term, expansions }) => [term, ...expansions]);
      const start = performance.now();
      for (const term of met) {
        for (const segment of segments) {
          segment.read(term, list);
          postings += list.size;
        }
      }
      reading += performance.now() - start;
    }
    return {
      what: kind,
      values: {
        mean: times.reduce((sum, time) => sum + time, 0) / times.length,
        p95: quantile(times, 0.95),
        'of it reading postings, mean': reading / asked.length,
        'postings, mean': postings / asked.length,
      },
      unit: 'ms',
    };
  };
  const kinds = [...new Set(queries.map(({ kind }) => kind))];
  figures.set(`Words alone, ${pageCount.toLocaleString('en')} pages`, kinds.map(rowOf));
}
