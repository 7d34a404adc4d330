import { useCallback } from 'preact/hooks';
import type { HeldDecision } from '../../core/page/state.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import { reasonsText } from '../parts/page-state.ts';
import { useAnswer } from '../parts/use-answer.ts';
import type { SettingsProps } from './options-app.tsx';
import { Section, Switch } from './setting.tsx';

export function PrivateSection({ ask, settings, change }: SettingsProps) {
  const load = useCallback(() => ask('page-background:held-pages', null), [ask]);
  const held = useAnswer(load);
  const decisions: readonly (readonly [HeldDecision, string])[] = [
    ['once', t(optionWords.store)],
    ['always', t(optionWords.alwaysSite)],
    ['never', t(optionWords.neverSite)],
  ];
  return (
    <Section id="private" title={t(optionWords.privatePages)}>
      <Switch
        label={t(optionWords.holds)}
        help={t(optionWords.holdsHelp)}
        isOn={settings.holdsDoubtful}
        set={(holdsDoubtful) => change({ holdsDoubtful })}
      />
      <h3>{t(optionWords.tray)}</h3>
      {held.error && <p class="problem">{errorText(held.error)}</p>}
      {held.value?.length === 0 && <p class="help">{t(optionWords.trayEmpty)}</p>}
      <ul class="tray">
        {held.value?.map((page) => (
          <li key={page.key}>
            <div class="setting-text">
              <span dir="auto">{page.title || page.url}</span>
              <span class="help">
                {page.site} · {reasonsText(page.reasons)}
              </span>
            </div>
            <div class="buttons">
              {decisions.map(([decision, label]) => (
                <button
                  key={decision}
                  type="button"
                  class="button"
                  onClick={() =>
                    held.follow(ask('page-background:decide-held', { key: page.key, decision }))
                  }
                >
                  {label}
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
