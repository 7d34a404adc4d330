import type { PageId, Timestamp } from '../../core/ids.ts';
import { type PageType, pageTypes } from '../../core/page/types.ts';
import type { Filters, SearchRequest } from '../../core/search/types.ts';
import { emptyQuestion, type Question } from '../results/finder.ts';

/** What a similar search is about, as the address names it: a page's number, or its key. */
export type SimilarTarget =
  | { readonly kind: 'id'; readonly id: PageId }
  | { readonly kind: 'key'; readonly key: string };

/** The state of the search page that its address holds. */
export interface Address {
  readonly question: Question;
  readonly similar: SimilarTarget | null;
}

/** The tab whose opened page an address asks to see as it was found; null for none. */
export function openedTabOf(search: string): number | null {
  const value = new URLSearchParams(search).get('opened');
  const tabId = value === null || value === '' ? Number.NaN : Number(value);
  return Number.isSafeInteger(tabId) && tabId >= 0 ? tabId : null;
}

const sorts: readonly NonNullable<SearchRequest['sort']>[] = ['best', 'relevance', 'time'];

/** Reads an address; what cannot be read is left out. */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  const filters = readFilters(params);
  const similar = params.get('similar');
  const text = params.get('text');
  if (similar !== null && similar !== '') {
    const id = Number(similar);
    const isId = Number.isSafeInteger(id) && id >= 0;
    return {
      question: {
        kind: 'similar',
        pageId: isId ? (id as PageId) : null,
        text: '',
        title: '',
        filters,
      },
      similar: isId ? { kind: 'id', id: id as PageId } : { kind: 'key', key: similar },
    };
  }
  if (text !== null && text !== '') {
    return {
      question: { kind: 'similar', pageId: null, text, title: '', filters },
      similar: null,
    };
  }
  return {
    question: {
      ...emptyQuestion,
      kind: 'words',
      query: params.get('q') ?? '',
      filters,
      sort: sorts.find((sort) => sort === params.get('sort')) ?? 'best',
      like: readIds(params.getAll('like')),
      unlike: readIds(params.getAll('unlike')),
    },
    similar: null,
  };
}

/**
 * The inverse of {@link readAddress} and {@link openedTabOf}: an address's query with `?`, or nothing.
 */
export function writeAddress(question: Question, openedTab: number | null = null): string {
  const params = new URLSearchParams();
  if (question.kind === 'similar') {
    if (question.pageId !== null) params.set('similar', String(question.pageId));
    else params.set('text', question.text);
  } else {
    if (question.query !== '') params.set('q', question.query);
    if (question.sort !== 'best') params.set('sort', question.sort);
    for (const id of question.like) params.append('like', String(id));
    for (const id of question.unlike) params.append('unlike', String(id));
  }
  const { filters } = question;
  for (const site of filters.sites ?? []) params.append('site', site);
  for (const site of filters.notSites ?? []) params.append('nosite', site);
  for (const lang of filters.langs ?? []) params.append('lang', lang);
  for (const type of filters.types ?? []) params.append('type', type);
  if (filters.after !== undefined) params.set('after', String(filters.after));
  if (filters.before !== undefined) params.set('before', String(filters.before));
  if (filters.isPinned) params.set('pinned', '1');
  if (filters.isReadAgain) params.set('again', '1');
  if (openedTab !== null) params.set('opened', String(openedTab));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

function readFilters(params: URLSearchParams): Filters {
  const sites = params.getAll('site').filter(Boolean);
  const notSites = params.getAll('nosite').filter(Boolean);
  const langs = params.getAll('lang').filter(Boolean);
  const types = params.getAll('type').filter((type): type is PageType => isPageType(type));
  const after = readTime(params.get('after'));
  const before = readTime(params.get('before'));
  return {
    ...(sites.length > 0 && { sites }),
    ...(notSites.length > 0 && { notSites }),
    ...(langs.length > 0 && { langs }),
    ...(types.length > 0 && { types }),
    ...(after !== null && { after }),
    ...(before !== null && { before }),
    ...(params.get('pinned') === '1' && { isPinned: true }),
    ...(params.get('again') === '1' && { isReadAgain: true }),
  };
}

function isPageType(value: string): value is PageType {
  return (pageTypes as readonly string[]).includes(value);
}

function readTime(value: string | null): Timestamp | null {
  const time = Number(value ?? Number.NaN);
  return Number.isSafeInteger(time) ? time : null;
}

function readIds(values: readonly string[]): readonly PageId[] {
  return values.map(Number).filter((id): id is PageId => Number.isSafeInteger(id) && id >= 0);
}
