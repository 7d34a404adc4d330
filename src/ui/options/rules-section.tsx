import { useCallback, useState } from 'preact/hooks';
import { isRulePattern, type RuleAction, ruleActions } from '../../core/page/settings.ts';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { optionWords } from '../messages/options.ts';
import { useAnswer } from '../parts/use-answer.ts';
import type { SettingsProps } from './options-app.tsx';
import { Section } from './setting.tsx';

export function RulesSection({ ask, settings, change }: SettingsProps) {
  const load = useCallback(() => ask('page-background:default-rules', null), [ask]);
  const defaults = useAnswer(load);
  const [pattern, setPattern] = useState('');
  const [action, setAction] = useState<RuleAction>('never');
  const [isBad, setBad] = useState(false);
  const { rules, disabledDefaultRules } = settings;

  const add = (event: Event) => {
    event.preventDefault();
    const wanted = pattern.trim();
    if (!isRulePattern(wanted)) return setBad(true);
    setBad(false);
    setPattern('');
    change({
      rules: [{ pattern: wanted, action }, ...rules.filter((rule) => rule.pattern !== wanted)],
    });
  };
  const toggleDefault = (name: string) =>
    change({
      disabledDefaultRules: disabledDefaultRules.includes(name)
        ? disabledDefaultRules.filter((other) => other !== name)
        : [...disabledDefaultRules, name],
    });

  return (
    <Section id="rules" title={t(optionWords.rules)}>
      <p class="help">{t(optionWords.rulesHelp)}</p>
      <form class="inline-form" onSubmit={add}>
        <input
          class="field"
          aria-label={t(optionWords.pattern)}
          placeholder="bank.example"
          spellcheck={false}
          value={pattern}
          aria-invalid={isBad}
          onInput={(event) => setPattern(event.currentTarget.value)}
        />
        <select
          class="field"
          aria-label={t(optionWords.action)}
          value={action}
          onChange={(event) => {
            const chosen = ruleActions.find((known) => known === event.currentTarget.value);
            if (chosen) setAction(chosen);
          }}
        >
          {ruleActions.map((known) => (
            <option key={known} value={known}>
              {actionName(known)}
            </option>
          ))}
        </select>
        <button type="submit" class="button">
          {t(optionWords.addRule)}
        </button>
      </form>
      {isBad && (
        <p class="problem" role="alert">
          {t(optionWords.badRule)}
        </p>
      )}
      {rules.length === 0 && <p class="help">{t(optionWords.noRules)}</p>}
      <ul class="rule-list">
        {rules.map((rule) => (
          <li key={rule.pattern}>
            <code>{rule.pattern}</code>
            <span class="help">{actionName(rule.action)}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={t(optionWords.removeRule, { pattern: rule.pattern })}
              onClick={() => change({ rules: rules.filter((other) => other !== rule) })}
            >
              <Icon name="x" />
            </button>
          </li>
        ))}
      </ul>
      {defaults.value && (
        <details>
          <summary>{t(optionWords.defaultRules, { count: defaults.value.length })}</summary>
          <ul class="rule-list scroll">
            {defaults.value.map(({ rule }) => (
              <li key={rule.pattern}>
                <label class="choice">
                  <input
                    type="checkbox"
                    checked={!disabledDefaultRules.includes(rule.pattern)}
                    onChange={() => toggleDefault(rule.pattern)}
                  />
                  <code>{rule.pattern}</code>
                </label>
                <span class="help">{actionName(rule.action)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

function actionName(action: RuleAction): string {
  switch (action) {
    case 'index':
      return t(optionWords.actionIndex);
    case 'title-only':
      return t(optionWords.actionTitle);
    case 'never':
      return t(optionWords.actionNever);
  }
}
