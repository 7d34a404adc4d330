import { create, insertMultiple, save, search as searchOrama } from '@orama/orama';
import MiniSearch from 'minisearch';
import type { PageOrdinal } from '../src/core/ids.ts';
import { LexicalIndex } from '../src/core/index/lexical-index.ts';
import { packSegment, TermSegment } from '../src/core/index/term-segment.ts';
import type { PageText } from '../src/core/page/types.ts';
import { splitPassages } from '../src/core/text/passages.ts';
import { pageTerms, queryTerms } from '../src/core/text/terms.ts';
import { WasmTermKernel } from '../src/kernels/term-kernel.ts';
import type { BenchQuery } from './queries.ts';
import type { Report } from './report.ts';

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The words' own index against minisearch and Orama: making it, and asking it. */
export async function measureLexical(
  { ratios, figures }: Report,
  pages: readonly PageText[],
  queries: readonly BenchQuery[],
): Promise<void> {
  const documents = pages.map(({ title, blocks }, id) => ({
    id: String(id),
    title,
    text: blocks.map((block) => block.text).join('\n'),
  }));
  const own = new LexicalIndex(new WasmTermKernel());
  let ownBytes = 0;
  const ownMs = await timed(() => {
    const terms = pages.map(({ title, blocks }) => pageTerms(title, splitPassages(blocks)));
    const segment = new TermSegment(packSegment(terms));
    ownBytes = segment.sizeBytes;
    own.addSegment(segment, Int32Array.from(pages.keys() as Iterable<PageOrdinal>));
  });
  const mini = new MiniSearch({ fields: ['title', 'text'] });
  const miniMs = await timed(() => mini.addAll(documents));
  const orama = create({ schema: { title: 'string', text: 'string' } as const });
  const oramaMs = await timed(() => insertMultiple(orama, documents));
  const words = queries.map(({ query }) => query.replace(/\b\w+:\S+/g, '').trim());
  const askOwn = await timed(() => {
    for (const query of words) own.search(queryTerms(query));
  });
  const askMini = await timed(() => {
    for (const query of words) mini.search(query, { prefix: (_, i, all) => i === all.length - 1 });
  });
  const askOrama = await timed(async () => {
    for (const term of words) await searchOrama(orama, { term, limit: 100 });
  });
  const count = pages.length.toLocaleString('en');
  const add = (name: string, what: string, peer: string, ratio: number) =>
    ratios.push({ name: `lexical/${name}`, what, peer, ratio });
  add('index-minisearch', `word index of ${count} pages`, 'minisearch', miniMs / ownMs);
  add('index-orama', `word index of ${count} pages`, '@orama/orama', oramaMs / ownMs);
  add('query-minisearch', `word query over ${count} pages`, 'minisearch', askMini / askOwn);
  add('query-orama', `word query over ${count} pages`, '@orama/orama', askOrama / askOwn);
  figures.set('Words alone', [
    {
      what: 'a page into the index',
      values: {
        'this project': ownMs / pages.length,
        minisearch: miniMs / pages.length,
        '@orama/orama': oramaMs / pages.length,
      },
      unit: 'ms',
    },
    {
      what: 'a page in the index at rest',
      values: {
        'this project': ownBytes / 1024 / pages.length,
        minisearch: JSON.stringify(mini).length / 1024 / pages.length,
        '@orama/orama': JSON.stringify(save(orama)).length / 1024 / pages.length,
      },
      unit: 'KB',
    },
    {
      what: 'a query, mean',
      values: {
        'this project': askOwn / words.length,
        minisearch: askMini / words.length,
        '@orama/orama': askOrama / words.length,
      },
      unit: 'ms',
    },
  ]);
}
