import type { PageId, PageOrdinal } from '../ids.ts';
import type { CodeIndex } from '../index/code-index.ts';
import type { LexicalIndex } from '../index/lexical-index.ts';
import type { PageTable } from '../index/page-table.ts';
import type { Encoder, StaticModel } from '../model/types.ts';
import type { Passage } from '../page/types.ts';
import type { PageTokens } from './page-tokens.ts';
import type { SimilarityKernel } from './similarity-kernel.ts';

/** What the store keeps of a page's words: the source of tokens, snippets and links. */
export interface StoredText {
  readonly title: string;
  /** The address as it was visited. */
  readonly url: string;
  readonly passages: readonly Passage[];
}

/** All that a search stands on. The search only reads. */
export interface SearchContext {
  readonly model: StaticModel;
  readonly encoder: Encoder;
  readonly similarities: SimilarityKernel;
  readonly codes: CodeIndex;
  readonly lexical: LexicalIndex;
  readonly pages: PageTable;
  /** What a page is called and where it is, without its text; `null` for one that was removed. */
  headOf(page: PageOrdinal): Pick<StoredText, 'title' | 'url'> | null;
  /** The texts in the order asked; `null` for a page that was removed meanwhile. */
  loadTexts(pages: readonly PageOrdinal[]): Promise<readonly (StoredText | null)[]>;
  /** The tokens of the same texts, as `tokensOf` makes them. */
  loadTokens(pages: readonly PageOrdinal[]): Promise<readonly (PageTokens | null)[]>;
  /** The page stored under this address (any form of it), for a pasted URL. */
  findPageByUrl(url: string): Promise<PageId | null>;
  /** Called between stages: lets other work run, and throws `superseded` when nobody waits. */
  checkpoint(): Promise<void>;
  /** Milliseconds from any origin, for the stage timings. */
  clock(): number;
}
