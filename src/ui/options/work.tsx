import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import { language, t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';

/** Long work that a section does for the person, one piece at a time. */
export type WorkState<S> =
  | { readonly kind: 'working'; readonly name: string; readonly done: number }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'at'; readonly at: S };

export interface Work<S> {
  readonly state: WorkState<S>;
  readonly isWorking: boolean;
  /**
   * Begins; what the task resolves to is where the section is then. Leaving the page stops it.
   * @param task tells how far it has come, and stops soon after the signal aborts
   */
  run(task: (signal: AbortSignal, progress: Progress) => Promise<S>): void;
  stop(): void;
}

/** Says what is being done, and how much of it is. */
export type Progress = (name: string, done: number) => void;

export function useWork<S>(start: S): Work<S> {
  const [state, setState] = useState<WorkState<S>>({ kind: 'at', at: start });
  const control = useRef(new AbortController());
  useEffect(() => () => control.current.abort(), []);
  return {
    state,
    isWorking: state.kind === 'working',
    run(task) {
      control.current = new AbortController();
      task(control.current.signal, (name, done) => setState({ kind: 'working', name, done })).then(
        (at) => setState({ kind: 'at', at }),
        (thrown: unknown) => setState({ kind: 'failed', error: asAppError(thrown) }),
      );
    },
    stop: () => control.current.abort(),
  };
}

/** How far the work is, its stop button, and what the section says where it is. */
export function WorkLine<S>(props: {
  readonly work: Work<S>;
  readonly children: (at: S) => ComponentChildren;
}) {
  const { state, stop } = props.work;
  return (
    <>
      <div role="status">
        {state.kind === 'working' && (
          <p>
            {state.name}: {new Intl.NumberFormat(language.value).format(state.done)}
          </p>
        )}
        {state.kind === 'failed' && <p class="problem">{errorText(state.error)}</p>}
        {state.kind === 'at' && props.children(state.at)}
      </div>
      {state.kind === 'working' && (
        <button type="button" class="button" onClick={stop}>
          {t(optionWords.stop)}
        </button>
      )}
    </>
  );
}

/** A file for the section to read; the same one may be chosen again. */
export function FileField(props: {
  readonly label: string;
  readonly accept: string;
  readonly isDisabled: boolean;
  choose(file: File): void;
}) {
  return (
    <label class="transfer-way">
      <span>{props.label}</span>
      <input
        type="file"
        accept={props.accept}
        class="field"
        disabled={props.isDisabled}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) props.choose(file);
        }}
      />
    </label>
  );
}
