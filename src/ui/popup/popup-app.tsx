import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { appearance, language, setAppearance, t } from '../i18n/language.ts';
import { fileSize } from '../i18n/sizes.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import { stateWords } from '../messages/state.ts';
import { keyNames } from '../parts/key-names.ts';
import { Menu, type MenuItem } from '../parts/menu.tsx';
import { pauseText } from '../parts/page-state.ts';
import type { Ask, Timers } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { createFinder, type Finder, isEmptyQuestion } from '../results/finder.ts';
import { FinderView } from '../results/finder-view.tsx';
import { followFront } from './following.ts';
import { allHits, firstHits } from './limits.ts';
import { OpenedNotice } from './opened-notice.tsx';
import { PageMenu } from './page-menu.tsx';

export interface PopupAppProps {
  readonly ask: Ask;
  readonly timers: Timers;
  /** `popup` closes after opening a page; `panel` stays. */
  readonly place: 'popup' | 'panel';
  /** What was typed before the script had started. */
  readonly typed: string;
  close(): void;
  /** Tells when another page comes to the front; the panel follows it when asked to. */
  onFrontChange?(run: () => void): () => void;
}

/** The popup and the side panel: a box, a list, the state of the page in front. */
export function PopupApp({ ask, timers, place, typed, close, onFrontChange }: PopupAppProps) {
  const finder = useMemo(
    () =>
      createFinder({
        ask,
        timers,
        client: place,
        limit: allHits,
        firstLimit: firstHits,
        recentLimit: 30,
      }),
    [ask, timers, place],
  );
  const loadPause = useCallback(() => ask('page-background:get-pause', null), [ask]);
  // Without an answer the popup just does not speak of pausing.
  const { value: pause, error: pauseError, follow: followPause } = useAnswer(loadPause);

  useEffect(() => {
    const question = finder.question.peek();
    if (typed !== '' && question.kind === 'words') {
      finder.setQuestion({ ...question, query: typed });
    }
    void finder.loadRecent();
  }, [finder, ask, typed]);

  const { followsPage } = appearance.value;
  useEffect(() => {
    if (!followsPage || !onFrontChange) return;
    return followFront(finder, ask, timers, onFrontChange);
  }, [followsPage, finder, ask, timers, onFrontChange]);

  const openPage = (url: string) => {
    void ask('page-background:open-page', { url, place: 'new-tab' }).then(() => {
      if (place === 'popup') close();
    });
  };
  const choosePause = (choice: 'none' | '15-minutes' | 'until-restart' | 'for-good') => {
    followPause(ask('page-background:set-pause', { choice }));
  };
  const isPaused = pause !== null && pause.kind !== 'none';
  const pausedNote = isPaused ? pauseText(pause) : undefined;
  const pauseNote = pause !== null && pauseError ? t(stateWords.actionFailed) : pausedNote;
  const question = finder.question.value;
  const searchUrl =
    question.kind === 'words'
      ? `/search.html?q=${encodeURIComponent(question.query)}`
      : `/search.html?similar=${question.pageId ?? ''}`;
  const items: readonly MenuItem[] = [
    { icon: 'search', label: t(stateWords.searchPage), run: () => openPage(searchUrl) },
    ...(isPaused
      ? [{ icon: 'play', label: t(stateWords.resume), run: () => choosePause('none') } as const]
      : [
          {
            icon: 'clock',
            label: t(stateWords.pauseShort),
            run: () => choosePause('15-minutes'),
          } as const,
          {
            icon: 'pause',
            label: t(stateWords.pauseRestart),
            run: () => choosePause('until-restart'),
          } as const,
          {
            icon: 'circlePause',
            label: t(stateWords.pauseForGood),
            run: () => choosePause('for-good'),
          } as const,
        ]),
    ...(onFrontChange
      ? [
          {
            icon: 'panelRight',
            label: followsPage ? t(stateWords.stopFollowing) : t(stateWords.follow),
            run: () => setAppearance({ followsPage: !followsPage }),
          } as const,
        ]
      : []),
    { icon: 'settings', label: t(stateWords.options), run: () => openPage('/options.html') },
    { icon: 'bookOpen', label: t(stateWords.welcome), run: () => openPage('/welcome.html') },
  ];

  return (
    <FinderView
      finder={finder}
      ask={ask}
      onLeave={place === 'popup' ? close : () => {}}
      corner={
        <div class="corner">
          <PageMenu ask={ask} finder={finder} />
          <Menu
            label={t(stateWords.more)}
            button={<Icon name="ellipsis" />}
            note={pauseNote}
            items={items}
          />
        </div>
      }
      strip={
        <>
          <OpenedNotice ask={ask} openPage={openPage} onFrontChange={onFrontChange} />
          {isPaused && (
            <p class="pause-line">
              <Icon name="circlePause" />
              <span>{pauseText(pause)}</span>
              <button type="button" class="link-button" onClick={() => choosePause('none')}>
                {t(stateWords.resume)}
              </button>
            </p>
          )}
        </>
      }
      foot={<Foot finder={finder} />}
    />
  );
}

/** The keys that work now; the size of the store while the box is empty. */
function Foot({ finder }: { readonly finder: Finder }) {
  const status = finder.status.value;
  const keys = keyNames();
  const isEmpty = isEmptyQuestion(finder.question.value);
  const size = Object.values(status?.sizeBytes ?? {}).reduce((sum, bytes) => sum + bytes, 0);
  return (
    <footer class="foot">
      {isEmpty && status && status.pageCount > 0 ? (
        <p>
          {t(stateWords.storeLine, {
            count: status.pageCount,
            size: fileSize(language.value, size),
          })}
        </p>
      ) : (
        finder.selected.value && (
          <p class="foot-keys">
            <span>
              <kbd>↵</kbd> {t(resultWords.openKey)}
            </span>
            <span>
              <kbd>{keys.control}↵</kbd> {t(resultWords.openTabKey)}
            </span>
            <span>
              <kbd>{keys.alt}S</kbd> {t(resultWords.similarKey)}
            </span>
            <span>
              <kbd>{keys.remove}</kbd> {t(resultWords.forgetKey)}
            </span>
          </p>
        )
      )}
      <span class="foot-help" title={t(resultWords.helpTitle)}>
        <kbd>?</kbd>
        <span class="visually-hidden"> {t(resultWords.help)}</span>
      </span>
    </footer>
  );
}
