import { useCallback } from 'preact/hooks';
import { type Retention, settingLimits } from '../../core/page/settings.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { stateWords } from '../messages/state.ts';
import { pauseText } from '../parts/page-state.ts';
import type { SettingsProps } from './options-app.tsx';
import { Choice, Section, Switch } from './setting.tsx';
import { useAnswer } from './use-answer.ts';

const days = { year: 365, months: 90 } as const;

export function CaptureSection({ ask, settings, change }: SettingsProps) {
  const load = useCallback(() => ask('page-background:get-pause', null), [ask]);
  const pause = useAnswer(load);
  const isPaused = pause.value !== null && pause.value.kind !== 'none';
  const { retention } = settings;
  return (
    <Section id="capture" title={t(optionWords.capture)}>
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
          onClick={() =>
            void ask('page-background:set-pause', {
              choice: isPaused ? 'none' : 'for-good',
            }).then(pause.set)
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
      <Choice
        label={t(optionWords.retention)}
        help={t(optionWords.retentionHelp)}
        value={retentionName(retention)}
        options={[
          ['forever', t(optionWords.forever)],
          ['year', t(optionWords.oneYear)],
          ['months', t(optionWords.threeMonths)],
        ]}
        set={(name) =>
          change({ retention: name === 'forever' ? { by: name } : { by: 'age', days: days[name] } })
        }
      />
      <Switch
        label={t(optionWords.history)}
        help={t(optionWords.historyHelp)}
        isOn={settings.forgetsWithHistory}
        set={(forgetsWithHistory) => change({ forgetsWithHistory })}
      />
    </Section>
  );
}

/** The offered choice that is nearest to what is set. */
function retentionName(retention: Retention): 'forever' | 'year' | 'months' {
  if (retention.by !== 'age') return 'forever';
  return retention.days > (days.year + days.months) / 2 ? 'year' : 'months';
}
