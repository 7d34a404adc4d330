import { useCallback, useState } from 'preact/hooks';
import type { Shortcut } from '../../platform/commands.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { resultWords } from '../messages/results.ts';
import { stateWords } from '../messages/state.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { Section, SettingText } from './setting.tsx';

/** The keys that work in the whole browser. Chrome lets only its own page change them. */
export function ShortcutsSection({ ask }: { readonly ask: Ask }) {
  const load = useCallback(() => ask('page-background:shortcuts', null), [ask]);
  const answer = useAnswer(load);
  const [refused, setRefused] = useState('');
  if (!answer.value || answer.value.shortcuts.length === 0) return null;
  const { shortcuts, canChange } = answer.value;
  const change = (name: string, keys: string) => {
    setRefused('');
    ask('page-background:change-shortcut', { name, keys: keys.trim() }).then(answer.set, () =>
      setRefused(keys),
    );
  };
  return (
    <Section id="shortcuts" title={t(optionWords.shortcuts)}>
      <p class="help">{t(optionWords.shortcutsHelp)}</p>
      {shortcuts.map((shortcut) =>
        canChange ? (
          <label class="setting" key={`${shortcut.name} ${shortcut.keys}`}>
            <SettingText {...textOf(shortcut)} />
            <input
              class="field"
              value={shortcut.keys}
              spellcheck={false}
              autocomplete="off"
              onChange={(event) => change(shortcut.name, event.currentTarget.value)}
            />
          </label>
        ) : (
          <p class="setting" key={shortcut.name}>
            <SettingText {...textOf(shortcut)} />
            <kbd>{shortcut.keys || t(optionWords.noKeys)}</kbd>
          </p>
        ),
      )}
      {refused !== '' && (
        <p class="problem" role="alert">
          {t(optionWords.badKeys, { keys: refused })}
        </p>
      )}
      {!canChange && (
        <button
          type="button"
          class="button"
          onClick={() => void ask('page-background:open-shortcut-settings', null)}
        >
          {t(optionWords.changeKeys)}
        </button>
      )}
    </Section>
  );
}

/** What a command is called, and what it does. */
function textOf({ name, description }: Shortcut): {
  readonly label: string;
  readonly help: string;
} {
  switch (name) {
    case '_execute_action':
      return { label: t(optionWords.openPopup), help: t(optionWords.openPopupHelp) };
    case 'open-search':
      return { label: t(stateWords.searchPage), help: t(optionWords.openSearchHelp) };
    case 'toggle-pause':
      return { label: t(optionWords.togglePause), help: t(optionWords.togglePauseHelp) };
    case 'find-similar':
      return { label: t(resultWords.similar), help: t(optionWords.findSimilarHelp) };
    default:
      // One that the browser adds, such as Firefox's for the sidebar.
      return { label: description || name, help: t(optionWords.otherCommandHelp) };
  }
}
