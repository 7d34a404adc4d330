import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import { errorText } from '../parts/error-text.ts';
import { keyNames } from '../parts/key-names.ts';
import { Notice } from '../parts/notice.tsx';
import { reasonText } from '../parts/sync-problem.ts';
import type { Completion } from './completions.ts';
import type { ElsewhereState } from './elsewhere.ts';
import type { Finder } from './finder.ts';
import { problemText } from './problem-text.ts';

/** Ways to go on with an operator; Tab writes the first, a click any of them. */
export function Completions(props: {
  readonly finder: Finder;
  pick(completion: Completion): void;
}) {
  const completions = props.finder.completions.value;
  const [first] = completions;
  return (
    <div class="completions-place">
      {first && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields, these are buttons
        <div class="completions" role="group" aria-label={t(resultWords.completions)}>
          <kbd>{keyNames().tab}</kbd>
          {completions.map((completion) => (
            <button
              key={completion.text}
              type="button"
              class="completion"
              aria-label={t(resultWords.completeWith, { text: completion.text.trim() })}
              onClick={() => props.pick(completion)}
            >
              {completion.label}
            </button>
          ))}
        </div>
      )}
      <p class="visually-hidden" role="status">
        {first ? t(resultWords.tabCompletes, { text: first.text.trim() }) : ''}
      </p>
    </div>
  );
}

/** What came of asking the other devices; nothing while that is not wanted. */
export function ElsewhereNote({ finder }: { readonly finder: Finder }) {
  const state = finder.elsewhere.value;
  return (
    <div role="status">
      {state.kind !== 'none' && <Notice icon="layers" size="quiet" text={elsewhereText(state)} />}
    </div>
  );
}

function elsewhereText(state: ElsewhereState): string {
  switch (state.kind) {
    case 'none':
      return '';
    case 'asking':
      return t(resultWords.elsewhereAsking);
    case 'taken':
      return t(resultWords.elsewhereTaken, { count: state.count });
    case 'failed':
      return `${t(resultWords.elsewhereFailed)} ${reasonText(state.reason) ?? ''}`.trim();
  }
}

/** Why a page could not be opened, pinned or shown more of. */
export function RowErrorNote({ finder }: { readonly finder: Finder }) {
  const error = finder.rowError.value;
  if (error === null) return null;
  return (
    <div role="alert">
      <Notice icon="circleAlert" size="quiet" text={errorText(error)} />
    </div>
  );
}

/** What is wrong with the query. */
export function Problems({ finder }: { readonly finder: Finder }) {
  // An operator that is still being written is not a mistake yet.
  const writing = finder.completions.value[0]?.start ?? Number.POSITIVE_INFINITY;
  const problems = (finder.search.shown.value?.response.problems ?? []).filter(
    (problem) => problem.start < writing,
  );
  return (
    <div role="status">
      {problems.length > 0 && (
        <ul class="problems">
          {problems.map((problem) => (
            <li key={problem.start}>
              <Icon name="triangleAlert" />
              {problemText(problem)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
