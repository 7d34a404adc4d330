import { LexicalIndex } from '../src/core/index/lexical-index.ts';
import { packSegment, TermSegment } from '../src/core/index/term-segment.ts';
import type { PageText } from '../src/core/page/types.ts';
import { splitPassages } from '../src/core/text/passages.ts';
import { pageTerms, queryTerms } from '../src/core/text/terms.ts';
import { WasmTermKernel } from '../src/kernels/term-kernel.ts';
import type { BenchQuery } from './queries.ts';
import { quantile, type Report } from './report.ts';

/** Few pages, and as many as in a life's reading; segments of as many as there are, again and again. */
const pageCounts = [1_000, 100_000];
const turns = 5;

/**
 * What words cost among few pages and many, beside the reference in plain TypeScript, and how much of it
 * is looking terms up, which both do alike. The pages are repeated, each time in bytes of their own, so
 * that every word is as frequent as it is among them.
 */
export function measureFrequentWords(
  report: Report,
  pages: readonly PageText[],
  queries: readonly BenchQuery[],
): void {
  for (const pageCount of pageCounts) {
    const some = pages.slice(0, pageCount);
    const bytes = packSegment(
      some.map(({ title, blocks }) => pageTerms(title, splitPassages(blocks))),
    );
    const segments: TermSegment[] = [];
    for (let first = 0; first < pageCount; first += some.length) {
      segments.push(new TermSegment(bytes.slice()));
    }
    measureAmong(report, segments, queries);
  }
}

function measureAmong(
  { figures, ratios }: Report,
  segments: readonly TermSegment[],
  queries: readonly BenchQuery[],
): void {
  const kernel = new LexicalIndex(new WasmTermKernel());
  const reference = new LexicalIndex();
  for (const index of [kernel, reference]) {
    for (const segment of segments) {
      const first = index.pageCount;
      index.addSegment(
        segment,
        Int32Array.from({ length: segment.localCount }, (_, i) => first + i),
      );
    }
  }
  const count = `${kernel.pageCount.toLocaleString('en')} pages`;
  const kinds = [...new Set(queries.map(({ kind }) => kind))];
  const rows = kinds.map((what) => {
    const times: number[] = [];
    let other = 0;
    let finding = 0;
    let postings = 0;
    for (const { kind, query } of queries) {
      if (kind !== what) continue;
      const terms = queryTerms(query.replace(/\b\w+:\S+/g, '').trim());
      const { matches } = kernel.search(terms);
      const known = matches.flatMap(({ term, expansions }) => [term, ...expansions]);
      const least = [Infinity, Infinity, Infinity];
      // By turns, so that what else the machine does meets all of them.
      for (let turn = 0; turn < turns; turn++) {
        for (const [place, work] of [
          () => kernel.search(terms),
          () => reference.search(terms),
          () => {
            for (const term of known) for (const segment of segments) segment.find(term);
          },
        ].entries()) {
          const start = performance.now();
          work();
          least[place] = Math.min(least[place] as number, performance.now() - start);
        }
      }
      times.push(least[0] as number);
      other += least[1] as number;
      finding += least[2] as number;
      for (const term of known)
        for (const one of segments) postings += one.find(term)?.frequency ?? 0;
    }
    const all = times.reduce((sum, time) => sum + time, 0);
    ratios.push({
      name: `lexical/typescript-${segments.length === 1 ? 'few' : 'many'}-${what.replace(' ', '-')}`,
      what: `words alone, ${what}, ${count}`,
      peer: 'plain TypeScript',
      ratio: other / all,
    });
    return {
      what,
      values: {
        mean: all / times.length,
        p95: quantile(times, 0.95),
        'plain TypeScript, mean': other / times.length,
        'of it looking terms up, mean': finding / times.length,
        'postings, mean': postings / times.length,
      },
      unit: 'ms',
    };
  });
  figures.set(`Words alone, ${count}`, rows);
}
