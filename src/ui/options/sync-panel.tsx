import { useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { SyncAction, SyncStatus } from '../../engine/sync-api.ts';
import { language, t } from '../i18n/language.ts';
import { syncWords } from '../messages/sync.ts';
import type { Ask } from '../parts/services.ts';
import { reasonText, syncErrorText } from '../parts/sync-problem.ts';
import { Switch } from './setting.tsx';
import { Field } from './sync-form.tsx';

interface PanelProps {
  readonly ask: Ask;
  readonly status: SyncStatus;
  onStatus(status: SyncStatus): void;
}

const controlTimeoutMs = 60_000;

function phaseText({ phase, problem, left, pending }: SyncStatus): string {
  switch (phase) {
    case 'off':
      return '';
    case 'idle':
      return t(pending > 0 ? syncWords.soon : syncWords.idle);
    case 'working':
      return t(syncWords.working);
    case 'waiting': {
      const time = new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' });
      return t(syncWords.waiting, { time: time.format(problem?.retryAt ?? undefined) });
    }
    case 'stopped':
      return t(syncWords.stopped);
    case 'paused':
      return t(syncWords.paused);
    case 'metered':
      return t(syncWords.metered);
    case 'deleting':
      return t(syncWords.deleting, { count: left ?? 0 });
  }
}

/** What sync is doing, and everything a person can do about it. */
export function SyncPanel({ ask, status, onStatus }: PanelProps) {
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isSure, setSure] = useState(false);
  const control = (action: SyncAction) => {
    setFailure(null);
    ask('page-sync:control', { action }, { timeoutMs: controlTimeoutMs }).then(
      onStatus,
      (thrown: unknown) => setFailure(asAppError(thrown)),
    );
  };
  const isDeleting = status.phase === 'deleting';
  const facts: readonly (readonly [string, string | number])[] = [
    [t(syncWords.where), `${status.url ?? ''} · ${status.collection ?? ''}`],
    [t(syncWords.mode), t(status.mode === 'plain' ? syncWords.plain : syncWords.sealed)],
    [t(syncWords.pending), status.pending],
    [t(syncWords.sent), status.sent],
    [t(syncWords.received), status.received],
    ...(status.unreadable > 0 ? [[t(syncWords.unreadable), status.unreadable] as const] : []),
  ];
  return (
    <>
      <p role="status">{phaseText(status)}</p>
      {status.problem && (
        <div role="alert">
          <p class="problem">{reasonText(status.problem.reason) ?? status.problem.message}</p>
          <p class="help" lang="en">
            {status.problem.message}
          </p>
        </div>
      )}
      {status.problem?.reason === 'mirror-gone' && (
        <KeysForm
          help={t(syncWords.rejoinHelp)}
          button={t(syncWords.rejoin)}
          isSealed={status.mode === 'sealed'}
          send={(passphrase) =>
            ask('page-sync:rejoin', { passphrase }, { timeoutMs: controlTimeoutMs })
          }
          onStatus={onStatus}
        />
      )}
      {failure && (
        <p class="problem" role="alert">
          {syncErrorText(failure)}
        </p>
      )}
      <table>
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {status.asideCount > 0 && (
        <details>
          <summary>{t(syncWords.aside, { count: status.asideCount })}</summary>
          <ul class="tray">
            {status.aside.map(({ key, reason, message }) => (
              <li key={key}>
                <div class="setting-text">
                  <span dir="auto">{key}</span>
                  <span class="help">{reasonText(reason) ?? message}</span>
                </div>
              </li>
            ))}
          </ul>
          <button type="button" class="button" onClick={() => control('retry')}>
            {t(syncWords.retry)}
          </button>
        </details>
      )}
      <Switch
        label={t(syncWords.pause)}
        help={t(syncWords.pauseHelp)}
        isOn={status.phase === 'paused'}
        set={(isOn) => control(isOn ? 'pause' : 'resume')}
      />
      <Switch
        label={t(syncWords.avoidMetered)}
        help={t(syncWords.avoidMeteredHelp)}
        isOn={status.avoidsMetered}
        set={(isOn) => control(isOn ? 'avoid-metered' : 'use-metered')}
      />
      <Switch
        label={t(syncWords.searchAll)}
        help={t(syncWords.searchAllHelp)}
        isOn={status.searchesAll}
        set={(isOn) => control(isOn ? 'search-all' : 'search-here')}
      />
      <button
        type="button"
        class="button"
        disabled={isDeleting || status.phase === 'paused'}
        onClick={() => control('now')}
      >
        {t(syncWords.now)}
      </button>
      {status.mode === 'sealed' && <PassphraseForm ask={ask} />}
      {status.mode === 'sealed' && (
        <details>
          <summary>{t(syncWords.newKeys)}</summary>
          <KeysForm
            help={t(syncWords.newKeysHelp)}
            button={t(syncWords.newKeys)}
            isSealed
            send={(passphrase) =>
              ask('page-sync:new-keys', { passphrase }, { timeoutMs: controlTimeoutMs })
            }
            onStatus={onStatus}
          />
        </details>
      )}
      <h3>{t(syncWords.leave)}</h3>
      <p class="help">{t(syncWords.leaveHelp)}</p>
      <button type="button" class="button" disabled={isDeleting} onClick={() => control('leave')}>
        {t(syncWords.leave)}
      </button>
      <h3>{t(syncWords.deleteAll)}</h3>
      <p class="help">{t(syncWords.deleteAllHelp)}</p>
      <button
        type="button"
        class="button danger"
        disabled={isDeleting}
        onClick={() => {
          if (isSure) control('delete-everything');
          setSure(!isSure);
        }}
      >
        {t(isSure ? syncWords.really : syncWords.deleteAll)}
      </button>
    </>
  );
}

/** Something that needs a passphrase and says afterwards how sync stands. */
function KeysForm(props: {
  readonly help: string;
  readonly button: string;
  readonly isSealed: boolean;
  send(passphrase: string): Promise<SyncStatus>;
  onStatus(status: SyncStatus): void;
}) {
  const [passphrase, setPassphrase] = useState('');
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setFailure(null);
    setBusy(true);
    try {
      const status = await props.send(passphrase);
      setPassphrase('');
      props.onStatus(status);
    } catch (thrown) {
      setFailure(asAppError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="help">{props.help}</p>
      {props.isSealed && (
        <Field
          label={t(syncWords.passphrase)}
          help={t(syncWords.passphraseHelp)}
          type="password"
          autocomplete="new-password"
          value={passphrase}
          set={setPassphrase}
        />
      )}
      {failure && (
        <p class="problem" role="alert">
          {syncErrorText(failure)}
        </p>
      )}
      <button
        type="submit"
        class="button"
        disabled={isBusy || (props.isSealed && passphrase === '')}
      >
        {props.button}
      </button>
    </form>
  );
}

function PassphraseForm({ ask }: { readonly ask: Ask }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isDone, setDone] = useState(false);
  const change = async () => {
    setFailure(null);
    setDone(false);
    try {
      await ask('page-sync:change-passphrase', { from, to }, { timeoutMs: controlTimeoutMs });
      setFrom('');
      setTo('');
      setDone(true);
    } catch (thrown) {
      setFailure(asAppError(thrown));
    }
  };
  return (
    <details>
      <summary>{t(syncWords.changePassphrase)}</summary>
      <p class="help">{t(syncWords.changePassphraseHelp)}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <Field
          label={t(syncWords.oldPassphrase)}
          help={t(syncWords.oldPassphraseHelp)}
          type="password"
          value={from}
          set={setFrom}
        />
        <Field
          label={t(syncWords.newPassphrase)}
          help={t(syncWords.passphraseHelp)}
          type="password"
          autocomplete="new-password"
          value={to}
          set={setTo}
        />
        {failure && (
          <p class="problem" role="alert">
            {syncErrorText(failure)}
          </p>
        )}
        <p role="status">{isDone && t(syncWords.changed)}</p>
        <button type="submit" class="button" disabled={from === '' || to === ''}>
          {t(syncWords.changePassphrase)}
        </button>
      </form>
    </details>
  );
}
