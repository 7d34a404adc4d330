import type { PageTerms } from '../index/page-terms.ts';
import type { Encoder, StaticModel } from '../model/types.ts';
import type { Passage } from '../page/types.ts';
import { passageInput } from '../text/passages.ts';
import { pageTerms } from '../text/terms.ts';
import { type MadeBefore, nothingBefore } from './made-before.ts';

/** What the index needs of a page: made from its text alone, so it can be made again. */
export interface IndexedPage {
  /** One bit code a passage, in order. */
  readonly codes: Uint8Array;
  readonly terms: PageTerms;
}

/** Encodes every new passage with the page's title, and gathers the page's terms. Pure. */
export function indexPage(
  model: Pick<StaticModel, 'codeBits'>,
  encoder: Encoder,
  title: string,
  passages: readonly Passage[],
  before: MadeBefore = nothingBefore,
): IndexedPage {
  const codeBytes = model.codeBits / 8;
  const codes = new Uint8Array(passages.length * codeBytes);
  passages.forEach((passage, index) => {
    const code = before.get(passage.text)?.code ?? encoder.codeOf(passageInput(title, passage));
    codes.set(code, index * codeBytes);
  });
  return { codes, terms: pageTerms(title, passages) };
}
