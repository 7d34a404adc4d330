import { useState } from 'preact/hooks';
import { asAppError } from '../../core/errors.ts';
import type { SyncMode, SyncStatus, SyncTestResult } from '../../engine/sync-api.ts';
import { requestOrigin } from '../../platform/origins.ts';
import { t } from '../i18n/language.ts';
import { syncWords } from '../messages/sync.ts';
import type { Ask } from '../parts/services.ts';
import { reasonText, syncErrorText } from '../parts/sync-problem.ts';
import { Choice, SettingText, Switch } from './setting.tsx';

const setUpTimeoutMs = 120_000;

interface Problem {
  readonly reason: string;
  readonly text: string;
  /** The server's own words, for whoever looks after it. */
  readonly detail?: string;
  /** Lines for a key that may do what this one may not. */
  readonly curl?: string;
}

/** A labelled field in the form of the other settings. */
export function Field(props: {
  label: string;
  /** What it does, in a sentence. */
  help: string;
  value: string;
  set(value: string): void;
  type?: 'text' | 'password';
  /** A whole number of 1 to 1000. */
  isCount?: boolean;
  autocomplete?: string;
  pattern?: string;
}) {
  const { type = 'text', autocomplete = 'off', isCount = false } = props;
  const pattern = isCount ? '[1-9][0-9]{0,2}|1000' : props.pattern;
  return (
    <label class="setting">
      <SettingText label={props.label} help={props.help} />
      <input
        class={isCount ? 'field number' : 'field'}
        // The types tell kinds of input apart; these two take the same attributes.
        type={type as 'text'}
        inputMode={isCount ? 'numeric' : 'text'}
        autocomplete={autocomplete}
        spellcheck={false}
        value={props.value}
        {...(pattern === undefined ? {} : { pattern })}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
    </label>
  );
}

/** Where the Qdrant is and what it may read. The host's permission lasts only while sync is on. */
export function SyncForm({ ask, onSetUp }: { ask: Ask; onSetUp(status: SyncStatus): void }) {
  const [url, setUrl] = useState('http://localhost:6333');
  const [apiKey, setApiKey] = useState('');
  const [collection, setCollection] = useState('dejalu');
  const [mode, setMode] = useState<SyncMode>('sealed');
  const [passphrase, setPassphrase] = useState('');
  const [shards, setShards] = useState('');
  const [replicas, setReplicas] = useState('');
  const [allowsInsecure, setAllowsInsecure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [found, setFound] = useState<(SyncTestResult & { ok: true }) | null>(null);

  const address = { url: url.trim(), apiKey, collection: collection.trim(), allowsInsecure };
  const fail = (reason: string, detail?: string) =>
    setProblem({
      reason,
      text: reasonText(reason) ?? detail ?? reason,
      ...(detail === undefined ? {} : { detail }),
    });

  /** Runs `work` with the host's permission, which the click that called this lets us ask for. */
  const withHost = async (work: () => Promise<void>) => {
    setProblem(null);
    setFound(null);
    if (!URL.canParse(address.url) || !/^https?:/.test(address.url)) return fail('address');
    const isGranted = await requestOrigin(address.url).catch(() => false);
    if (!isGranted) return fail('permission');
    setBusy(true);
    try {
      await work();
    } catch (thrown) {
      const error = asAppError(thrown);
      setProblem({
        reason: String(error.details.reason ?? error.code),
        text: syncErrorText(error),
        detail: error.message,
        ...(typeof error.details.curl === 'string' ? { curl: error.details.curl } : {}),
      });
    } finally {
      setBusy(false);
    }
  };
  const test = () =>
    withHost(async () => {
      const result = await ask('page-sync:test', address, { timeoutMs: setUpTimeoutMs });
      if (result.ok) setFound(result);
      else fail(result.reason, result.message);
    });
  const setUp = () =>
    withHost(async () => {
      const spread = (name: 'shardNumber' | 'replicationFactor', value: string) =>
        Number(value) >= 1 ? { [name]: Math.trunc(Number(value)) } : {};
      const request = {
        ...address,
        mode,
        passphrase: mode === 'sealed' ? passphrase : '',
        ...spread('shardNumber', shards),
        ...spread('replicationFactor', replicas),
      };
      onSetUp(await ask('page-sync:set-up', request, { timeoutMs: setUpTimeoutMs }));
    });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void setUp();
      }}
    >
      <Field label={t(syncWords.url)} help={t(syncWords.urlHelp)} value={url} set={setUrl} />
      <Field
        label={t(syncWords.apiKey)}
        help={t(syncWords.apiKeyHelp)}
        type="password"
        value={apiKey}
        set={setApiKey}
      />
      <Field
        label={t(syncWords.collection)}
        help={t(syncWords.collectionHelp)}
        pattern="[\w.\-]+"
        value={collection}
        set={setCollection}
      />
      <Choice<SyncMode>
        label={t(syncWords.mode)}
        help={mode === 'sealed' ? t(syncWords.sealedHelp) : t(syncWords.plainHelp)}
        value={mode}
        options={[
          ['sealed', t(syncWords.sealed)],
          ['plain', t(syncWords.plain)],
        ]}
        set={setMode}
      />
      {mode === 'sealed' && (
        <Field
          label={t(syncWords.passphrase)}
          help={t(syncWords.passphraseHelp)}
          type="password"
          autocomplete="new-password"
          value={passphrase}
          set={setPassphrase}
        />
      )}
      <details>
        <summary>{t(syncWords.cluster)}</summary>
        <Field
          label={t(syncWords.shards)}
          help={t(syncWords.shardsHelp)}
          isCount
          value={shards}
          set={setShards}
        />
        <Field
          label={t(syncWords.replicas)}
          help={t(syncWords.replicasHelp)}
          isCount
          value={replicas}
          set={setReplicas}
        />
      </details>
      {problem && (
        <div role="alert">
          <p class="problem">{problem.text}</p>
          {problem.detail !== undefined && problem.detail !== problem.text && (
            <p class="help" lang="en">
              {problem.detail}
            </p>
          )}
          {problem.curl !== undefined && <pre class="commands">{problem.curl}</pre>}
        </div>
      )}
      {(problem?.reason === 'insecure' || allowsInsecure) && (
        <Switch
          label={t(syncWords.allowInsecure)}
          help={t(syncWords.insecure)}
          isOn={allowsInsecure}
          set={setAllowsInsecure}
        />
      )}
      <p role="status">
        {isBusy && t(syncWords.busy)}
        {found &&
          t(found.curl === null ? syncWords.found : syncWords.foundEmpty, {
            version: found.version,
          })}
      </p>
      {found !== null && found.curl !== null && (
        <details>
          <summary>{t(syncWords.byHand)}</summary>
          <pre class="commands">{found.curl}</pre>
        </details>
      )}
      <div class="buttons">
        <button type="button" class="button" disabled={isBusy} onClick={() => void test()}>
          {t(syncWords.test)}
        </button>
        <button
          type="submit"
          class="button"
          disabled={isBusy || (mode === 'sealed' && passphrase === '')}
        >
          {t(syncWords.setUp)}
        </button>
      </div>
    </form>
  );
}
