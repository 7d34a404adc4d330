import { pageTypes } from '../../core/page/types.ts';
import type { QueryProblem } from '../../core/search/types.ts';
import { t } from '../i18n/language.ts';
import { resultWords } from '../messages/results.ts';

/** A value that each operator takes, for messages. */
const examples: Readonly<Record<string, string>> = {
  site: 'site:example.com',
  before: 'before:2026-03',
  after: 'after:last-week',
  lang: 'lang:ko',
  type: 'type:article',
  title: 'title:frog',
};

/** A mistake in a query, in the person's words. */
export function problemText(problem: QueryProblem): string {
  const { code, operator, value } = problem;
  const example = examples[operator] ?? '';
  switch (code) {
    case 'no-value':
      return t(resultWords.noValue, { operator, example });
    case 'not-negatable':
      return t(resultWords.notNegatable, { operator });
    case 'bad-site':
      return t(resultWords.badSite, { value, example });
    case 'bad-language':
      return t(resultWords.badLanguage, { value, example });
    case 'bad-type':
      return t(resultWords.badType, { value, list: pageTypes.join(', ') });
    case 'bad-date':
      return t(resultWords.badDate, { value });
    case 'empty-time':
      return t(resultWords.emptyTime, { operator, value });
    case 'open-quote':
      return t(resultWords.openQuote);
    case 'empty-quote':
      return t(resultWords.emptyQuote);
  }
}
