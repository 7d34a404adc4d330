import { useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import { language, t } from '../i18n/language.ts';
import { fileSize } from '../i18n/sizes.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { Section } from './setting.tsx';
import { type ExportResult, exportAll, type ImportResult, importAll } from './transfer.ts';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly name: string; readonly done: number }
  | { readonly kind: 'exported'; readonly result: ExportResult }
  | { readonly kind: 'planned'; readonly file: File; readonly result: ImportResult }
  | { readonly kind: 'imported'; readonly result: ImportResult }
  | { readonly kind: 'not-an-export'; readonly file: File }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Every page into one file, and pages of such a file back, without doubles. */
export function TransferSection({ ask }: { readonly ask: Ask }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const work = useRef(new AbortController());
  useEffect(() => () => work.current.abort(), []);

  /** Runs one piece of work at a time, with its progress. */
  const run = (name: string, task: (signal: AbortSignal) => Promise<State>) => {
    work.current = new AbortController();
    setState({ kind: 'working', name, done: 0 });
    task(work.current.signal).then(setState, (thrown: unknown) =>
      setState({ kind: 'failed', error: asAppError(thrown) }),
    );
  };
  const progress = (name: string) => (done: number) => setState({ kind: 'working', name, done });

  const startExport = () => {
    const name = t(optionWords.exporting);
    run(name, async (signal) => {
      const result = await exportAll(ask, signal, progress(name));
      if (result === null) return { kind: 'idle' };
      download(result.file);
      return { kind: 'exported', result };
    });
  };
  const plan = (file: File) => {
    const name = t(optionWords.checking);
    run(name, async (signal) => {
      try {
        const result = await importAll(ask, file, true, signal, progress(name));
        return result.isStopped ? { kind: 'idle' } : { kind: 'planned', file, result };
      } catch (thrown) {
        const error = asAppError(thrown);
        return error.code === 'bad-request'
          ? { kind: 'not-an-export', file }
          : { kind: 'failed', error };
      }
    });
  };
  const startImport = (file: File) => {
    const name = t(optionWords.importing);
    run(name, async (signal) => ({
      kind: 'imported',
      result: await importAll(ask, file, false, signal, progress(name)),
    }));
  };

  const isWorking = state.kind === 'working';
  return (
    <Section id="transfer" title={t(optionWords.transfer)}>
      <p class="help">{t(optionWords.exportHelp)}</p>
      <p class="transfer-way">
        <button type="button" class="button" disabled={isWorking} onClick={startExport}>
          {t(optionWords.exportButton)}
        </button>
      </p>
      <p class="help">{t(optionWords.importHelp)}</p>
      <label class="transfer-way">
        <span>{t(optionWords.importFile)}</span>
        <input
          type="file"
          accept=".jsonl"
          class="field"
          disabled={isWorking}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = ''; // the same file may be chosen again
            if (file) plan(file);
          }}
        />
      </label>
      <div role="status">
        <StateText state={state} startImport={startImport} />
      </div>
      {isWorking && (
        <button type="button" class="button" onClick={() => work.current.abort()}>
          {t(optionWords.stop)}
        </button>
      )}
    </Section>
  );
}

function StateText(props: { readonly state: State; startImport(file: File): void }) {
  const { state } = props;
  switch (state.kind) {
    case 'idle':
      return null;
    case 'working':
      return (
        <p>
          {state.name}: {new Intl.NumberFormat(language.value).format(state.done)}
        </p>
      );
    case 'exported': {
      const { pageCount, file, unreadable } = state.result;
      const size = fileSize(language.value, file.size);
      return (
        <>
          <p>{t(optionWords.exportDone, { count: pageCount, size })}</p>
          {unreadable > 0 && <p>{t(optionWords.exportUnreadable, { count: unreadable })}</p>}
        </>
      );
    }
    case 'planned': {
      const { file, result } = state;
      const { added, updated, unchanged } = result;
      return (
        <>
          <p>{t(optionWords.importPlan, { file: file.name, added, updated, unchanged })}</p>
          <Damage result={result} />
          {added + updated > 0 && (
            <button type="button" class="button primary" onClick={() => props.startImport(file)}>
              {t(optionWords.importButton)}
            </button>
          )}
        </>
      );
    }
    case 'imported': {
      const { added, updated, unchanged, isStopped } = state.result;
      return (
        <>
          <p>{t(optionWords.importDone, { added, updated, unchanged })}</p>
          {isStopped ? <p>{t(optionWords.importStopped)}</p> : <Damage result={state.result} />}
        </>
      );
    }
    case 'not-an-export':
      return <p class="problem">{t(optionWords.notAnExport, { file: state.file.name })}</p>;
    case 'failed':
      return <p class="problem">{errorText(state.error)}</p>;
  }
}

function Damage({ result }: { readonly result: ImportResult }) {
  const { refused, firstRefusedLine, isWhole } = result;
  return (
    <>
      {refused > 0 && (
        <p class="problem">
          {t(optionWords.importRefused, { count: refused, line: firstRefusedLine })}
        </p>
      )}
      {!isWhole && <p class="problem">{t(optionWords.importDamaged)}</p>}
    </>
  );
}

/** Hands a file to the browser's downloads, named by the day. */
function download(file: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `dejalu-${new Date().toISOString().slice(0, 10)}.jsonl`;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
