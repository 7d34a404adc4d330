import type { Timestamp } from '../ids.ts';
import { type PageType, pageTypes } from '../page/types.ts';
import { type Operator, operatorOf } from './operators.ts';
import { parseDate } from './parse-date.ts';
import type { Filters, QueryProblem, QueryProblemCode } from './types.ts';

/** An operator or a stretch of free words, with its place in the query for highlighting. */
export interface QueryPart {
  readonly start: number;
  readonly end: number;
  readonly kind: 'words' | 'phrase' | 'without' | 'operator' | 'problem';
}

/** A query, taken apart. */
export interface ParsedQuery {
  /** What is searched by meaning and by words: free words and the words of phrases. */
  readonly words: string;
  /** Each must be on the page, as written but for case and accents. */
  readonly phrases: readonly string[];
  /** None may be on the page. */
  readonly without: readonly string[];
  /** Each must be in the title. */
  readonly titleWords: readonly string[];
  readonly filters: Filters;
  /** The query is one address: the page itself is meant. */
  readonly url?: string;
  /** The query is words that may be an address without its beginning, as address bars show it. */
  readonly bareUrl?: string;
  readonly parts: readonly QueryPart[];
  readonly problems: readonly QueryProblem[];
}

/** An operator with its value, a quoted phrase (either may be negated), or a word. */
const partPattern =
  /(?<not>-)?(?:(?<name>[a-z]+|[가-힣]+):(?:["“](?<quotedValue>[^"”]*)["”]?|(?<value>[^\s"“]*))|["“](?<phrase>[^"”]*)(?<closing>["”])?)|(?<word>\S+)/giu;

/** A host name with a dot, and a path. */
const bareAddress = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?\/\S*$/u;

/** Collects what the operators say while the query is read from left to right. */
class Parser {
  readonly sites: string[] = [];
  readonly notSites: string[] = [];
  readonly langs: string[] = [];
  readonly types: PageType[] = [];
  readonly titleWords: string[] = [];
  readonly phrases: string[] = [];
  readonly without: string[] = [];
  readonly words: string[] = [];
  readonly parts: QueryPart[] = [];
  readonly problems: QueryProblem[] = [];
  after: Timestamp | undefined;
  before: Timestamp | undefined;
  readonly #now: Timestamp;

  constructor(now: Timestamp) {
    this.#now = now;
  }

  problem(
    start: number,
    end: number,
    code: QueryProblemCode,
    operator: Operator | '' = '',
    value = '',
  ): void {
    this.problems.push({ start, end, code, operator, value });
    this.parts.push({ start, end, kind: 'problem' });
  }

  operator(name: Operator, value: string, isNot: boolean, start: number, end: number): void {
    if (value === '') {
      this.problem(start, end, 'no-value', name);
      return;
    }
    if (isNot && name !== 'site') {
      this.problem(start, end, 'not-negatable', name, value);
      return;
    }
    const mistake = this.#apply(name, value, isNot);
    if (mistake !== undefined) this.problem(start, end, mistake, name, value);
    else this.parts.push({ start, end, kind: 'operator' });
  }

  #apply(name: Operator, value: string, isNot: boolean): QueryProblemCode | undefined {
    switch (name) {
      case 'site': {
        const site = value
          .toLowerCase()
          .replace(/^https?:\/\//, '')
          .replace(/^www\./, '')
          .replace(/\/.*$/, '');
        if (!/^[\p{L}\p{N}][\p{L}\p{N}.-]*(?::\d+)?$/u.test(site)) return 'bad-site';
        (isNot ? this.notSites : this.sites).push(site);
        return undefined;
      }
      case 'lang': {
        if (!/^[a-z]{2,3}(?:-.*)?$/i.test(value)) {
          return 'bad-language';
        }
        this.langs.push(value.toLowerCase().replace(/-.*$/, ''));
        return undefined;
      }
      case 'type': {
        const type = pageTypes.find((known) => known === value.toLowerCase());
        if (type === undefined) return 'bad-type';
        this.types.push(type);
        return undefined;
      }
      case 'title':
        this.titleWords.push(value);
        this.words.push(value);
        return undefined;
      case 'after':
      case 'before': {
        const range = parseDate(value, this.#now);
        if (range === null) {
          return 'bad-date';
        }
        const after =
          name === 'after' ? Math.max(this.after ?? range.from, range.from) : this.after;
        const before =
          name === 'before' ? Math.min(this.before ?? range.from, range.from) : this.before;
        if (after !== undefined && before !== undefined && after >= before) return 'empty-time';
        this.after = after;
        this.before = before;
        return undefined;
      }
    }
  }
}

/**
 * Takes a query apart: `site:` `-site:` `before:` `after:` `lang:` `type:` `title:` (or their
 * Korean names), "exact phrase", -word, in any order, and free words. `after:` a period counts from
 * its first moment, `before:` up to it. What cannot be read is a problem with its place and is left
 * out; the rest still counts.
 * @param now for dates such as `yesterday`
 */
export function parseQuery(query: string, now: Timestamp): ParsedQuery {
  const trimmed = query.trim();
  const parser = new Parser(now);
  if (/^(?:https?|file):\/\/[^\s]+$/i.test(trimmed)) {
    const start = query.indexOf(trimmed);
    parser.parts.push({ start, end: start + trimmed.length, kind: 'operator' });
    return { ...emptyParse, parts: parser.parts, url: trimmed };
  }
  let wordsEnd = -1;
  for (const match of query.matchAll(partPattern)) {
    const start = match.index;
    const end = start + match[0].length;
    const { not, name, quotedValue, value, phrase, closing, word } = match.groups ?? {};
    const operator = name === undefined ? null : operatorOf(name);
    if (operator !== null) {
      parser.operator(operator, (quotedValue ?? value ?? '').trim(), not !== undefined, start, end);
    } else if (phrase !== undefined) {
      const text = phrase.trim();
      if (closing === undefined) parser.problem(start, end, 'open-quote');
      else if (text === '') parser.problem(start, end, 'empty-quote');
      else {
        parser.parts.push({ start, end, kind: not === undefined ? 'phrase' : 'without' });
        (not === undefined ? parser.phrases : parser.without).push(text);
      }
      if (not === undefined && text !== '') parser.words.push(text);
    } else {
      const text = word ?? match[0];
      if (/^-[\p{L}\p{N}]/u.test(text)) {
        parser.without.push(text.slice(1));
        parser.parts.push({ start, end, kind: 'without' });
      } else {
        parser.words.push(text);
        parser.parts.push({ start, end, kind: 'words' });
        wordsEnd = end;
      }
    }
  }
  // A blank after the last word says that it is whole; the prefix search goes by it.
  const isWhole = wordsEnd !== query.length;
  return {
    words: parser.words.join(' ') + (isWhole && parser.words.length > 0 ? ' ' : ''),
    phrases: parser.phrases,
    without: parser.without,
    titleWords: parser.titleWords,
    filters: filtersOf(parser),
    ...(bareAddress.test(trimmed) ? { bareUrl: trimmed } : {}),
    parts: parser.parts,
    problems: parser.problems,
  };
}

const emptyParse: Omit<ParsedQuery, 'parts'> = {
  words: '',
  phrases: [],
  without: [],
  titleWords: [],
  filters: {},
  problems: [],
};

function filtersOf(parser: Parser): Filters {
  return {
    ...(parser.sites.length > 0 ? { sites: parser.sites } : {}),
    ...(parser.notSites.length > 0 ? { notSites: parser.notSites } : {}),
    ...(parser.langs.length > 0 ? { langs: parser.langs } : {}),
    ...(parser.types.length > 0 ? { types: parser.types } : {}),
    ...(parser.after === undefined ? {} : { after: parser.after }),
    ...(parser.before === undefined ? {} : { before: parser.before }),
  };
}
