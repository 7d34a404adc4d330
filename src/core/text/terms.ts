import type { QueryTerm } from '../index/lexical-index.ts';
import type { PageTerms } from '../index/page-terms.ts';
import type { Passage } from '../page/types.ts';
import { wholeSyllables } from './hangul-keys.ts';
import { isStopWord } from './terms-english.ts';
import { foldWord, termsOfKnownWord, termsOfWord, wordSpans } from './terms-words.ts';

/** An occurrence in the title counts as this many in the text. */
const titleWeight = 2;
/** An occurrence in a heading counts as this many in the text. */
const headingWeight = 1;
const maxCount = 65_535;

/** Marks the terms of titles, which are indexed a second time for `title:`. No word begins so. */
export function titleTerm(term: string): string {
  return `\u0001${term}`;
}

/** Adds the terms of a text to `counts`; returns how many count towards the page's length. */
function gather(text: string, weight: number, counts: Map<string, number>): number {
  let length = 0;
  for (const { start, end } of wordSpans(text)) {
    const word = text.slice(start, end);
    for (const term of termsOfKnownWord(word)) {
      counts.set(term, (counts.get(term) ?? 0) + weight);
      if (!isStopWord(term)) length += weight;
    }
  }
  return length;
}

/** The terms of a page: its title, the headings its passages are under, and the passages. */
export function pageTerms(title: string, passages: readonly Passage[]): PageTerms {
  const counts = new Map<string, number>();
  let length = gather(title, titleWeight, counts);
  const inTitle = [...counts.keys()];
  let heading: string | undefined;
  for (const passage of passages) {
    if (passage.heading !== undefined && passage.heading !== heading) {
      length += gather(passage.heading, headingWeight, counts);
    }
    heading = passage.heading;
    length += gather(passage.text, 1, counts);
  }
  for (const term of inTitle) counts.set(titleTerm(term), 1);
  // Plain comparison, not localeCompare: the order is part of the stored format.
  const terms = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
  const values = terms.map((term) => Math.min(counts.get(term) ?? 1, maxCount));
  return { terms, counts: Uint16Array.from(values), length };
}

/**
 * The terms of a query, each once, without stop words unless it has nothing else. The last word,
 * when nothing follows it, is still being typed and also meets words that begin with it.
 */
export function queryTerms(query: string): QueryTerm[] {
  const found = new Map<string, QueryTerm>();
  const spans = [...wordSpans(query)];
  spans.forEach(({ start, end }, index) => {
    const word = query.slice(start, end);
    const isTyped = index === spans.length - 1 && end === query.length;
    const terms = termsOfWord(isTyped ? wholeSyllables(word) : word);
    terms.forEach((term, place) => {
      const isLast = isTyped && place === terms.length - 1;
      found.set(term, { term, weight: 1, ...(isLast ? { prefix: foldWord(word) } : {}) });
    });
  });
  const all = [...found.values()];
  const telling = all.filter(({ term }) => !isStopWord(term));
  return telling.length > 0 ? telling : all;
}
