import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import { keyNames } from './key-names.ts';

/** A list of what the keys do. Escape closes it and the focus goes back where it was. */
export function HelpDialog(props: { canRead: boolean; canSteer: boolean; onClose(): void }) {
  const { canRead, canSteer, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const keys = keyNames();
  const lines: readonly (readonly [string, string])[] = [
    ['↑ ↓', t(resultWords.moveKeys)],
    ['↵', t(resultWords.open)],
    [`${keys.control}↵`, t(resultWords.openTab)],
    [`${keys.shift}↵`, t(resultWords.openAside)],
    [keys.tab, t(resultWords.completeKey)],
    [`${keys.alt}S`, t(resultWords.similar)],
    [`${keys.alt}P`, t(resultWords.pin)],
    ...(canRead ? ([[`${keys.alt}R`, t(resultWords.read)]] as const) : []),
    [`${keys.alt}M`, t(resultWords.morePassages)],
    [`${keys.alt}N`, t(resultWords.showSame)],
    ...(canSteer
      ? ([
          [`${keys.alt}=`, t(resultWords.moreLike)],
          [`${keys.alt}-`, t(resultWords.lessLike)],
        ] as const)
      : []),
    [keys.remove, t(resultWords.forget)],
    [`${keys.control}Z`, t(resultWords.undoForget)],
    [keys.alt.replace('+', ''), t(resultWords.scoresKey)],
    ['Esc', t(resultWords.clearThenClose)],
  ];
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="help-title" onClose={onClose}>
      <div class="dialog-head">
        <h2 id="help-title">{t(resultWords.helpTitle)}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t(resultWords.close)}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="x" />
        </button>
      </div>
      <dl class="key-list">
        {lines.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
