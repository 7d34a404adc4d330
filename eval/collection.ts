import { performance } from 'node:perf_hooks';
import type { PageId, PageOrdinal } from '../src/core/ids.ts';
import { CodeIndex } from '../src/core/index/code-index.ts';
import { LexicalIndex } from '../src/core/index/lexical-index.ts';
import { PageTable } from '../src/core/index/page-table.ts';
import type { PageTerms } from '../src/core/index/page-terms.ts';
import { packSegment, TermSegment } from '../src/core/index/term-segment.ts';
import type { StaticModel, TokenIds } from '../src/core/model/types.ts';
import type { Passage } from '../src/core/page/types.ts';
import type { SearchContext, StoredText } from '../src/core/search/context.ts';
import { indexPage } from '../src/core/search/index-page.ts';
import { type PageTokens, tokensOf } from '../src/core/search/page-tokens.ts';
import { detectLanguage } from '../src/core/text/language.ts';
import { passageInput, splitPassages } from '../src/core/text/passages.ts';
import { createKernels } from '../src/kernels/kernels.ts';
import type { EvalPage } from './data.ts';

/** Pages read into the product's own index, with exact embeddings beside it to compare with. */
export interface Collection {
  readonly context: SearchContext;
  readonly pages: readonly EvalPage[];
  readonly ordinalOf: ReadonlyMap<string, PageOrdinal>;
  /** The text of each passage as an encoder gets it, title first. */
  readonly passages: readonly string[];
  /** Exact embeddings of all passages, row after row, and the page of each. */
  readonly embeddings: Float32Array;
  readonly owners: Int32Array;
}

/** Tokens of a page in the order of its text, which the index does not keep. */
interface OrderedTokens {
  readonly title: TokenIds;
  readonly passages: readonly TokenIds[];
}

const ordered = new WeakMap<PageTokens, () => OrderedTokens>();

/** The tokens of a page of a collection as they follow each other. */
export function orderedTokens(tokens: PageTokens): OrderedTokens {
  const read = ordered.get(tokens);
  if (read === undefined) throw new Error('These tokens are not of a page of a collection.');
  return read();
}

function passagesOf(text: string): Passage[] {
  const blocks = text
    .split(/\n+/)
    .filter((line) => line.trim() !== '')
    .map((line) => ({ kind: 'text' as const, text: line.trim() }));
  return splitPassages(blocks);
}

/** Indexes the pages as the engine does, in memory. All are read at the same moment. */
export function buildCollection(model: StaticModel, pages: readonly EvalPage[]): Collection {
  const kernels = createKernels(model, console.warn);
  const { encoder } = kernels;
  const fast = { ...model, tokenizer: kernels.tokenizer };
  const codes = new CodeIndex(kernels.scan);
  const table = new PageTable();
  const texts: StoredText[] = [];
  const terms: PageTerms[] = [];
  const embeddings: Float32Array[] = [];
  const owners: number[] = [];
  const inputs: string[] = [];
  const ordinalOf = new Map<string, PageOrdinal>();
  pages.forEach((page, index) => {
    const passages = passagesOf(page.text);
    const indexed = indexPage(model, encoder, page.title, passages);
    const ordinal = table.add({
      id: (index + 1) as PageId,
      site: 'example.org',
      lang: detectLanguage(`${page.title}\n${page.text}`),
      type: 'article',
      firstReadAt: 0,
      lastReadAt: 0,
      readCount: 1,
      wordCount: 0,
      passageCount: passages.length,
      isPinned: false,
    });
    codes.addPage(ordinal, indexed.codes);
    terms.push(indexed.terms);
    texts.push({ title: page.title, url: `https://example.org/${index}`, passages });
    ordinalOf.set(page.key, ordinal);
    for (const passage of passages) {
      const input = passageInput(page.title, passage);
      inputs.push(input);
      embeddings.push(encoder.embed(model.tokenizer.encode(input)));
      owners.push(ordinal);
    }
  });
  const lexical = new LexicalIndex(kernels.terms);
  lexical.addSegment(new TermSegment(packSegment(terms)), Int32Array.from(pages.keys()));
  const cached = new Map<PageOrdinal, PageTokens>();
  const context: SearchContext = {
    model,
    encoder,
    similarities: kernels.similarities,
    codes,
    lexical,
    pages: table,
    headOf: (ordinal) => texts[ordinal] ?? null,
    loadTexts: async (ordinals) => ordinals.map((ordinal) => texts[ordinal] as StoredText),
    loadTokens: async (ordinals) =>
      ordinals.map((ordinal) => {
        const text = texts[ordinal] as StoredText;
        const tokens = cached.get(ordinal) ?? tokensOf({ model: fast, encoder }, text);
        ordered.set(tokens, () => ({
          title: kernels.tokenizer.encode(text.title),
          passages: text.passages.map((passage) => kernels.tokenizer.encode(passage.text)),
        }));
        cached.set(ordinal, tokens);
        return tokens;
      }),
    findPageByUrl: async () => null,
    checkpoint: async () => {},
    clock: () => performance.now(),
  };
  const flat = new Float32Array(embeddings.length * encoder.dims);
  embeddings.forEach((embedding, row) => {
    flat.set(embedding, row * encoder.dims);
  });
  return {
    context,
    pages,
    ordinalOf,
    passages: inputs,
    embeddings: flat,
    owners: Int32Array.from(owners),
  };
}
