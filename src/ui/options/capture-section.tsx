import { useCallback } from 'preact/hooks';
import { settingLimits } from '../../core/page/settings.ts';
import { mayReadHistory, requestHistory } from '../../platform/history.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { stateWords } from '../messages/state.ts';
import { errorText } from '../parts/error-text.ts';
import { pauseText } from '../parts/page-state.ts';
import { useAnswer } from '../parts/use-answer.ts';
import type { SettingsProps } from './options-app.tsx';
import { RetentionSetting } from './retention-setting.tsx';
import { Section, Switch } from './setting.tsx';

export function CaptureSection({ ask, settings, change }: SettingsProps) {
  const load = useCallback(() => ask('page-background:get-pause', null), [ask]);
  const pause = useAnswer(load);
  const isPaused = pause.value !== null && pause.value.kind !== 'none';
  const mayRead = useAnswer(mayReadHistory);
  const setForgetsWithHistory = async (isOn: boolean) => {
    // The browser asks the person, and only in answer to a click: nothing may come before it.
    const isGranted = isOn ? await requestHistory() : mayRead.value;
    if (isOn) mayRead.set(isGranted === true);
    if (!isOn || isGranted) change({ forgetsWithHistory: isOn });
  };
  return (
    <Section id="capture" title={t(optionWords.capture)}>
      {pause.error && <p class="problem">{errorText(pause.error)}</p>}
      <div class="setting">
        <span class="setting-text">
          <span>{t(optionWords.pauseNow)}</span>
          <span class="help">
            {pause.value && isPaused ? pauseText(pause.value) : t(optionWords.reading)}
          </span>
        </span>
        <button
          type="button"
          class="button"
          disabled={pause.value === null}
          onClick={() =>
            pause.follow(
              ask('page-background:set-pause', { choice: isPaused ? 'none' : 'for-good' }),
            )
          }
        >
          {isPaused ? t(stateWords.resume) : t(stateWords.pauseForGood)}
        </button>
      </div>
      <label class="setting">
        <span class="setting-text">
          <span>{t(optionWords.dwell)}</span>
          <span class="help">{t(optionWords.dwellHelp)}</span>
        </span>
        <span class="with-unit">
          <input
            type="number"
            class="field number"
            min={settingLimits.dwellMs.min / 1000}
            max={settingLimits.dwellMs.max / 1000}
            step="0.5"
            value={settings.dwellMs / 1000}
            onChange={(event) =>
              change({ dwellMs: Math.round(event.currentTarget.valueAsNumber * 1000) })
            }
          />
          {t(optionWords.seconds)}
        </span>
      </label>
      <RetentionSetting
        retention={settings.retention}
        set={(retention) => void change({ retention })}
      />
      <Switch
        label={t(optionWords.history)}
        help={t(optionWords.historyHelp)}
        isOn={settings.forgetsWithHistory && mayRead.value === true}
        set={(isOn) => void setForgetsWithHistory(isOn)}
      />
    </Section>
  );
}
