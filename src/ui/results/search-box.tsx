import type { RefObject } from 'preact';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';

export interface SearchBoxProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly listId: string;
  readonly activeId: string | null;
  readonly isExpanded: boolean;
  onInput(value: string): void;
}

/** The box of the combobox pattern: it keeps the focus and points at the selected row. */
export function SearchBox(props: SearchBoxProps) {
  return (
    <div class="search-box">
      <Icon name="search" size={18} />
      <input
        ref={props.input}
        id="search-input"
        type="text"
        role="combobox"
        aria-label={t(resultWords.boxName)}
        aria-controls={props.listId}
        aria-expanded={props.isExpanded}
        aria-autocomplete="list"
        aria-activedescendant={props.activeId ?? undefined}
        placeholder={t(resultWords.boxHint)}
        value={props.value}
        dir="auto"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="search"
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      {props.value !== '' && (
        <button
          type="button"
          class="icon-button"
          aria-label={t(resultWords.clearBox)}
          title={t(resultWords.clearBox)}
          onClick={() => {
            props.onInput('');
            props.input.current?.focus();
          }}
        >
          <Icon name="x" />
        </button>
      )}
    </div>
  );
}
