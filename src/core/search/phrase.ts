import type { PageOrdinal } from '../ids.ts';
import type { LexicalIndex } from '../index/lexical-index.ts';
import { foldWord, isUnspaced, termsOfPhrase, wordSpans } from '../text/terms-words.ts';
import type { SearchContext, StoredText } from './context.ts';
import { type AcceptedPages, isOneTerm } from './filter-pages.ts';
import type { ParsedQuery } from './parse-query.ts';

/** Pages whose text is read between two checkpoints. */
const pagesAtOnce = 64;

/** A text's words, folded, parted by single blanks: what phrases are looked for in. */
function foldedWords(text: string): string {
  let folded = ' ';
  for (const { start, end } of wordSpans(text)) folded += `${foldWord(text.slice(start, end))} `;
  return folded;
}

/** Whether a word may end between two characters: at a blank, or where a script has none. */
function isBorder(before: string, after: string): boolean {
  if (/\p{M}/u.test(after)) return false;
  return before === ' ' || after === ' ' || isUnspaced(before) || isUnspaced(after);
}

/** Whether the words of the phrase stand together in one of the texts; case and accents aside. */
export function hasPhrase(texts: readonly string[], phrase: string): boolean {
  const wanted = foldedWords(phrase).trim();
  if (wanted === '') return true;
  const first = wanted.split(' ', 1)[0] as string;
  return texts.some((text) => {
    // Folding a text at once is far cheaper than word by word, and most texts end here.
    if (!foldWord(text).includes(first)) return false;
    const folded = foldedWords(text);
    for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      const [before, begin] = [folded.charAt(at - 1), folded.charAt(at)];
      const [last, after] = [folded.charAt(end - 1), folded.charAt(end)];
      if (isBorder(before, begin) && isBorder(last, after)) return true;
    }
    return false;
  });
}

/** Where phrases are looked for: the title, the headings, and the text as one. */
function textsOf({ title, passages }: StoredText): string[] {
  const headings = new Set(passages.flatMap(({ heading }) => heading ?? []));
  return [title, ...headings, passages.map(({ text }) => text).join('\n')];
}

/** The accepted pages that have all of these terms. */
function pagesWithAll(
  lexical: LexicalIndex,
  terms: readonly string[],
  accepted: readonly PageOrdinal[],
): readonly PageOrdinal[] {
  let pages = accepted;
  for (const term of terms) {
    if (pages.length === 0) break;
    const has = new Set<PageOrdinal>();
    lexical.pagesWith(term, (page) => has.add(page));
    pages = pages.filter((page) => has.has(page));
  }
  return pages;
}

/**
 * The accepted pages on which each phrase stands, and none of the stretches left out: all of them,
 * however low they rank. The index says which pages have the words; their text says the rest.
 * @throws what the checkpoint throws
 */
export async function acceptPhrases(
  context: SearchContext,
  { phrases, without }: Pick<ParsedQuery, 'phrases' | 'without'>,
  accepted: AcceptedPages,
): Promise<AcceptedPages> {
  const leftOut = without.filter((words) => !isOneTerm(words));
  if (phrases.length + leftOut.length === 0) return accepted;
  const { pages, lexical } = context;
  const mask = accepted.mask?.slice() ?? new Uint8Array(pages.length).fill(1);
  const open = [...pages.ordinals()].filter((page) => mask[page] === 1);
  const suspects = new Set<PageOrdinal>();
  if (phrases.length > 0) {
    mask.fill(0);
    const terms = phrases.flatMap(termsOfPhrase);
    for (const page of pagesWithAll(lexical, terms, open)) suspects.add(page);
  } else {
    for (const phrase of leftOut) {
      for (const page of pagesWithAll(lexical, termsOfPhrase(phrase), open)) suspects.add(page);
    }
  }
  const all = [...suspects];
  for (let at = 0; at < all.length; at += pagesAtOnce) {
    const some = all.slice(at, at + pagesAtOnce);
    const loaded = await context.loadTexts(some);
    some.forEach((page, index) => {
      const text = loaded[index];
      const texts = text == null ? [] : textsOf(text);
      const isKept =
        text != null &&
        phrases.every((phrase) => hasPhrase(texts, phrase)) &&
        !leftOut.some((phrase) => hasPhrase(texts, phrase));
      mask[page] = isKept ? 1 : 0;
    });
    await context.checkpoint();
  }
  const count = [...pages.ordinals()].filter((page) => mask[page] === 1).length;
  return { mask, count };
}
