import type { FetchFailure, FetchStatus } from '../../core/page/fetching.ts';
import { clockTime } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { fetchWords } from '../messages/fetching.ts';
import { stateWords } from '../messages/state.ts';
import { errorText } from '../parts/error-text.ts';
import type { Fetching } from './use-fetching.ts';

/** How far fetching is, its controls, and what failed and why. */
export function FetchProgress({ fetching }: { readonly fetching: Fetching }) {
  const { status, error, control } = fetching;
  if (error !== null) return <p class="problem">{errorText(error)}</p>;
  if (status === null || status.state === 'none') return null;
  const { state, total, stored, known, failedCount, failures } = status;
  const done = stored + known + failedCount;
  return (
    <div class="fetching">
      <p role="status">{lineOf(status)}</p>
      {state !== 'done' && (
        <progress aria-label={t(fetchWords.progress)} value={done} max={Math.max(1, total)} />
      )}
      <p class="transfer-way">
        {state === 'running' && (
          <button type="button" class="button" onClick={() => control('pause')}>
            {t(fetchWords.pause)}
          </button>
        )}
        {state === 'paused' && (
          <button type="button" class="button" onClick={() => control('resume')}>
            {t(fetchWords.resume)}
          </button>
        )}
        <button
          type="button"
          class="button"
          onClick={() => control(state === 'done' ? 'clear' : 'stop')}
        >
          {t(state === 'done' ? fetchWords.clear : fetchWords.stop)}
        </button>
      </p>
      {failedCount > 0 && (
        <details>
          <summary>{t(fetchWords.failures, { count: failedCount })}</summary>
          <ul>
            {failures.map(({ url, why }) => (
              <li key={url}>
                <span class="help">{reasonOf(why)}</span> {url}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function lineOf({ state, total, stored, known, failedCount, waitsUntil }: FetchStatus): string {
  const counts = { done: stored + known + failedCount, total, stored, known, failed: failedCount };
  if (state === 'done') return t(fetchWords.done, counts);
  if (state === 'paused') return t(fetchWords.paused, counts);
  if (waitsUntil === null) return t(fetchWords.running, counts);
  return t(fetchWords.waiting, { ...counts, time: clockTime(language.value, waitsUntil) });
}

function reasonOf(why: FetchFailure): string {
  switch (why) {
    case 'robots':
      return t(fetchWords.robots);
    case 'not-found':
      return t(fetchWords.notFound);
    case 'not-allowed':
      return t(fetchWords.notAllowed);
    case 'site-failed':
      return t(fetchWords.siteFailed);
    case 'not-reached':
      return t(fetchWords.notReached);
    case 'timeout':
      return t(fetchWords.timeout);
    case 'too-large':
      return t(fetchWords.tooLarge);
    case 'not-a-page':
      return t(fetchWords.notAPage);
    case 'empty':
      return t(fetchWords.empty);
    case 'private':
      return t(fetchWords.private);
    case 'excluded':
      return t(fetchWords.excluded);
    case 'pdf-encrypted':
      return t(stateWords.pdfEncrypted);
    case 'pdf-damaged':
      return t(stateWords.pdfDamaged);
    case 'pdf-no-text':
      return t(stateWords.pdfNoText);
    case 'failed':
      return t(fetchWords.failed);
  }
}
