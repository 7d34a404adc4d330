import type { ModelId, PageId, PageOrdinal } from '../ids.ts';
import { CodeIndex } from '../index/code-index.ts';
import { LexicalIndex } from '../index/lexical-index.ts';
import { type PageRow, PageTable } from '../index/page-table.ts';
import { ReferenceScanKernel } from '../index/reference-scan-kernel.ts';
import { createEncoder } from '../model/encoder.ts';
import { mulberry32 } from '../model/rotation.ts';
import type { StaticModel, TokenSpans } from '../model/types.ts';
import { splitPassages } from '../text/passages.ts';
import { foldWord, wordSpans } from '../text/terms-words.ts';
import type { SearchContext, StoredText } from './context.ts';
import { indexPage } from './index-page.ts';
import { tokensOf } from './page-tokens.ts';
import { ReferenceSimilarityKernel } from './reference-similarity-kernel.ts';

const dims = 64;

/** Words of one meaning, for tests: they share most of their vector. */
const meanings = [
  ['car', 'automobile', 'vehicle', '자동차'],
  ['frog', 'amphibian', '개구리'],
  ['frozen', 'ice', 'icy', '얼음'],
  ['bread', 'loaf', 'sourdough'],
  ['music', 'song', 'melody'],
];

/** Words that say little: their vectors are short. */
const lightWords = ['a', 'the', 'of', 'in'];

function hash(text: string): number {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 16777619);
  return value >>> 0;
}

function randomRow(seed: string): number[] {
  const next = mulberry32(hash(seed));
  return Array.from({ length: dims }, () => (next() % 255) - 127);
}

/** A model of whole words, met as they come; words of one meaning are near each other. */
export function tinyModel(): StaticModel {
  const size = 4096;
  const rows = new Int8Array(size * dims);
  const weights = new Int16Array(size).fill(1);
  const scales = new Float32Array(size).fill(1 / 127);
  const norms = new Float32Array(size);
  const ids = new Map<string, number>();
  const idOf = (word: string) => {
    const known = ids.get(word);
    if (known !== undefined) return known;
    const id = ids.size + 2;
    ids.set(word, id);
    const meaning = meanings.find((words) => words.includes(word))?.[0];
    const own = randomRow(word);
    const shared = meaning === undefined ? own : randomRow(`meaning ${meaning}`);
    const length = lightWords.includes(word) ? 0.15 : 1;
    const row = own.map((value, d) =>
      Math.round(length * (0.3 * value + 0.7 * (shared[d] as number))),
    );
    rows.set(row, id * dims);
    norms[id] = Math.hypot(...row) / 127;
    return id;
  };
  const encodeWithOffsets = (text: string): TokenSpans => {
    const spans = [...wordSpans(text)];
    return {
      ids: Uint32Array.from(spans, ({ start, end }) => idOf(foldWord(text.slice(start, end)))),
      starts: Uint32Array.from(spans, ({ start }) => start),
      ends: Uint32Array.from(spans, ({ end }) => end),
    };
  };
  return {
    id: 'tiny@1' as ModelId,
    name: 'tiny',
    version: '1',
    dims,
    vocabularySize: size,
    tokenizer: {
      vocabularySize: size,
      unknownId: 1,
      encode: (text) => encodeWithOffsets(text).ids,
      encodeWithOffsets,
      token: (id) => [...ids].find(([, known]) => known === id)?.[0],
    },
    table: { dims, rows, weights, scales, norms },
    code: { bits: 512, rounds: 3, seed: 7 },
    codeBits: 512,
    widths: [dims],
    languages: ['en', 'ko'],
    licence: 'MIT',
    sizeBytes: 0,
  };
}

export interface FixturePage extends Partial<Omit<PageRow, 'id'>> {
  readonly title: string;
  readonly text: string;
  readonly url?: string;
}

/** Pages in memory behind a search context; ids count from 1. */
export class FixtureStore {
  readonly context: SearchContext;
  readonly #texts = new Map<PageOrdinal, StoredText>();

  constructor(pages: readonly FixturePage[]) {
    const model = tinyModel();
    const encoder = createEncoder(model);
    let time = 0;
    this.context = {
      model,
      encoder,
      similarities: new ReferenceSimilarityKernel(model.table),
      codes: new CodeIndex(new ReferenceScanKernel()),
      lexical: new LexicalIndex(),
      pages: new PageTable(),
      headOf: (one) => this.#texts.get(one) ?? null,
      loadTexts: async (ordinals) => ordinals.map((one) => this.#texts.get(one) ?? null),
      loadTokens: async (ordinals) =>
        ordinals.map((one) => {
          const text = this.#texts.get(one);
          return text === undefined ? null : tokensOf({ model, encoder }, text);
        }),
      findPageByUrl: async (url) => {
        const found = [...this.#texts].find(([, text]) => text.url === url);
        return found === undefined ? null : (this.context.pages.idOf(found[0]) ?? null);
      },
      checkpoint: async () => {},
      clock: () => time++,
    };
    for (const page of pages) this.add(page);
  }

  add({ title, text, url, ...row }: FixturePage): PageId {
    const { context } = this;
    const passages = splitPassages([{ kind: 'text', text }]);
    const id = (context.pages.length + 1) as PageId;
    const ordinal = context.pages.add({
      site: 'example.com',
      lang: 'en',
      type: 'article',
      firstReadAt: 0,
      lastReadAt: 0,
      readCount: 1,
      wordCount: 10,
      isPinned: false,
      passageCount: passages.length,
      ...row,
      id,
    });
    const { codes, terms } = indexPage(context.model, context.encoder, title, passages);
    context.codes.addPage(ordinal, codes);
    context.lexical.addPage(ordinal, terms);
    this.#texts.set(ordinal, { title, url: url ?? `https://example.com/${id}`, passages });
    return id;
  }

  remove(id: PageId): void {
    const { context } = this;
    const ordinal = context.pages.ordinalOf(id);
    if (ordinal === undefined) return;
    context.codes.removePage(ordinal);
    context.lexical.removePage(ordinal);
    context.pages.remove(ordinal);
    this.#texts.delete(ordinal);
  }
}
