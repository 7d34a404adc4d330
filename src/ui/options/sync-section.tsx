import { useCallback, useEffect } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { syncWords } from '../messages/sync.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { Section } from './setting.tsx';
import { SyncForm } from './sync-form.tsx';
import { SyncPanel } from './sync-panel.tsx';

const busyPollMs = 500;
const quietPollMs = 5_000;

/** Sync with the person's own Qdrant: a form while it is off, what it does while it is on. */
export function SyncSection({ ask }: { readonly ask: Ask }) {
  const load = useCallback(() => ask('page-sync:status', null), [ask]);
  const answer = useAnswer(load);
  const status = answer.value;
  const phase = status?.phase;
  useEffect(() => {
    const isBusy = phase === 'working' || phase === 'deleting';
    const timer = setInterval(answer.reload, isBusy ? busyPollMs : quietPollMs);
    return () => clearInterval(timer);
  }, [phase, answer.reload]);
  return (
    <Section id="sync" title={t(syncWords.title)}>
      {answer.error && <p class="problem">{errorText(answer.error)}</p>}
      {status && status.phase === 'off' && (
        <>
          <p class="help">{t(syncWords.what)}</p>
          <p class="help">{t(syncWords.never)}</p>
          <p role="status">
            {status.left !== null && t(syncWords.deleted, { count: status.left })}
          </p>
          <SyncForm ask={ask} onSetUp={answer.set} />
        </>
      )}
      {status && status.phase !== 'off' && (
        <SyncPanel ask={ask} status={status} onStatus={answer.set} />
      )}
    </Section>
  );
}
