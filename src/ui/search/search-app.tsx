import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageId, PageKey } from '../../core/ids.ts';
import type { OpenedText } from '../../core/page/opened.ts';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { mapWords } from '../messages/map.ts';
import { searchWords } from '../messages/search.ts';
import { stateWords } from '../messages/state.ts';
import { Notice } from '../parts/notice.tsx';
import type { Ask, Timers } from '../parts/services.ts';
import { createFinder, emptyQuestion, type Question } from '../results/finder.ts';
import { FinderView } from '../results/finder-view.tsx';
import type { Row } from '../results/rows.ts';
import { openedTabOf, readAddress, type SimilarTarget, writeAddress } from './address.ts';
import { Chips } from './chips.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { Reader } from './reader.tsx';

export interface SearchAppProps {
  readonly ask: Ask;
  readonly timers: Timers;
  readonly typed: string;
}

/** The search page: filters, results, and on demand the stored text. Its address holds its state. */
export function SearchApp({ ask, timers, typed }: SearchAppProps) {
  const finder = useMemo(
    () => createFinder({ ask, timers, client: 'search', limit: 100, recentLimit: 60 }),
    [ask, timers],
  );
  const [reading, setReading] = useState<Row | null>(null);
  const [opened, setOpened] = useState<OpenedText | null>(null);
  /** The tab of which `opened` is; in the address, so that a reload shows it again. */
  const [openedTab, setOpenedTab] = useState(() => openedTabOf(location.search));
  const [isUnknownPage, setUnknownPage] = useState(false);
  const [titles, setTitles] = useState<ReadonlyMap<PageId, string>>(new Map());
  const question = finder.question.value;

  const read = (row: Row | null, text: OpenedText | null = null) => {
    setReading(row);
    setOpened(text);
    if (text === null) setOpenedTab(null);
  };
  useEffect(() => {
    if (openedTab === null) return;
    ask('page-background:opened-text', { tabId: openedTab }).then(
      (text) => text && read({ page: text.page, url: text.page.url, rank: 0 }, text),
      () => {
        // The list is there all the same, and the page in it.
      },
    );
  }, [ask, openedTab]);

  /** Whether the question is still the one that the address names and nobody has looked up yet. */
  const isLookingUp = useRef(readAddress(location.search).similar !== null);
  useEffect(() => {
    const { question: asked, similar } = readAddress(location.search);
    if (similar) {
      void askSimilar(ask, similar, asked).then((found) => {
        if (found) finder.setQuestion(found);
        else setUnknownPage(true);
        // Not before: the last pages read would flash up and go.
        void finder.loadRecent();
      });
    } else if (asked.kind === 'words' && typed !== '') {
      finder.setQuestion({ ...asked, query: typed });
    } else {
      finder.setQuestion(asked);
    }
    if (!similar) void finder.loadRecent();
  }, [finder, ask, typed]);
  useEffect(() => {
    if (question !== emptyQuestion) isLookingUp.current = false;
    if (isLookingUp.current) return;
    // What the address asks for is the question by now, but this view of it may be one behind.
    const asked = finder.question.value;
    history.replaceState(null, '', location.pathname + writeAddress(asked, openedTab));
  }, [finder, question, openedTab]);

  useEffect(() => {
    const name = question.kind === 'words' ? question.query.trim() : question.title;
    document.title = name === '' ? t(searchWords.title) : t(searchWords.titleWith, { query: name });
    if (question !== emptyQuestion) setUnknownPage(false);
  }, [question]);

  // Examples that came with the address are known by number alone.
  const unnamed =
    question.kind === 'words'
      ? [...question.like, ...question.unlike].filter((id) => !titles.has(id)).join(' ')
      : '';
  useEffect(() => {
    if (unnamed === '') return;
    for (const id of unnamed.split(' ').map(Number) as PageId[]) {
      ask('page-engine:stored-page', { id }).then(
        (stored) => {
          const title = stored?.page.title ?? String(id);
          setTitles((before) => new Map(before).set(id, title));
        },
        () => {
          // The chip keeps the number.
        },
      );
    }
  }, [ask, unnamed]);

  const steer = (row: Row, field: 'like' | 'unlike') => {
    setTitles(new Map(titles).set(row.page.id, row.page.title));
    const base: Extract<Question, { kind: 'words' }> =
      question.kind === 'words'
        ? question
        : { kind: 'words', query: '', filters: {}, sort: 'best', like: [], unlike: [] };
    const without = (list: readonly PageId[]) => list.filter((id) => id !== row.page.id);
    const next = { ...base, like: without(base.like), unlike: without(base.unlike) };
    finder.setQuestion({ ...next, [field]: [...next[field], row.page.id] });
  };

  return (
    <div class={`search-page${reading ? ' with-reader' : ''}`}>
      <aside class="side" aria-label={t(searchWords.filters)}>
        <p class="brand">
          <img src="/icon.svg" width="24" height="24" alt="" />
          Dejalu
        </p>
        <details class="filter-fold" open={window.innerWidth >= 800}>
          <summary>{t(searchWords.filters)}</summary>
          <FilterPanel finder={finder} />
        </details>
        <nav class="side-links">
          <a href={`/map.html${writeAddress(question)}`}>
            <Icon name="map" />
            {t(mapWords.link)}
          </a>
          <a href="/options.html">
            <Icon name="settings" />
            {t(stateWords.options)}
          </a>
        </nav>
      </aside>
      <FinderView
        finder={finder}
        ask={ask}
        strip={
          <>
            <Chips finder={finder} titles={titles} />
            {isUnknownPage && (
              <Notice icon="info" size="quiet" text={t(searchWords.notStoredPage)} />
            )}
          </>
        }
        onSteer={steer}
        onRead={read}
      />
      {reading && (
        <Reader
          ask={ask}
          row={reading}
          opened={opened}
          onClose={() => read(null)}
          onRead={(page) => read({ page, url: page.url, rank: 0 })}
        />
      )}
    </div>
  );
}

/** Finds the page that an address speaks of, for the heading; null when it is not stored. */
async function askSimilar(
  ask: Ask,
  similar: SimilarTarget,
  question: Question,
): Promise<Question | null> {
  const page =
    similar.kind === 'key'
      ? await ask('page-engine:page-by-key', { key: similar.key as PageKey }).catch(() => null)
      : await ask('page-engine:stored-page', { id: similar.id }).then(
          (stored) => stored?.page ?? null,
          () => null,
        );
  if (!page) return null;
  return {
    kind: 'similar',
    pageId: page.id,
    text: '',
    title: page.title,
    filters: question.filters,
  };
}
