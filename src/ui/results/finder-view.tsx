import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { appearance, t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import type { IconName } from '../icons/lucide.ts';
import { resultWords } from '../messages/results.ts';
import { stateWords } from '../messages/state.ts';
import { errorText } from '../parts/error-text.ts';
import { ForgetToast } from '../parts/forget-toast.tsx';
import { HelpDialog } from '../parts/help-dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import type { Ask } from '../parts/services.ts';
import { useStable } from '../parts/use-stable.ts';
import { Completions, ElsewhereNote, Problems, RowErrorNote } from './box-notes.tsx';
import { emptyQuestion, type Finder, isEmptyQuestion } from './finder.ts';
import { type Command, commandOf } from './keys.ts';
import { ResultList, rowElementId } from './result-list.tsx';
import type { Row } from './rows.ts';
import { SearchBox } from './search-box.tsx';

export interface FinderViewProps {
  readonly finder: Finder;
  readonly ask: Ask;
  /** Beside the box. */
  readonly corner?: ComponentChildren;
  /** Between the box and the list. */
  readonly strip?: ComponentChildren;
  /** Below the list. */
  readonly foot?: ComponentChildren;
  /** Asks for more or less like a row; views without it leave it out. */
  onSteer?(row: Row, towards: 'like' | 'unlike'): void;
  /** Shows the stored text of a row's page; views without a place for it leave it out. */
  onRead?(row: Row): void;
  /** After a page was opened in place of the current one, or Escape in an empty box. */
  onLeave?(): void;
}

const listId = 'results';

/** Box, list, keys and states: what popup, side panel and search page share. */
export function FinderView(props: FinderViewProps) {
  const { finder, ask, onLeave } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isAltHeld, setAltHeld] = useState(false);
  const [isPointing, setPointing] = useState(false);
  const question = finder.question.value;
  const selected = finder.selected.value;
  const text = question.kind === 'words' ? question.query : '';

  useEffect(() => {
    input.current?.focus();
    const flush = () => finder.forgetting.flush();
    window.addEventListener('pagehide', flush);
    return () => window.removeEventListener('pagehide', flush);
  }, [finder]);

  const openRow = (row: Row, place: 'tab' | 'new-tab' | 'side-window') => {
    void finder.open(row, place).then((isOpen) => {
      if (isOpen && place === 'tab') onLeave?.();
    });
  };
  const similarTo = (row: Row) => {
    finder.setQuestion({
      kind: 'similar',
      pageId: row.page.id,
      text: '',
      title: row.page.title,
      filters: {},
    });
    input.current?.focus();
  };

  const run = (command: Command) => {
    switch (command) {
      case 'next':
      case 'previous':
      case 'first':
      case 'last':
        return finder.move(command);
      case 'undo':
        return finder.forgetting.undo();
      case 'complete': {
        const [completion] = finder.completions.value;
        return completion && finder.complete(completion);
      }
      case 'help':
        return setHelpOpen(true);
      case 'escape':
        if (!isEmptyQuestion(question)) return finder.setQuestion(emptyQuestion);
        return onLeave?.();
    }
    if (!selected) return;
    switch (command) {
      case 'open':
        return openRow(selected, 'tab');
      case 'open-tab':
        return openRow(selected, 'new-tab');
      case 'open-aside':
        return openRow(selected, 'side-window');
      case 'forget':
        finder.move(selected === finder.groups.value.at(-1)?.rows.at(-1) ? 'previous' : 'next');
        return finder.forgetting.forget(selected.page.id, selected.page.title);
      case 'similar':
        return similarTo(selected);
      case 'pin':
        return void finder.pin(selected);
      case 'unfold':
        return finder.unfold(selected);
      case 'passages':
        return void finder.showMore(selected);
      case 'read':
        return props.onRead?.(selected);
      case 'more-like':
        return props.onSteer?.(selected, 'like');
      case 'less-like':
        return props.onSteer?.(selected, 'unlike');
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    setAltHeld(event.altKey);
    const box = input.current;
    if (event.target !== box && !(event.target as HTMLElement).closest('.result-scroller')) return;
    if ((event.target as HTMLElement).closest('button')) return;
    const isInBox = event.target === box && box !== null;
    const command = commandOf(
      event,
      isInBox
        ? {
            isEmpty: box.value === '',
            isAtEnd:
              box.selectionStart === box.value.length && box.selectionEnd === box.value.length,
          }
        : null,
    );
    // Forgetting needs a choice: the first row is selected before anyone has looked at it.
    if (command === null || (command === 'forget' && finder.chosen.value === null)) return;
    // With nothing to take back, the key is the box's own.
    if (command === 'undo' && finder.forgetting.pending.value?.state !== 'waiting') return;
    if (command === 'complete' && finder.completions.value.length === 0) return;
    event.preventDefault();
    setPointing(false);
    run(command);
  };

  const showsScores = isAltHeld || appearance.value.showScores;
  // What rows get stays the same while the list does: a letter renders none of them before its answer.
  const groups = finder.groups.value;
  const now = useMemo(() => Date.now(), [groups]);
  const point = useStable((row: Row) => {
    if (isPointing && row !== selected) finder.select(row);
  });
  const pick = useStable((row: Row, event: MouseEvent) => {
    const isNewTab = event.ctrlKey || event.metaKey || event.button === 1;
    openRow(row, isNewTab ? 'new-tab' : event.shiftKey ? 'side-window' : 'tab');
  });
  return (
    <main
      class="finder"
      onKeyDown={onKeyDown}
      onKeyUp={(event) => setAltHeld(event.altKey)}
      onPointerMove={() => setPointing(true)}
    >
      <h1 class="visually-hidden">{t(resultWords.boxName)}</h1>
      <header class="finder-head">
        <SearchBox
          input={input}
          value={text}
          listId={listId}
          activeId={selected ? rowElementId(listId, selected) : null}
          isExpanded={groups.length > 0}
          onInput={(query) =>
            finder.setQuestion(
              question.kind === 'words'
                ? { ...question, query }
                : { ...emptyQuestion, kind: 'words', query, like: [], unlike: [], sort: 'best' },
            )
          }
        />
        {props.corner}
      </header>
      <div class={`progress-line${finder.search.isSlow.value ? ' on' : ''}`} aria-hidden="true" />
      {question.kind === 'similar' && (
        <div class="similar-head">
          <button
            type="button"
            class="icon-button"
            aria-label={t(stateWords.backToSearch)}
            title={t(stateWords.backToSearch)}
            onClick={() => run('escape')}
          >
            <Icon name="chevronLeft" />
          </button>
          <h2 dir="auto">
            <span class="muted">{t(stateWords.similarTo)}</span> {question.title || question.text}
          </h2>
        </div>
      )}
      {props.strip}
      <Completions
        finder={finder}
        pick={(completion) => {
          finder.complete(completion);
          input.current?.focus();
        }}
      />
      <Problems finder={finder} />
      <ElsewhereNote finder={finder} />
      <RowErrorNote finder={finder} />
      <State finder={finder} ask={ask} />
      <ResultList
        id={listId}
        label={isEmptyQuestion(question) ? t(resultWords.recentName) : t(resultWords.listName)}
        groups={groups}
        selected={selected}
        now={now}
        query={finder.shownName.value}
        state={finder.state.value}
        showsScores={showsScores}
        told={isPointing ? null : finder.chosen.value}
        onPoint={point}
        onPick={pick}
        {...(isPointing && {
          tools: (row: Row) => (
            <>
              {(row.hit?.nearDuplicates.length ?? 0) > 0 && (
                <Tool
                  icon="layers"
                  label={t(resultWords.showSame)}
                  run={() => finder.unfold(row)}
                />
              )}
              {props.onRead && (
                <Tool icon="fileText" label={t(resultWords.read)} run={() => props.onRead?.(row)} />
              )}
              {row.hit && row.page.passageCount > 1 && (
                <Tool
                  icon="ellipsis"
                  label={t(resultWords.morePassages)}
                  run={() => void finder.showMore(row)}
                />
              )}
              {props.onSteer && (
                <>
                  <Tool
                    icon="plus"
                    label={t(resultWords.moreLike)}
                    run={() => props.onSteer?.(row, 'like')}
                  />
                  <Tool
                    icon="minus"
                    label={t(resultWords.lessLike)}
                    run={() => props.onSteer?.(row, 'unlike')}
                  />
                </>
              )}
              <Tool icon="sparkles" label={t(resultWords.similar)} run={() => similarTo(row)} />
              <Tool
                icon={row.page.isPinned ? 'pinOff' : 'pin'}
                label={row.page.isPinned ? t(resultWords.unpin) : t(resultWords.pin)}
                run={() => void finder.pin(row)}
              />
              <Tool
                icon="trash2"
                label={t(resultWords.forget)}
                run={() => finder.forgetting.forget(row.page.id, row.page.title)}
              />
            </>
          ),
        })}
      />
      {props.foot}
      <Announcer finder={finder} />
      <ForgetToast forgetting={finder.forgetting} />
      {isHelpOpen && (
        <HelpDialog
          canRead={props.onRead !== undefined}
          canSteer={props.onSteer !== undefined}
          onClose={() => {
            setHelpOpen(false);
            input.current?.focus();
          }}
        />
      )}
    </main>
  );
}

/** A small labelled button of a row. */
function Tool(props: { icon: IconName; label: string; run: () => void }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      onClick={props.run}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** What the list cannot say by itself: one sentence, one action. */
function State({ finder, ask }: { readonly finder: Finder; readonly ask: Ask }) {
  const question = finder.question.value;
  const state = finder.state.value;
  const error = finder.error.value;
  const isListEmpty = finder.groups.value.length === 0;
  if (error) {
    return (
      <Notice
        icon="circleAlert"
        text={errorText(error)}
        action={{ label: t(resultWords.retry), run: () => finder.retry() }}
        size={isListEmpty ? 'page' : 'quiet'}
      />
    );
  }
  if (isListEmpty && finder.search.isSlow.value) {
    return <Notice icon="bookOpen" text={t(resultWords.starting)} />;
  }
  if (state === 'idle' && isListEmpty) {
    return (
      <Notice
        icon="bookOpen"
        text={t(resultWords.emptyStore)}
        action={{
          label: t(resultWords.emptyStoreAction),
          run: () =>
            void ask('page-background:open-page', { url: '/welcome.html', place: 'new-tab' }),
        }}
      />
    );
  }
  if (state === 'ready' && isListEmpty) {
    const hasFilters = Object.keys(question.filters).length > 0;
    return question.kind === 'similar' ? (
      <Notice
        icon="search"
        text={t(resultWords.nothingSimilar)}
        action={{
          label: t(stateWords.backToSearch),
          run: () => finder.setQuestion(emptyQuestion),
        }}
      />
    ) : (
      <Notice
        icon="search"
        text={t(resultWords.nothingFound)}
        help={t(resultWords.nothingFoundHelp)}
        action={
          hasFilters
            ? {
                label: t(resultWords.removeFilters),
                run: () => finder.setQuestion({ ...question, filters: {} }),
              }
            : undefined
        }
      />
    );
  }
  if (finder.hasOnlyWeak.value) {
    return <Notice icon="info" size="quiet" text={t(resultWords.weakOnly)} />;
  }
  return null;
}

/** Long enough that a person has stopped typing. */
const announceAfterMs = 900;

/** Tells a screen reader how many pages were found, once the typing has stopped. */
function Announcer({ finder }: { readonly finder: Finder }) {
  const [said, say] = useState('');
  const count = finder.search.shown.value?.response.hits.length ?? null;
  const name = finder.shownName.value;
  useEffect(() => {
    if (count === null || name === '') return say('');
    const timer = setTimeout(() => {
      say(count === 0 ? t(resultWords.nothingFound) : t(resultWords.foundCount, { count }));
    }, announceAfterMs);
    return () => clearTimeout(timer);
  }, [count, name]);
  return (
    <p class="visually-hidden" role="status">
      {said}
    </p>
  );
}
