import type { PageId, Timestamp } from '../ids.ts';
import type { LexicalIndex } from '../index/lexical-index.ts';
import type { PageRow, PageTable } from '../index/page-table.ts';
import type { PageMask } from '../index/scan-kernel.ts';
import { titleTerm } from '../text/terms.ts';
import { termsOfWord, wordSpans } from '../text/terms-words.ts';
import type { ParsedQuery } from './parse-query.ts';
import type { Filters } from './types.ts';

/** The pages a search may find, and how many they are. No mask: all of them. */
export interface AcceptedPages {
  readonly mask?: PageMask;
  readonly count: number;
}

function isOnSite(site: string, wanted: string): boolean {
  return site === wanted || site.endsWith(`.${wanted}`);
}

function isInPeriod(at: Timestamp, { after, before }: Filters): boolean {
  return (after === undefined || at >= after) && (before === undefined || at < before);
}

function passesSite(own: string, { sites, notSites }: Filters): boolean {
  if (sites?.length && !sites.some((site) => isOnSite(own, site))) return false;
  return !notSites?.some((site) => isOnSite(own, site));
}

/** Whether a page passes: every field but `pages` must hold, one of its values is enough. */
export function passesFilters(row: PageRow, filters: Filters): boolean {
  const { langs, types } = filters;
  if (!passesSite(row.site, filters)) return false;
  if (!isInPeriod(row.lastReadAt, filters)) return false;
  if (langs?.length && !langs.includes(row.lang.toLowerCase().replace(/-.*$/, ''))) return false;
  if (types?.length && !types.includes(row.type)) return false;
  if (filters.isPinned !== undefined && row.isPinned !== filters.isPinned) return false;
  if (filters.isReadAgain !== undefined && row.readCount > 1 !== filters.isReadAgain) return false;
  return true;
}

function termsIn(text: string): string[] {
  return [...wordSpans(text)].flatMap(({ start, end }) => termsOfWord(text.slice(start, end)));
}

/** Whether the index alone can leave out what is written: it is one term, in any form of the word. */
export function isOneTerm(words: string): boolean {
  return termsIn(words).length === 1;
}

/**
 * The pages that pass the filters of the request and of the query, have every word of `title:` and
 * none of the single words left out. Phrases are looked for in the text, by `acceptPhrases`.
 */
export function acceptPages(
  pages: PageTable,
  lexical: LexicalIndex,
  query: Pick<ParsedQuery, 'filters' | 'titleWords' | 'without'>,
  asked: Filters = {},
): AcceptedPages {
  const required = query.titleWords.flatMap(termsIn).map(titleTerm);
  const forbidden = query.without.filter(isOneTerm);
  const filters = [asked, query.filters].filter((one) => Object.keys(one).length > 0);
  if (filters.length + required.length + forbidden.length === 0) return { count: pages.pageCount };
  const mask = new Uint8Array(pages.length);
  const only = asked.pages && new Set(asked.pages);
  // A site is asked once, not once a page.
  const acceptsSite = pages.sites.map((site) => filters.every((one) => passesSite(site, one)));
  for (const page of pages.ordinals()) {
    // Most pages are of another site or another time: no row is made of them.
    if (!acceptsSite[pages.siteNumberOf(page)]) continue;
    const at = pages.lastReadAt(page);
    if (filters.some((one) => !isInPeriod(at, one))) continue;
    if (only?.has(pages.idOf(page) as PageId) === false) continue;
    const row = pages.row(page);
    if (filters.every((one) => passesFilters(row, one))) mask[page] = 1;
  }
  for (const term of new Set(required)) {
    const has = new Uint8Array(pages.length);
    lexical.pagesWith(term, (page) => {
      has[page] = 1;
    });
    for (let page = 0; page < mask.length; page++) {
      if (has[page] === 0) mask[page] = 0;
    }
  }
  for (const word of forbidden) {
    for (const term of termsIn(word)) {
      lexical.pagesWith(term, (page) => {
        mask[page] = 0;
      });
    }
  }
  return { mask, count: mask.reduce((sum, one) => sum + one, 0) };
}
