import { useCallback, useEffect } from 'preact/hooks';
import type { OpenedState } from '../../core/page/opened.ts';
import { t } from '../i18n/language.ts';
import { stateWords } from '../messages/state.ts';
import { Notice } from '../parts/notice.tsx';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';

/** That the page in front is not as it was found, with the way to what was read. */
export function OpenedNotice(props: {
  readonly ask: Ask;
  openPage(path: string): void;
  onFrontChange?: ((run: () => void) => () => void) | undefined;
}) {
  const { ask, openPage, onFrontChange } = props;
  const load = useCallback(() => ask('page-background:opened-page', null), [ask]);
  const { value, reload } = useAnswer(load);
  useEffect(() => onFrontChange?.(reload), [onFrontChange, reload]);
  return (
    <div role="status">
      {value && (
        <Notice
          icon="triangleAlert"
          size="quiet"
          text={stateText(value.state)}
          action={{
            label: t(stateWords.readOpened),
            run: () => openPage(`/search.html?opened=${value.tabId}`),
          }}
        />
      )}
    </div>
  );
}

function stateText(state: OpenedState): string {
  switch (state) {
    case 'changed':
      return t(stateWords.openedChanged);
    case 'gone':
      return t(stateWords.openedGone);
    case 'not-shown':
      return t(stateWords.openedNotShown);
  }
}
