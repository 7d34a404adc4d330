import { useEffect } from 'preact/hooks';
import { asAppError } from '../../core/errors.ts';
import { createExportFile, removeLeftExports } from '../../platform/export-files.ts';
import { language, t } from '../i18n/language.ts';
import { fileSize } from '../i18n/sizes.ts';
import { optionWords } from '../messages/options.ts';
import type { Ask } from '../parts/services.ts';
import { Section } from './setting.tsx';
import {
  type ExportKind,
  type ExportResult,
  exportAll,
  exportKinds,
  type ImportResult,
  importAll,
} from './transfer.ts';
import { FileField, useWork, WorkLine } from './work.tsx';

type At =
  | { readonly kind: 'idle' }
  | { readonly kind: 'exported'; readonly result: ExportResult }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'planned'; readonly file: File; readonly result: ImportResult }
  | { readonly kind: 'imported'; readonly result: ImportResult }
  | { readonly kind: 'not-an-export'; readonly file: File };

const exportNames = {
  lines: optionWords.exportButton,
  packed: optionWords.exportPacked,
  markdown: optionWords.exportMarkdown,
} as const;
const endings = { lines: '.jsonl', packed: '.jsonl.gz', markdown: '-markdown.zip' } as const;

/**
 * A page is not told when a download has ended. After this time it has, or has its own hold on the
 * bytes.
 */
const downloadMs = 5 * 60_000;

/** Every page into one file, and pages of such a file back, without doubles. */
export function TransferSection({ ask }: { readonly ask: Ask }) {
  const work = useWork<At>({ kind: 'idle' });
  useEffect(() => {
    // What a browser that was closed in the middle left behind.
    removeLeftExports().catch(() => undefined);
  }, []);

  const startExport = (kind: ExportKind) =>
    work.run(async (signal, progress) => {
      const told = (done: number) => progress(t(optionWords.exporting), done);
      told(0);
      try {
        const result = await exportAll(ask, kind, createExportFile, signal, told);
        if (result === null) return { kind: 'idle' };
        download(result, endings[kind]);
        return { kind: 'exported', result };
      } catch (thrown) {
        if (asAppError(thrown).code !== 'storage-full') throw thrown;
        return { kind: 'no-room' };
      }
    });
  const plan = (file: File) =>
    work.run(async (signal, progress) => {
      const told = (done: number) => progress(t(optionWords.checking), done);
      told(0);
      try {
        const result = await importAll(ask, file, true, signal, told);
        return result.isStopped ? { kind: 'idle' } : { kind: 'planned', file, result };
      } catch (thrown) {
        if (asAppError(thrown).code !== 'bad-request') throw thrown;
        return { kind: 'not-an-export', file };
      }
    });
  const startImport = (file: File) =>
    work.run(async (signal, progress) => {
      const told = (done: number) => progress(t(optionWords.importing), done);
      told(0);
      return { kind: 'imported', result: await importAll(ask, file, false, signal, told) };
    });

  return (
    <Section id="transfer" title={t(optionWords.transfer)}>
      <p class="help">{t(optionWords.exportHelp)}</p>
      <p class="transfer-way">
        {exportKinds.map((kind) => (
          <button
            key={kind}
            type="button"
            class="button"
            disabled={work.isWorking}
            onClick={() => startExport(kind)}
          >
            {t(exportNames[kind])}
          </button>
        ))}
      </p>
      <p class="help">{t(optionWords.exportKindsHelp)}</p>
      <p class="help">{t(optionWords.importHelp)}</p>
      <FileField
        label={t(optionWords.importFile)}
        accept=".jsonl,.gz"
        isDisabled={work.isWorking}
        choose={plan}
      />
      <WorkLine work={work}>{(at) => <Outcome at={at} startImport={startImport} />}</WorkLine>
    </Section>
  );
}

function Outcome(props: { readonly at: At; startImport(file: File): void }) {
  const { at } = props;
  switch (at.kind) {
    case 'idle':
      return null;
    case 'exported': {
      const { pageCount, file, unreadable } = at.result;
      const size = fileSize(language.value, file.size);
      return (
        <>
          <p>{t(optionWords.exportDone, { count: pageCount, size })}</p>
          {unreadable > 0 && <p>{t(optionWords.exportUnreadable, { count: unreadable })}</p>}
        </>
      );
    }
    case 'no-room':
      return <p class="problem">{t(optionWords.exportNoRoom)}</p>;
    case 'planned': {
      const { file, result } = at;
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
      const { added, updated, unchanged, isStopped } = at.result;
      return (
        <>
          <p>{t(optionWords.importDone, { added, updated, unchanged })}</p>
          {isStopped ? <p>{t(optionWords.importStopped)}</p> : <Damage result={at.result} />}
        </>
      );
    }
    case 'not-an-export':
      return <p class="problem">{t(optionWords.notAnExport, { file: at.file.name })}</p>;
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

/** Hands a file to the browser's downloads, named by the day, and takes it away some time later. */
function download({ file, remove }: ExportResult, ending: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `dejalu-${new Date().toISOString().slice(0, 10)}${ending}`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
    void remove();
  }, downloadMs);
}
