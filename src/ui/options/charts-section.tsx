import { useCallback } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { chartWords } from '../messages/charts.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { ReadingCharts } from './reading-charts.tsx';
import { Section } from './setting.tsx';
import { EnergyChart, GrowthChart, SpeedChart } from './store-charts.tsx';

const weeks = 26;
/** The most that the engine gives at once. */
const mostVisits = 10_000;

/** Pictures of what was read, of the store and of what it costs. */
export function ChartsSection({ ask }: { readonly ask: Ask }) {
  const load = useCallback(async () => {
    const now = Date.now();
    const [visits, growth, speed] = await Promise.all([
      ask('page-engine:visits', {
        from: now - weeks * 7 * 86_400_000,
        to: now + 1,
        limit: mostVisits,
      }),
      ask('page-engine:growth', null),
      ask('page-background:speed', null),
    ]);
    return { now, visits, growth, speed };
  }, [ask]);
  const { value, error } = useAnswer(load);
  return (
    <Section id="charts" title={t(chartWords.title)}>
      {error && <p class="problem">{errorText(error)}</p>}
      {value && (
        <>
          {value.visits.length === 0 ? (
            <p class="help">{t(optionWords.noReading)}</p>
          ) : (
            <ReadingCharts visits={value.visits} now={value.now} weeks={weeks} />
          )}
          {(value.growth.at(-1)?.pageCount ?? 0) > 0 && <GrowthChart steps={value.growth} />}
          <SpeedChart report={value.speed} />
          <EnergyChart days={value.speed.days} today={localDay(value.now)} />
        </>
      )}
    </Section>
  );
}

/** A moment's local day, as the speed log names it. */
function localDay(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
