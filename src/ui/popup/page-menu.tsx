import { useCallback, useEffect, useState } from 'preact/hooks';
import type { TabPage } from '../../core/page/state.ts';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import { stateWords } from '../messages/state.ts';
import { decisionKeys } from '../parts/decision-keys.ts';
import { Menu, type MenuItem } from '../parts/menu.tsx';
import { stateView } from '../parts/page-state.ts';
import type { Ask } from '../parts/services.ts';
import type { Finder } from '../results/finder.ts';

/** The state of the page in front, with what can be done about it. */
export function PageMenu({ ask, finder }: { readonly ask: Ask; readonly finder: Finder }) {
  const [page, setPage] = useState<TabPage | null>(null);
  const [hasFailed, setFailed] = useState(false);

  const refresh = useCallback(() => {
    ask('page-background:current-page-state', null).then(setPage, () => setPage(null));
  }, [ask]);
  useEffect(refresh, [refresh]);

  if (!page) return null;
  const view = stateView(page.state);
  const act = (work: () => Promise<unknown>) => () => {
    setFailed(false);
    work().then(refresh, () => setFailed(true));
  };
  return (
    <Menu
      label={t(stateWords.pageMenu, { state: view.name })}
      button={<Icon name={view.icon} />}
      note={hasFailed ? t(stateWords.actionFailed) : view.line}
      items={itemsFor(page, ask, finder, act)}
    />
  );
}

function itemsFor(
  page: TabPage,
  ask: Ask,
  finder: Finder,
  act: (work: () => Promise<unknown>) => () => void,
): readonly MenuItem[] {
  const { state, url } = page;
  const never: MenuItem = {
    icon: 'ban',
    label: t(stateWords.neverHere),
    run: act(() =>
      ask('page-background:exclude-site', {
        url,
        scope: 'site',
        action: 'never',
        alsoForget: true,
      }),
    ),
  };
  switch (state.state) {
    case 'stored':
      return [
        {
          icon: 'sparkles',
          label: t(resultWords.similar),
          run: () =>
            finder.setQuestion({
              kind: 'similar',
              pageId: state.page.id,
              text: '',
              title: state.page.title,
              filters: {},
            }),
        },
        {
          icon: 'trash2',
          label: t(resultWords.forget),
          run: () => finder.forgetting.forget(state.page.id, state.page.title),
        },
        never,
      ];
    case 'reading':
      return [
        {
          icon: 'bookOpen',
          label: t(stateWords.readNow),
          run: act(() => ask('page-background:capture-now', null)),
        },
        never,
      ];
    case 'held': {
      const decide = (decision: 'once' | 'always' | 'never') =>
        act(() => ask('page-background:decide-held', { key: state.held.key, decision }));
      return [
        {
          icon: 'check',
          label: t(stateWords.storeOnce),
          run: decide('once'),
          letter: decisionKeys.once,
        },
        {
          icon: 'circleCheck',
          label: t(stateWords.storeAlways),
          run: decide('always'),
          letter: decisionKeys.always,
        },
        {
          icon: 'ban',
          label: t(stateWords.neverHere),
          run: decide('never'),
          letter: decisionKeys.never,
        },
      ];
    }
    case 'excluded':
      return [
        {
          icon: 'bookOpen',
          label: t(stateWords.readAgainHere),
          run: act(() =>
            ask('page-background:exclude-site', {
              url,
              scope: 'site',
              action: state.isDefaultRule ? 'index' : null,
              alsoForget: false,
            }),
          ),
        },
      ];
    case 'paused':
      return [
        {
          icon: 'play',
          label: t(stateWords.resume),
          run: act(() => ask('page-background:set-pause', { choice: 'none' })),
        },
      ];
    case 'not-readable':
      return [];
  }
}
