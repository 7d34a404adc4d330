import { useState } from 'preact/hooks';
import type { PageType } from '../../core/page/types.ts';
import { parseDate } from '../../core/search/parse-date.ts';
import type { Filters, Hit } from '../../core/search/types.ts';
import { language, t } from '../i18n/language.ts';
import { searchWords } from '../messages/search.ts';
import type { Finder, Question } from '../results/finder.ts';
import { type Facet, facetsOf, tidyFilters, toggled } from './facets.ts';
import { TimeBars } from './time-bars.tsx';

const dayMs = 86_400_000;

/** Filters as plain lists with counts. Each change is in the question at once. */
export function FilterPanel({ finder }: { readonly finder: Finder }) {
  const question = finder.question.value;
  const { filters } = question;
  const hits = finder.search.shown.value?.response.hits ?? [];
  const change = (part: { readonly [K in keyof Filters]?: Filters[K] | undefined }) =>
    finder.setQuestion({ ...question, filters: tidyFilters({ ...filters, ...part }) });
  const names = new Intl.DisplayNames(language.value, { type: 'language' });

  return (
    <div class="filters">
      <TimeFilter hits={hits} filters={filters} change={change} />
      <FacetList
        name={t(searchWords.sites)}
        facets={facetsOf(hits, (hit) => hit.page.site, filters.sites)}
        labelOf={(site) => site}
        toggle={(site) => change({ sites: toggled(filters.sites, site) })}
      />
      <FacetList
        name={t(searchWords.languages)}
        facets={facetsOf(hits, (hit) => hit.page.lang.split('-')[0] ?? 'und', filters.langs)}
        labelOf={(lang) => names.of(lang) ?? lang}
        toggle={(lang) => change({ langs: toggled(filters.langs, lang) })}
      />
      <FacetList
        name={t(searchWords.types)}
        facets={facetsOf(hits, (hit) => hit.page.type, filters.types)}
        labelOf={typeName}
        toggle={(type) => change({ types: toggled(filters.types, type) })}
      />
      <fieldset>
        <legend>{t(searchWords.only)}</legend>
        <Check
          label={t(searchWords.pinnedOnly)}
          isOn={filters.isPinned === true}
          toggle={() => change({ isPinned: !filters.isPinned })}
        />
        <Check
          label={t(searchWords.againOnly)}
          isOn={filters.isReadAgain === true}
          toggle={() => change({ isReadAgain: !filters.isReadAgain })}
        />
      </fieldset>
      {question.kind === 'words' && (
        <SortChoice
          sort={question.sort}
          set={(sort) => finder.setQuestion({ ...question, sort })}
        />
      )}
    </div>
  );
}

type Change = (part: { readonly [K in keyof Filters]?: Filters[K] | undefined }) => void;

function TimeFilter(props: {
  readonly hits: readonly Hit[];
  readonly filters: Filters;
  readonly change: Change;
}) {
  const { hits, filters, change } = props;
  const presets = [
    [t(searchWords.anyTime), null],
    [t(searchWords.pastDay), 1],
    [t(searchWords.pastWeek), 7],
    [t(searchWords.pastMonth), 30],
    [t(searchWords.pastYear), 365],
  ] as const;
  const { after, before } = filters;
  const age = after === undefined ? null : (Date.now() - after) / dayMs;
  const isPreset = (days: number | null) =>
    before === undefined &&
    (days === null ? age === null : age !== null && Math.abs(age - days) < 0.5);
  return (
    <fieldset>
      <legend>{t(searchWords.time)}</legend>
      <TimeBars hits={hits} choose={(after, before) => change({ after, before })} />
      <WordsForTime change={change} />
      {presets.map(([label, days]) => (
        <label key={label} class="choice">
          <input
            type="radio"
            name="time"
            checked={isPreset(days)}
            onChange={() =>
              change({
                after: days === null ? undefined : Date.now() - days * dayMs,
                before: undefined,
              })
            }
          />
          {label}
        </label>
      ))}
      <label class="date">
        <span>{t(searchWords.from)}</span>
        <input
          type="date"
          class="field"
          value={inputDate(after)}
          onChange={(event) => change({ after: dateInput(event.currentTarget.value, 0) })}
        />
      </label>
      <label class="date">
        <span>{t(searchWords.until)}</span>
        <input
          type="date"
          class="field"
          value={before === undefined ? '' : inputDate(before - dayMs)}
          onChange={(event) => change({ before: dateInput(event.currentTarget.value, 1) })}
        />
      </label>
    </fieldset>
  );
}

/** A period in words, such as "last March"; it is taken over with Enter or by leaving the field. */
function WordsForTime({ change }: { readonly change: Change }) {
  const [words, setWords] = useState('');
  const [unknown, setUnknown] = useState('');
  const take = () => {
    const range = words.trim() === '' ? null : parseDate(words, Date.now());
    setUnknown(range === null ? words.trim() : '');
    if (range === null) return;
    change({ after: range.from, before: range.to });
    setWords('');
  };
  return (
    <>
      <label class="time-words">
        <span>{t(searchWords.inWords)}</span>
        <input
          class="field"
          value={words}
          placeholder={t(searchWords.inWordsHint)}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => setWords(event.currentTarget.value)}
          onChange={take}
        />
      </label>
      <p class="time-unknown" role="status">
        {unknown !== '' && t(searchWords.unknownTime, { words: unknown })}
      </p>
    </>
  );
}

/** A moment as the value of a date field, in local time. */
function inputDate(at: number | undefined): string {
  if (at === undefined) return '';
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Local midnight of a date field's day, some days later; undefined when the field is empty. */
function dateInput(value: string, addDays: number): number | undefined {
  const [year, month, day] = value.split('-').map(Number);
  if (!year || !month || !day) return undefined;
  return new Date(year, month - 1, day + addDays).getTime();
}

interface FacetListProps<T extends string> {
  readonly name: string;
  readonly facets: readonly Facet<T>[];
  labelOf(value: T): string;
  toggle(value: T): void;
}

function FacetList<T extends string>({ name, facets, labelOf, toggle }: FacetListProps<T>) {
  if (facets.length === 0) return null;
  return (
    <fieldset>
      <legend>{name}</legend>
      {facets.map(({ value, count, isOn }) => (
        <Check
          key={value}
          label={labelOf(value)}
          count={count}
          isOn={isOn}
          toggle={() => toggle(value)}
        />
      ))}
    </fieldset>
  );
}

function Check(props: { label: string; isOn: boolean; count?: number; toggle: () => void }) {
  return (
    <label class="choice">
      <input type="checkbox" checked={props.isOn} onChange={props.toggle} />
      <span class="choice-name">{props.label}</span>
      {props.count !== undefined && <span class="count">{props.count}</span>}
    </label>
  );
}

type Sort = Extract<Question, { kind: 'words' }>['sort'];

function SortChoice({ sort, set }: { readonly sort: Sort; set(sort: Sort): void }) {
  const options = [
    ['best', t(searchWords.sortBest)],
    ['relevance', t(searchWords.sortRelevance)],
    ['time', t(searchWords.sortTime)],
  ] as const;
  return (
    <fieldset>
      <legend>{t(searchWords.sort)}</legend>
      {options.map(([value, label]) => (
        <label key={value} class="choice">
          <input type="radio" name="sort" checked={sort === value} onChange={() => set(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** The name of a kind of page. */
export function typeName(type: PageType): string {
  return t(searchWords[type]);
}
