import type { Timestamp } from '../ids.ts';
import { type PageType, pageTypes } from '../page/types.ts';
import { parseDate } from './parse-date.ts';
import type { Filters, QueryProblem } from './types.ts';

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
  readonly parts: readonly QueryPart[];
  readonly problems: readonly QueryProblem[];
}

/** An operator with its value, a quoted phrase (either may be negated), or a word. */
const partPattern =
  /(?<not>-)?(?:(?<name>[a-z]+|[가-힣]+):(?:["“](?<quotedValue>[^"”]*)["”]?|(?<value>[^\s"“]*))|["“](?<phrase>[^"”]*)(?<closing>["”])?)|(?<word>\S+)/giu;

const aliases: Readonly<Record<string, string>> = {
  사이트: 'site',
  이전: 'before',
  이후: 'after',
  언어: 'lang',
  종류: 'type',
  제목: 'title',
};
const operators = ['site', 'before', 'after', 'lang', 'type', 'title'] as const;
type Operator = (typeof operators)[number];

function isOperator(name: string): name is Operator {
  return (operators as readonly string[]).includes(name);
}

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

  problem(start: number, end: number, message: string): void {
    this.problems.push({ start, end, message });
    this.parts.push({ start, end, kind: 'problem' });
  }

  operator(name: Operator, value: string, isNot: boolean, start: number, end: number): void {
    if (value === '') {
      this.problem(start, end, `${name}: needs a value, for example ${examples[name]}.`);
      return;
    }
    if (isNot && name !== 'site') {
      this.problem(start, end, `-${name}: is not known; only -site: and -word leave pages out.`);
      return;
    }
    const mistake = this.#apply(name, value, isNot);
    if (mistake !== undefined) this.problem(start, end, mistake);
    else this.parts.push({ start, end, kind: 'operator' });
  }

  #apply(name: Operator, value: string, isNot: boolean): string | undefined {
    switch (name) {
      case 'site': {
        const site = value
          .toLowerCase()
          .replace(/^https?:\/\//, '')
          .replace(/^www\./, '')
          .replace(/\/.*$/, '');
        (isNot ? this.notSites : this.sites).push(site);
        return undefined;
      }
      case 'lang': {
        if (!/^[a-z]{2,3}(?:-.*)?$/i.test(value)) {
          return `lang:${value} is not a language; write its code, as in ${examples.lang}.`;
        }
        this.langs.push(value.toLowerCase().replace(/-.*$/, ''));
        return undefined;
      }
      case 'type': {
        const type = pageTypes.find((known) => known === value.toLowerCase());
        if (type === undefined)
          return `type:${value} is not known; one of ${pageTypes.join(', ')}.`;
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
          return `${name}:${value} is not a date; write 2026-03-05, 2026-03, 2026, yesterday or last-week.`;
        }
        if (name === 'after') this.after = Math.max(this.after ?? range.from, range.from);
        else this.before = Math.min(this.before ?? range.from, range.from);
        return undefined;
      }
    }
  }
}

const examples: Readonly<Record<Operator, string>> = {
  site: 'site:example.com',
  before: 'before:2026-03',
  after: 'after:last-week',
  lang: 'lang:ko',
  type: 'type:article',
  title: 'title:frog',
};

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
  if (/^https?:\/\/[^\s]+$/i.test(trimmed)) {
    const start = query.indexOf(trimmed);
    parser.parts.push({ start, end: start + trimmed.length, kind: 'operator' });
    return { ...emptyParse, parts: parser.parts, url: trimmed };
  }
  let wordsEnd = -1;
  for (const match of query.matchAll(partPattern)) {
    const start = match.index;
    const end = start + match[0].length;
    const { not, name, quotedValue, value, phrase, closing, word } = match.groups ?? {};
    const operator = name === undefined ? undefined : (aliases[name] ?? name.toLowerCase());
    if (operator !== undefined && isOperator(operator)) {
      parser.operator(operator, (quotedValue ?? value ?? '').trim(), not !== undefined, start, end);
    } else if (phrase !== undefined) {
      const text = phrase.trim();
      if (closing === undefined) parser.problem(start, end, 'The quotation mark is not closed.');
      else if (text === '')
        parser.problem(start, end, 'There is nothing between the quotation marks.');
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
