import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError, fromWireError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { ModelCard, ModelChangeStatus, ModelStatus } from '../../engine/api.ts';
import type { BroughtFolder } from '../../engine/bring-model.ts';
import { language, t } from '../i18n/language.ts';
import { fileSize } from '../i18n/sizes.ts';
import { modelWords } from '../messages/model.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { folderOf } from './model-folder.ts';
import { Section } from './setting.tsx';

/** Puts the model of a folder where the engine finds it; rejects, having changed nothing. */
export type BringModel = (folder: BroughtFolder, dims: number | undefined) => Promise<ModelId>;

export interface ModelSectionProps {
  readonly ask: Ask;
  readonly bringModel: BringModel;
}

const pollMs = 700;
/** The engine reads the whole model before it answers. */
const useTimeoutMs = 120_000;

/** The model that answers, a change to another one, and the way to bring one. */
export function ModelSection({ ask, bringModel }: ModelSectionProps) {
  const load = useCallback(() => ask('page-engine:model', null), [ask]);
  const answer = useAnswer(load);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isReading, setReading] = useState(false);
  const status = answer.value;
  const isChanging = status !== null && status.change !== null;
  useEffect(() => {
    if (!isChanging) return;
    const timer = setInterval(answer.reload, pollMs);
    return () => clearInterval(timer);
  }, [isChanging, answer.reload]);
  const said = useChangedTo(status);

  const act = (work: () => Promise<ModelStatus>) => {
    setFailure(null);
    work().then(answer.set, (thrown: unknown) => setFailure(asAppError(thrown)));
  };
  const change = (action: 'pause' | 'resume' | 'cancel') =>
    act(() => ask('page-engine:change-model', { action }));
  const use = (id: ModelId | null) =>
    ask('page-engine:use-model', { id }, { timeoutMs: useTimeoutMs });
  const bring = (folder: BroughtFolder, dims: number | undefined) => {
    setReading(true);
    act(() =>
      bringModel(folder, dims)
        .then(use)
        .finally(() => setReading(false)),
    );
  };

  const error = failure ?? answer.error;
  return (
    <Section id="model" title={t(modelWords.title)}>
      <p class="help">{t(modelWords.what)}</p>
      {status && <Card card={status.model} isShipped={status.isShipped} />}
      {status?.change && <Change change={status.change} control={change} />}
      {status && !status.isShipped && !status.change && (
        <p>
          <button type="button" class="button" onClick={() => act(() => use(null))}>
            {t(modelWords.rollBack)}
          </button>
        </p>
      )}
      <p role="status">{isReading ? t(modelWords.reading) : said}</p>
      {error && <Problem error={error} />}
      <Another isDisabled={isReading} bring={bring} />
    </Section>
  );
}

/** A sentence once another model has come to answer while this page was looking. */
function useChangedTo(status: ModelStatus | null): string {
  const before = useRef<ModelId | null>(null);
  const [name, setName] = useState('');
  const id = status?.model.id ?? null;
  useEffect(() => {
    if (status === null) return;
    if (before.current !== null && before.current !== id) setName(status.model.name);
    before.current = id;
  }, [id, status]);
  return name === '' ? '' : t(modelWords.changed, { name });
}

function Card({ card, isShipped }: { readonly card: ModelCard; readonly isShipped: boolean }) {
  const lang = language.value;
  const { name, version, dims, vocabularySize, sizeBytes, languages, licence } = card;
  const names = new Intl.DisplayNames(lang, { type: 'language' });
  return (
    <dl class="facts">
      <Fact name={t(modelWords.answersNow)}>
        {t(isShipped ? modelWords.shipped : modelWords.brought, { name, version })}
      </Fact>
      <Fact name={t(modelWords.table)}>
        {t(modelWords.tableLine, {
          words: vocabularySize,
          dims,
          size: fileSize(lang, sizeBytes),
        })}
      </Fact>
      {languages.length > 0 && (
        <Fact name={t(modelWords.languages)}>
          {new Intl.ListFormat(lang).format(languages.map((each) => names.of(each) ?? each))}
        </Fact>
      )}
      <Fact name={t(modelWords.licence)}>
        {licence} {isShipped && <a href="/model-card.txt">{t(modelWords.card)}</a>}
      </Fact>
    </dl>
  );
}

function Fact(props: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Change(props: {
  readonly change: ModelChangeStatus;
  control(action: 'pause' | 'resume' | 'cancel'): void;
}) {
  const { change, control } = props;
  const { to, state, done, total, error } = change;
  const name = t(modelWords.changing, { name: to.name });
  const line = {
    running: modelWords.changingLine,
    paused: modelWords.changePaused,
    failed: modelWords.changeFailed,
  }[state];
  return (
    <div class="model-change">
      <h3>{name}</h3>
      <progress value={done} max={Math.max(1, total)} aria-label={name} />
      <p class="help">{t(line, { done, total })}</p>
      {error && <p class="problem">{errorText(fromWireError(error))}</p>}
      <p class="transfer-way">
        {state === 'running' ? (
          <button type="button" class="button" onClick={() => control('pause')}>
            {t(modelWords.pause)}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => control('resume')}>
            {t(modelWords.resume)}
          </button>
        )}
        <button type="button" class="button" onClick={() => control('cancel')}>
          {t(modelWords.cancel)}
        </button>
      </p>
    </div>
  );
}

function Another(props: {
  readonly isDisabled: boolean;
  bring(folder: BroughtFolder, dims: number | undefined): void;
}) {
  const [dims, setDims] = useState('');
  return (
    <>
      <h3>{t(modelWords.another)}</h3>
      <p class="help">{t(modelWords.anotherHelp)}</p>
      <label class="setting">
        <span class="setting-text">
          <span>{t(modelWords.dims)}</span>
          <span class="help">{t(modelWords.dimsHelp)}</span>
        </span>
        <input
          type="number"
          class="field number"
          min="1"
          value={dims}
          onInput={(event) => setDims(event.currentTarget.value)}
        />
      </label>
      <label class="transfer-way">
        <span>{t(modelWords.folder)}</span>
        <input
          type="file"
          class="field"
          ref={(field) => {
            if (field) field.webkitdirectory = true;
          }}
          disabled={props.isDisabled}
          onChange={(event) => {
            const folder = folderOf([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
            if (folder) props.bring(folder, dims === '' ? undefined : Number(dims));
          }}
        />
      </label>
    </>
  );
}

/** What is wrong in plain words; what exactly, for those who made the model, on demand. */
function Problem({ error }: { readonly error: AppError }) {
  const file = String(error.details.file ?? 'model.safetensors');
  const text = {
    'model-missing': () => t(modelWords.missing, { file }),
    'model-invalid': () => t(modelWords.invalid, { file }),
    'bad-request': () => t(modelWords.syncHolds),
  }[error.code as string];
  return (
    <div class="problem" role="alert">
      <p>{text === undefined ? errorText(error) : text()}</p>
      {text !== undefined && (
        <details>
          <summary>{t(modelWords.reason)}</summary>
          <p lang="en">{error.message}</p>
        </details>
      )}
    </div>
  );
}
