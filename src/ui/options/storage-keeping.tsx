import { useCallback, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';

/** A purge rewrites the whole store. */
const compactTimeoutMs = 300_000;

/** What is pinned, whether the browser may drop the store, and the tidying that idle time does. */
export function Keeping({ ask, onCompacted }: { readonly ask: Ask; onCompacted(): void }) {
  const load = useCallback(async () => {
    const [{ searchedPages }, isPersistent] = await Promise.all([
      ask('page-engine:search', { query: '', limit: 1, filters: { isPinned: true } }),
      navigator.storage.persisted(),
    ]);
    return { pinned: searchedPages, isPersistent };
  }, [ask]);
  const facts = useAnswer(load);
  const [work, setWork] = useState<'none' | 'running' | 'done' | AppError>('none');
  const compact = () => {
    setWork('running');
    ask('page-background:compact', null, { timeoutMs: compactTimeoutMs }).then(
      () => {
        setWork('done');
        onCompacted();
      },
      (thrown: unknown) => setWork(asAppError(thrown)),
    );
  };
  const { value } = facts;
  return (
    <>
      {facts.error && <p class="problem">{errorText(facts.error)}</p>}
      {value && (
        <div class="setting">
          <span class="setting-text">
            <span>{t(optionWords.keeping)}</span>
            <span class="help">
              {t(optionWords.pinnedLine, { count: value.pinned })}{' '}
              {t(value.isPersistent ? optionWords.persistent : optionWords.notPersistent)}
            </span>
          </span>
          {!value.isPersistent && (
            <button
              type="button"
              class="button"
              onClick={() => void navigator.storage.persist().then(facts.reload)}
            >
              {t(optionWords.persist)}
            </button>
          )}
        </div>
      )}
      <div class="setting">
        <span class="setting-text">
          <span>{t(optionWords.compaction)}</span>
          <span class="help">{t(optionWords.compactionHelp)}</span>
        </span>
        <button type="button" class="button" disabled={work === 'running'} onClick={compact}>
          {t(optionWords.compact)}
        </button>
      </div>
      <p role="status">
        {work === 'running' && t(optionWords.compacting)}
        {work === 'done' && t(optionWords.compacted)}
        {typeof work !== 'string' && <span class="problem">{errorText(work)}</span>}
      </p>
    </>
  );
}
