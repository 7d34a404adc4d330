import { useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import { type ListedAddress, readAddressList } from '../../core/page/address-list.ts';
import { type PastSource, readPast } from '../../platform/past.ts';
import { language, t } from '../i18n/language.ts';
import { addressWords } from '../messages/addresses.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { type AddResult, addListed } from './add-listed.ts';
import { Section } from './setting.tsx';

interface Source {
  readonly name: string;
  readonly list: readonly ListedAddress[];
}

type State =
  | { readonly kind: 'idle' | 'not-granted' }
  | { readonly kind: 'working'; readonly name: string; readonly done: number }
  | { readonly kind: 'planned'; readonly source: Source; readonly result: AddResult }
  | { readonly kind: 'added'; readonly result: AddResult }
  | { readonly kind: 'not-a-list'; readonly name: string }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Titles and addresses from before: of the history, the bookmarks, or a file. */
export function AddressesSection({ ask }: { readonly ask: Ask }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const work = useRef(new AbortController());
  useEffect(() => () => work.current.abort(), []);

  const run = (task: () => Promise<State>) => {
    work.current = new AbortController();
    task().then(setState, (thrown: unknown) =>
      setState({ kind: 'failed', error: asAppError(thrown) }),
    );
  };
  const add = (source: Source, isTrial: boolean): Promise<AddResult> => {
    const name = t(isTrial ? addressWords.checking : addressWords.adding);
    const progress = (done: number) => setState({ kind: 'working', name, done });
    progress(0);
    return addListed(ask, source.list, isTrial, work.current.signal, progress);
  };
  const plan = async (source: Source): Promise<State> => {
    const result = await add(source, true);
    return result.isStopped ? { kind: 'idle' } : { kind: 'planned', source, result };
  };
  const planPast = (past: PastSource, name: string) =>
    run(async () => {
      const list = await readPast(past);
      return list === null ? { kind: 'not-granted' } : plan({ name, list });
    });
  const planFile = (file: File) =>
    run(async () => {
      const text = await file.text();
      let list: readonly ListedAddress[];
      try {
        list = readAddressList(text);
      } catch {
        return { kind: 'not-a-list', name: file.name };
      }
      return plan({ name: file.name, list });
    });
  const start = (source: Source) =>
    run(async () => ({ kind: 'added', result: await add(source, false) }));

  const isWorking = state.kind === 'working';
  const buttons = [
    ['history', t(addressWords.fromHistory)],
    ['bookmarks', t(addressWords.fromBookmarks)],
  ] as const;
  return (
    <Section id="before" title={t(addressWords.heading)}>
      <p class="help">{t(addressWords.help)}</p>
      <p class="transfer-way">
        {buttons.map(([past, name]) => (
          <button
            key={past}
            type="button"
            class="button"
            disabled={isWorking}
            onClick={() => planPast(past, name)}
          >
            {name}
          </button>
        ))}
      </p>
      <label class="transfer-way">
        <span>{t(addressWords.fromFile)}</span>
        <input
          type="file"
          accept=".html,.htm,.csv,.tsv,.json,.txt"
          class="field"
          disabled={isWorking}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = ''; // the same file may be chosen again
            if (file) planFile(file);
          }}
        />
      </label>
      <div role="status">
        <StateText state={state} start={start} />
      </div>
      {isWorking && (
        <button type="button" class="button" onClick={() => work.current.abort()}>
          {t(optionWords.stop)}
        </button>
      )}
    </Section>
  );
}

function StateText(props: { readonly state: State; start(source: Source): void }) {
  const { state } = props;
  switch (state.kind) {
    case 'idle':
      return null;
    case 'not-granted':
      return <p>{t(addressWords.notGranted)}</p>;
    case 'working': {
      const done = new Intl.NumberFormat(language.value).format(state.done);
      return (
        <p>
          {state.name}: {done}
        </p>
      );
    }
    case 'planned': {
      const { source, result } = state;
      const { added, known, refused } = result;
      const isAnyLeftOut = Object.values(refused).some((count) => count > 0);
      return (
        <>
          <p>{t(addressWords.plan, { source: source.name, added, known })}</p>
          {isAnyLeftOut && (
            <p>
              {t(addressWords.leftOut, {
                private: refused.private,
                excluded: refused.excluded,
                notWeb: refused['not-web'],
              })}
            </p>
          )}
          {added > 0 && (
            <button type="button" class="button primary" onClick={() => props.start(source)}>
              {t(addressWords.add)}
            </button>
          )}
        </>
      );
    }
    case 'added': {
      const { added, isStopped } = state.result;
      return <p>{t(isStopped ? addressWords.stopped : addressWords.done, { count: added })}</p>;
    }
    case 'not-a-list':
      return <p class="problem">{t(addressWords.notAList, { file: state.name })}</p>;
    case 'failed':
      return <p class="problem">{errorText(state.error)}</p>;
  }
}
