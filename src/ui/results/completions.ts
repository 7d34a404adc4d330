import { pageTypes } from '../../core/page/types.ts';
import { operatorAliases, operatorOf, operators } from '../../core/search/operators.ts';
import type { PageSummary } from '../../core/search/types.ts';

/** A way to go on with what stands at the end of the box. */
export interface Completion {
  /** Where the text goes; everything from here on is replaced. UTF-16 offset. */
  readonly start: number;
  readonly text: string;
  /** What is new of it: the operator, or the value alone. */
  readonly label: string;
}

const mostValues = 4;
/** Fewer letters begin too many words that are no operators. */
const leastLetters = 3;

const names = [
  ...operators.map((name) => `${name}:`),
  '-site:',
  ...Object.keys(operatorAliases).map((name) => `${name}:`),
];
const months =
  'january february march april may june july august september october november december';
const dates = ['yesterday', 'last-week', 'last-month', 'last-year', ...months.split(' ')];
const koreanDates = ['어제', '지난주', '지난달', '작년'];

/**
 * Completions of the last word of a query, best first: the operator it begins, or values of the
 * operator it is. Sites and languages are those of `pages`, the most frequent first. None once a
 * value is whole.
 */
export function completionsOf(
  query: string,
  pages: readonly Pick<PageSummary, 'site' | 'lang'>[],
): readonly Completion[] {
  const word = /\S+$/.exec(query)?.[0] ?? '';
  const start = query.length - word.length;
  const parts = /^(-?)([a-z]+|[가-힣]+):(.*)$/iu.exec(word);
  if (parts === null) {
    const isKorean = /^[가-힣]/u.test(word);
    if (word.length < (isKorean ? 2 : leastLetters)) return [];
    return names
      .filter((name) => name.startsWith(word.toLowerCase()))
      .map((text) => ({ start, text, label: text }));
  }
  const [, not = '', name = '', typed = ''] = parts;
  const operator = operatorOf(name);
  if (operator === null || (not !== '' && operator !== 'site')) return [];
  const values = valuesOf(operator, /^[가-힣]/u.test(name), pages);
  const begun = typed.toLowerCase();
  if (values.includes(begun)) return [];
  return values
    .filter((value) => value.startsWith(begun))
    .slice(0, mostValues)
    .map((value) => ({ start, text: `${not}${name}:${value} `, label: value }));
}

function valuesOf(
  operator: (typeof operators)[number],
  isKorean: boolean,
  pages: readonly Pick<PageSummary, 'site' | 'lang'>[],
): readonly string[] {
  switch (operator) {
    case 'site':
      return byFrequency(pages.map((page) => page.site));
    case 'lang':
      return byFrequency(pages.map((page) => page.lang.split('-')[0] ?? ''));
    case 'type':
      return pageTypes;
    case 'before':
    case 'after':
      return isKorean ? koreanDates : dates;
    case 'title':
      return [];
  }
}

function byFrequency(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== '' && value !== 'und') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}
