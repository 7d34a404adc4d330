import { useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { Hit } from '../../core/search/types.ts';
import { t } from '../i18n/language.ts';
import { welcomeWords } from '../messages/welcome.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { SnippetText } from '../results/result-row.tsx';
import { samplePages, sampleSite } from './sample-pages.ts';

const filters = { sites: [sampleSite] };

/**
 * A search over three sample pages, here and now. They are stored when the person begins and
 * forgotten when they leave or say so: nothing of them stays among the person's own pages.
 */
export function TrySamples({ ask }: { readonly ask: Ask }) {
  const [isOn, setOn] = useState(false);
  const [query, setQuery] = useState('');
  const [hits, setHits] = useState<readonly Hit[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const turn = useRef(0);
  const box = useRef<HTMLInputElement>(null);
  const fail = (thrown: unknown) => setError(asAppError(thrown));

  useEffect(() => {
    if (!isOn) return;
    box.current?.focus();
    const forget = () => void ask('page-engine:forget', { by: 'site', site: sampleSite });
    window.addEventListener('pagehide', forget);
    return () => window.removeEventListener('pagehide', forget);
  }, [isOn, ask]);

  const search = (next: string) => {
    setQuery(next);
    turn.current += 1;
    const mine = turn.current;
    if (next.trim() === '') return setHits(null);
    ask('page-engine:search', { query: next, limit: 3, filters, client: 'welcome' }).then(
      (found) => mine === turn.current && setHits(found.hits),
      (thrown: unknown) => mine === turn.current && fail(thrown),
    );
  };
  const start = () => {
    setError(null);
    ask('page-engine:import-pages', { pages: samplePages(Date.now()), isTrial: false }).then(
      () => setOn(true),
      fail,
    );
  };
  const end = () => {
    ask('page-engine:forget', { by: 'site', site: sampleSite }).then(() => {
      setOn(false);
      setQuery('');
      setHits(null);
    }, fail);
  };
  const ideas = [t(welcomeWords.ideaNets), t(welcomeWords.ideaFrog), t(welcomeWords.ideaTrain)];
  return (
    <section class="try">
      <h2>{t(welcomeWords.tryTitle)}</h2>
      <p>{t(welcomeWords.tryHelp)}</p>
      {error && <p class="problem">{errorText(error)}</p>}
      {!isOn ? (
        <p class="welcome-ways">
          <button type="button" class="button primary" onClick={start}>
            {t(welcomeWords.tryStart)}
          </button>
        </p>
      ) : (
        <>
          <input
            ref={box}
            class="field try-box"
            aria-label={t(welcomeWords.tryBox)}
            placeholder={t(welcomeWords.tryBox)}
            value={query}
            dir="auto"
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => search(event.currentTarget.value)}
          />
          <p class="try-ideas">
            {ideas.map((idea) => (
              <button key={idea} type="button" class="completion" onClick={() => search(idea)}>
                {idea}
              </button>
            ))}
          </p>
          <ol class="try-hits" aria-live="polite">
            {hits?.map((hit) => (
              <li key={hit.page.id} class={hit.isWeak ? 'weak' : undefined} lang={hit.page.lang}>
                <p class="row-title">{hit.page.title}</p>
                <SnippetText hit={hit} />
              </li>
            ))}
          </ol>
          {hits?.length === 0 && <p class="help">{t(welcomeWords.tryNothing)}</p>}
          <p class="welcome-ways">
            <button type="button" class="button" onClick={end}>
              {t(welcomeWords.tryEnd)}
            </button>
          </p>
        </>
      )}
    </section>
  );
}
