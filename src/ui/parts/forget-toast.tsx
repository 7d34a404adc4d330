import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import type { Forgetting } from './forgetting.ts';

/** Says that a page was forgotten, and lets the person take it back for a while. */
export function ForgetToast({ forgetting }: { readonly forgetting: Forgetting }) {
  const pending = forgetting.pending.value;
  return (
    <div class="toast-place" role="status">
      {pending && (
        <div class="toast" key={pending.id}>
          <p dir="auto">
            {pending.state === 'waiting'
              ? t(resultWords.forgotten, { title: pending.title })
              : t(resultWords.forgetFailed, { title: pending.title })}
          </p>
          {pending.state === 'waiting' && (
            <button type="button" class="link-button" onClick={() => forgetting.undo()}>
              {t(resultWords.undo)}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={t(resultWords.close)}
            onClick={() => forgetting.dismiss()}
          >
            <Icon name="x" />
          </button>
        </div>
      )}
    </div>
  );
}
