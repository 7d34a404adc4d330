import { useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { PageChanges } from '../../core/page/changes.ts';
import type { OpenedState } from '../../core/page/opened.ts';
import type { PageNow } from '../../messaging/host-protocol.ts';
import { requestOrigin } from '../../platform/origins.ts';
import { t } from '../i18n/language.ts';
import { searchWords } from '../messages/search.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';

type Look = 'none' | 'looking' | 'refused' | PageNow['state'] | AppError;

/** The site is asked, which may be slow, and its robots.txt before. */
const lookTimeoutMs = 60_000;

/**
 * A way to look at the page as it is now, when the person says so: whether it is gone, and what of
 * the stored text has changed. Nothing is stored.
 */
export function PageNowCheck(props: {
  readonly ask: Ask;
  readonly url: string;
  readonly changes: PageChanges | null;
  onLooked(texts: readonly string[]): void;
}) {
  const { ask, url, changes, onLooked } = props;
  const [look, setLook] = useState<Look>('none');
  const start = () => {
    // The browser asks the person, and only in answer to a click: nothing may come before it.
    requestOrigin(url)
      .then(async (isGranted) => {
        if (!isGranted) return setLook('refused');
        setLook('looking');
        const now = await ask('page-background:page-now', { url }, { timeoutMs: lookTimeoutMs });
        setLook(now.state);
        if (now.state === 'there') onLooked(now.texts);
      })
      .catch((thrown: unknown) => setLook(asAppError(thrown)));
  };
  return (
    <div class="page-now">
      <button type="button" class="button" disabled={look === 'looking'} onClick={start}>
        {t(searchWords.compareNow)}
      </button>
      <p role="status">{lookText(look, changes)}</p>
      <NewOnPage changes={changes} />
    </div>
  );
}

/** What an opened page is instead of what was found, as the tab itself has shown it. */
export function OpenedNote(props: {
  readonly state: OpenedState;
  readonly changes: PageChanges | null;
}) {
  return (
    <div class="page-now">
      <p>{openedText(props.state, props.changes)}</p>
      <NewOnPage changes={props.changes} />
    </div>
  );
}

function openedText(state: OpenedState, changes: PageChanges | null): string {
  switch (state) {
    case 'changed':
      return lookText('there', changes);
    case 'gone':
      return t(searchWords.pageGone);
    case 'not-shown':
      return t(searchWords.pageUnknown);
  }
}

/** The sentences of a page that are not stored. */
function NewOnPage({ changes }: { readonly changes: PageChanges | null }) {
  if (changes === null || changes.added.length === 0) return null;
  return (
    <details>
      <summary>{t(searchWords.newOnPage, { count: changes.added.length })}</summary>
      <ul class="added">
        {changes.added.map((text) => (
          <li key={text} dir="auto">
            <ins>{text}</ins>
          </li>
        ))}
      </ul>
    </details>
  );
}

function lookText(look: Look, changes: PageChanges | null): string {
  if (typeof look !== 'string') return errorText(look);
  switch (look) {
    case 'none':
      return '';
    case 'looking':
      return t(searchWords.looking);
    case 'refused':
      return t(searchWords.lookRefused);
    case 'gone':
      return t(searchWords.pageGone);
    case 'unknown':
      return t(searchWords.pageUnknown);
    case 'there':
      if (changes === null) return '';
      return changes.goneCount + changes.added.length === 0
        ? t(searchWords.pageSame)
        : t(searchWords.pageChanged, { count: changes.goneCount });
  }
}
