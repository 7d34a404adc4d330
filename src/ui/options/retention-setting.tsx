import { type Retention, settingLimits } from '../../core/page/settings.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { Choice, SettingText } from './setting.tsx';

type Measured = Exclude<Retention, { by: 'forever' }>;

/** What a choice begins with, its limits, and how its amount is read and written. */
const kinds = {
  age: {
    start: { by: 'age', days: 365 },
    limits: settingLimits.days,
    unit: optionWords.days,
    with: (days: number): Retention => ({ by: 'age', days }),
  },
  size: {
    start: { by: 'size', megabytes: 500 },
    limits: settingLimits.megabytes,
    unit: optionWords.megabytes,
    with: (megabytes: number): Retention => ({ by: 'size', megabytes }),
  },
  pages: {
    start: { by: 'pages', count: 10_000 },
    limits: settingLimits.pages,
    unit: optionWords.pages,
    with: (count: number): Retention => ({ by: 'pages', count }),
  },
} as const satisfies Record<
  Measured['by'],
  {
    start: Retention;
    limits: { min: number; max: number };
    unit: unknown;
    with(amount: number): Retention;
  }
>;

function amountOf(retention: Measured): number {
  switch (retention.by) {
    case 'age':
      return retention.days;
    case 'size':
      return retention.megabytes;
    case 'pages':
      return retention.count;
  }
}

/** How long pages are kept: for ever, or up to an age, a size or a number. */
export function RetentionSetting(props: { retention: Retention; set(retention: Retention): void }) {
  const { retention, set } = props;
  const kind = retention.by === 'forever' ? null : kinds[retention.by];
  return (
    <>
      <Choice
        label={t(optionWords.retention)}
        help={t(optionWords.retentionHelp)}
        value={retention.by}
        options={[
          ['forever', t(optionWords.forever)],
          ['age', t(optionWords.upToAge)],
          ['size', t(optionWords.upToSize)],
          ['pages', t(optionWords.upToPages)],
        ]}
        set={(by) => set(by === 'forever' ? { by } : kinds[by].start)}
      />
      {kind !== null && retention.by !== 'forever' && (
        <label class="setting">
          <SettingText
            label={t(optionWords.retentionAmount)}
            help={t(optionWords.retentionAmountHelp)}
          />
          <span class="with-unit">
            <input
              type="number"
              class="field number"
              min={kind.limits.min}
              max={kind.limits.max}
              value={amountOf(retention)}
              onChange={(event) => {
                const amount = Math.round(event.currentTarget.valueAsNumber);
                const isAllowed = amount >= kind.limits.min && amount <= kind.limits.max;
                if (isAllowed) set(kind.with(amount));
                else event.currentTarget.value = String(amountOf(retention));
              }}
            />
            {t(kind.unit)}
          </span>
        </label>
      )}
    </>
  );
}
