import { useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import { comparePage, type PageChanges } from '../../core/page/changes.ts';
import type { OpenedText } from '../../core/page/opened.ts';
import type { PageSummary } from '../../core/search/types.ts';
import type { StoredPage, Visit } from '../../engine/api.ts';
import { clockTime, fullDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import { searchWords } from '../messages/search.ts';
import { errorText } from '../parts/error-text.ts';
import { Notice } from '../parts/notice.tsx';
import type { Ask } from '../parts/services.ts';
import type { Row } from '../results/rows.ts';
import { OpenedNote, PageNowCheck } from './page-now.tsx';
import { sessionAround } from './session.ts';

interface Neighbour {
  readonly visit: Visit;
  readonly page: PageSummary;
}

/** How far around a visit its session is looked for. */
const lookAroundMs = 3 * 3_600_000;

/** The stored text of a page at the passage that was found, and what was read around then. */
export function Reader(props: {
  readonly ask: Ask;
  readonly row: Row;
  /** The page as it was when it was opened, where it is another now; null for what is stored. */
  readonly opened: OpenedText | null;
  onRead(page: PageSummary): void;
  onClose(): void;
}) {
  const { ask, row, opened } = props;
  const [stored, setStored] = useState<StoredPage | null>(null);
  const [state, setState] = useState<'loading' | 'ready' | AppError>('loading');
  const [around, setAround] = useState<readonly Neighbour[]>([]);
  const [changes, setChanges] = useState<PageChanges | null>(null);
  const passage = useRef<HTMLDivElement>(null);
  const { page } = row;
  const { id, lastReadAt } = page;

  useEffect(() => {
    let isCurrent = true;
    setState('loading');
    setChanges(null);
    if (opened) {
      setStored(opened);
      setChanges(opened.now && comparePage(textsOf(opened), opened.now));
      setState('ready');
    } else {
      ask('page-engine:stored-page', { id }).then(
        (found) => {
          if (!isCurrent) return;
          setStored(found);
          setState('ready');
        },
        (thrown: unknown) => isCurrent && setState(asAppError(thrown)),
      );
    }
    ask('page-engine:visits', {
      from: lastReadAt - lookAroundMs,
      to: lastReadAt + lookAroundMs,
      limit: 200,
    }).then(
      (visits) => isCurrent && setAround(sessionAround(visits, lastReadAt)),
      () => isCurrent && setAround([]),
    );
    return () => {
      isCurrent = false;
    };
  }, [ask, id, lastReadAt, opened]);

  const found = opened?.index ?? row.hit?.passageIndex;
  useEffect(() => {
    if (stored) passage.current?.scrollIntoView({ block: 'center' });
  }, [stored]);

  const others = around.filter((entry) => entry.page.id !== id);
  return (
    <aside class="reader" aria-label={t(searchWords.reader)}>
      <div class="reader-head">
        <h2 dir="auto">{page.title.trim() || t(resultWords.untitled)}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t(searchWords.closeReader)}
          title={t(searchWords.closeReader)}
          onClick={props.onClose}
        >
          <Icon name="x" />
        </button>
      </div>
      <p class="reader-meta">
        {page.site} · {fullDate(language.value, lastReadAt)} ·{' '}
        {t(searchWords.wordCount, { count: page.wordCount })}
      </p>
      <a class="button" href={row.url} rel="noreferrer">
        <Icon name="arrowUpRight" />
        {t(searchWords.openOriginal)}
      </a>
      {opened && <OpenedNote state={opened.state} changes={changes} />}
      {!opened && stored && /^https?:/.test(page.url) && (
        <PageNowCheck
          key={id}
          ask={ask}
          url={page.url}
          changes={changes}
          onLooked={(texts) => setChanges(comparePage(textsOf(stored), texts))}
        />
      )}
      {typeof state !== 'string' && <Notice icon="circleAlert" text={errorText(state)} />}
      {state === 'ready' && !stored && (
        <Notice icon="fileText" text={t(searchWords.notStoredText)} />
      )}
      <section
        class="reader-text"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling text must be reachable by keyboard
        tabIndex={0}
        aria-label={t(searchWords.reader)}
      >
        {stored?.passages.map((part, place) => (
          <div
            // Passages have no identity but their place in the page.
            key={`${place}-${id}`}
            ref={place === found ? passage : null}
            class={place === found ? 'passage found' : 'passage'}
            dir="auto"
          >
            {part.heading && part.heading !== stored.passages[place - 1]?.heading && (
              <h3>{part.heading}</h3>
            )}
            <p>
              {changes?.passages[place]?.map(({ text, isGone }, at) =>
                isGone ? <del key={at}>{text}</del> : text,
              ) ?? part.text}
            </p>
          </div>
        ))}
      </section>
      <section class="around">
        <h3>{t(searchWords.aroundThen)}</h3>
        {others.length === 0 ? (
          <p class="muted">{t(searchWords.nothingAround)}</p>
        ) : (
          <ol>
            {others.map((entry) => (
              <li key={`${entry.visit.at}-${entry.page.id}`}>
                <time>{clockTime(language.value, entry.visit.at)}</time>
                <button type="button" class="link-button" onClick={() => props.onRead(entry.page)}>
                  {entry.page.title.trim() || entry.page.url}
                </button>
              </li>
            ))}
          </ol>
        )}
      </section>
    </aside>
  );
}

function textsOf({ passages }: Pick<StoredPage, 'passages'>): readonly string[] {
  return passages.map(({ text }) => text);
}
