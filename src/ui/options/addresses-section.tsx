import { type ListedAddress, readAddressList } from '../../core/page/address-list.ts';
import { type PastSource, readPast } from '../../platform/past.ts';
import { t } from '../i18n/language.ts';
import { addressWords } from '../messages/addresses.ts';
import type { Ask } from '../parts/services.ts';
import { type AddResult, addListed } from './add-listed.ts';
import { FetchForm } from './fetch-form.tsx';
import { FetchProgress } from './fetch-progress.tsx';
import { Section } from './setting.tsx';
import { useFetching } from './use-fetching.ts';
import { FileField, type Progress, useWork, WorkLine } from './work.tsx';

interface Source {
  readonly name: string;
  readonly list: readonly ListedAddress[];
}

type At =
  | { readonly kind: 'idle' | 'not-granted' }
  | { readonly kind: 'planned'; readonly source: Source; readonly result: AddResult }
  | { readonly kind: 'added'; readonly source: Source; readonly result: AddResult }
  | { readonly kind: 'not-a-list'; readonly name: string };

/** Titles and addresses from before: of the history, the bookmarks, or a file; and their texts. */
export function AddressesSection({ ask }: { readonly ask: Ask }) {
  const work = useWork<At>({ kind: 'idle' });
  const fetching = useFetching(ask);

  const add = (source: Source, isTrial: boolean, signal: AbortSignal, progress: Progress) => {
    const name = t(isTrial ? addressWords.checking : addressWords.adding);
    progress(name, 0);
    return addListed(ask, source.list, isTrial, signal, (done) => progress(name, done));
  };
  const plan = async (source: Source, signal: AbortSignal, progress: Progress): Promise<At> => {
    const result = await add(source, true, signal, progress);
    return result.isStopped ? { kind: 'idle' } : { kind: 'planned', source, result };
  };
  const planPast = (past: PastSource, name: string) =>
    work.run(async (signal, progress) => {
      const list = await readPast(past);
      return list === null ? { kind: 'not-granted' } : plan({ name, list }, signal, progress);
    });
  const planFile = (file: File) =>
    work.run(async (signal, progress) => {
      const text = await file.text();
      let list: readonly ListedAddress[];
      try {
        list = readAddressList(text);
      } catch {
        return { kind: 'not-a-list', name: file.name };
      }
      return plan({ name: file.name, list }, signal, progress);
    });
  const start = (source: Source) =>
    work.run(async (signal, progress) => ({
      kind: 'added',
      source,
      result: await add(source, false, signal, progress),
    }));

  const at = work.state.kind === 'at' ? work.state.at : null;
  const source = at === null ? null : sourceToFetch(at);
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
            disabled={work.isWorking}
            onClick={() => planPast(past, name)}
          >
            {name}
          </button>
        ))}
      </p>
      <FileField
        label={t(addressWords.fromFile)}
        accept=".html,.htm,.csv,.tsv,.json,.txt"
        isDisabled={work.isWorking}
        choose={planFile}
      />
      <WorkLine work={work}>{(at) => <Outcome at={at} start={start} />}</WorkLine>
      {source !== null && <FetchForm list={source.list} fetching={fetching} />}
      <FetchProgress fetching={fetching} />
    </Section>
  );
}

/** The list whose texts may be fetched: one whose addresses are all here. */
function sourceToFetch(at: At): Source | null {
  if (at.kind === 'planned') return at.result.added === 0 ? at.source : null;
  return at.kind === 'added' && !at.result.isStopped ? at.source : null;
}

function Outcome(props: { readonly at: At; start(source: Source): void }) {
  const { at } = props;
  switch (at.kind) {
    case 'idle':
      return null;
    case 'not-granted':
      return <p>{t(addressWords.notGranted)}</p>;
    case 'planned': {
      const { source, result } = at;
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
      const { added, isStopped } = at.result;
      return <p>{t(isStopped ? addressWords.stopped : addressWords.done, { count: added })}</p>;
    }
    case 'not-a-list':
      return <p class="problem">{t(addressWords.notAList, { file: at.name })}</p>;
  }
}
