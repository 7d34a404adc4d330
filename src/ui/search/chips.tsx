import type { PageId } from '../../core/ids.ts';
import type { Filters } from '../../core/search/types.ts';
import { dayDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { mapWords } from '../messages/map.ts';
import { searchWords } from '../messages/search.ts';
import type { Finder, Question } from '../results/finder.ts';
import { tidyFilters } from './facets.ts';
import { typeName } from './filter-panel.tsx';

interface Chip {
  readonly name: string;
  readonly without: Question;
}

/** What steers the list, each with a way to take it away. */
export function Chips({
  finder,
  titles,
}: {
  readonly finder: Finder;
  readonly titles: ReadonlyMap<PageId, string>;
}) {
  const chips = chipsOf(finder.question.value, titles);
  if (chips.length === 0) return null;
  return (
    <ul class="chips" aria-label={t(searchWords.steering)}>
      {chips.map((chip) => (
        <li key={chip.name} class="chip">
          <span dir="auto">{chip.name}</span>
          <button
            type="button"
            class="icon-button"
            aria-label={t(searchWords.remove, { name: chip.name })}
            onClick={() => finder.setQuestion(chip.without)}
          >
            <Icon name="x" size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function chipsOf(question: Question, titles: ReadonlyMap<PageId, string>): readonly Chip[] {
  const { filters } = question;
  const without = (part: { readonly [K in keyof Filters]?: Filters[K] | undefined }): Question => ({
    ...question,
    filters: tidyFilters({ ...filters, ...part }),
  });
  const chips: Chip[] = [
    ...(filters.sites ?? []).map((site) => ({
      name: `site:${site}`,
      without: without({ sites: filters.sites?.filter((other) => other !== site) }),
    })),
    ...(filters.notSites ?? []).map((site) => ({
      name: `-site:${site}`,
      without: without({ notSites: filters.notSites?.filter((other) => other !== site) }),
    })),
    ...(filters.langs ?? []).map((lang) => ({
      name: new Intl.DisplayNames(language.value, { type: 'language' }).of(lang) ?? lang,
      without: without({ langs: filters.langs?.filter((other) => other !== lang) }),
    })),
    ...(filters.types ?? []).map((type) => ({
      name: typeName(type),
      without: without({ types: filters.types?.filter((other) => other !== type) }),
    })),
  ];
  if (filters.after !== undefined) {
    chips.push({
      name: `${t(searchWords.from)} ${dayDate(language.value, filters.after)}`,
      without: without({ after: undefined }),
    });
  }
  if (filters.before !== undefined) {
    chips.push({
      name: `${t(searchWords.until)} ${dayDate(language.value, filters.before - 1)}`,
      without: without({ before: undefined }),
    });
  }
  if (filters.isPinned) {
    chips.push({ name: t(searchWords.pinnedOnly), without: without({ isPinned: undefined }) });
  }
  if (filters.isReadAgain) {
    chips.push({ name: t(searchWords.againOnly), without: without({ isReadAgain: undefined }) });
  }
  if (filters.pages) {
    chips.push({
      name: t(mapWords.part, { count: filters.pages.length }),
      without: without({ pages: undefined }),
    });
  }
  if (question.kind !== 'words') return chips;
  const titleOf = (id: PageId) => titles.get(id) ?? String(id);
  return [
    ...chips,
    ...question.like.map((id) => ({
      name: t(searchWords.chipMore, { title: titleOf(id) }),
      without: { ...question, like: question.like.filter((other) => other !== id) },
    })),
    ...question.unlike.map((id) => ({
      name: t(searchWords.chipLess, { title: titleOf(id) }),
      without: { ...question, unlike: question.unlike.filter((other) => other !== id) },
    })),
  ];
}
