import { useCallback } from 'preact/hooks';
import { dayDate } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { errorText } from '../parts/error-text.ts';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { countByDay, countBySite, type DayCount } from './reading-counts.ts';
import { Section } from './setting.tsx';

const weeks = 26;
const cell = 14;
/** The most that the engine gives at once. */
const mostVisits = 10_000;

export function ChartsSection({ ask }: { readonly ask: Ask }) {
  const load = useCallback(
    () =>
      ask('page-engine:visits', {
        from: Date.now() - weeks * 7 * 86_400_000,
        to: Date.now() + 1,
        limit: mostVisits,
      }),
    [ask],
  );
  const { value: visits, error } = useAnswer(load);
  if (error) {
    return (
      <Section id="charts" title={t(optionWords.charts)}>
        <p class="problem">{errorText(error)}</p>
      </Section>
    );
  }
  if (!visits) return null;
  const days = countByDay(
    visits.map((entry) => entry.visit.at),
    Date.now(),
    weeks,
  );
  const sites = countBySite(
    visits.map((entry) => entry.page.site),
    10,
  );
  return (
    <Section id="charts" title={t(optionWords.charts)}>
      {visits.length === 0 ? (
        <p class="help">{t(optionWords.noReading)}</p>
      ) : (
        <>
          <h3>{t(optionWords.byDay)}</h3>
          <p class="help">{summaryOf(days)}</p>
          <DayMap days={days} />
          <CountTable
            name={t(optionWords.day)}
            rows={days
              .filter((day) => day.count > 0)
              .map((day) => [dayDate(language.value, day.at), day.count])}
          />
          <h3>{t(optionWords.bySite)}</h3>
          <SiteBars sites={sites} />
        </>
      )}
    </Section>
  );
}

/** What the map shows, in a sentence. */
function summaryOf(days: readonly DayCount[]): string {
  const busiest = days.reduce((most, day) => (day.count > most.count ? day : most));
  return t(optionWords.readingSummary, {
    count: days.reduce((sum, day) => sum + day.count, 0),
    days: days.filter((day) => day.count > 0).length,
    day: dayDate(language.value, busiest.at),
    most: busiest.count,
  });
}

/** One square a day, a column a week; the table below says the same. */
function DayMap({ days }: { readonly days: readonly DayCount[] }) {
  return (
    <svg
      class="day-map"
      viewBox={`0 0 ${weeks * cell} ${7 * cell}`}
      role="img"
      aria-label={t(optionWords.byDay)}
    >
      {days.map((day, place) => (
        <rect
          key={day.at}
          class={`level-${day.level}`}
          x={Math.floor(place / 7) * cell + 1}
          y={(place % 7) * cell + 1}
          width={cell - 2}
          height={cell - 2}
          rx="2"
        >
          <title>
            {t(optionWords.visitsOn, { day: dayDate(language.value, day.at), count: day.count })}
          </title>
        </rect>
      ))}
    </svg>
  );
}

/** Bars from zero with their numbers; it is a table, so it needs none behind it. */
function SiteBars(props: { readonly sites: readonly { site: string; count: number }[] }) {
  const most = props.sites[0]?.count ?? 1;
  return (
    <table class="bars">
      <thead class="visually-hidden">
        <tr>
          <th scope="col">{t(optionWords.site)}</th>
          <th scope="col">{t(optionWords.visits)}</th>
        </tr>
      </thead>
      <tbody>
        {props.sites.map(({ site, count }) => (
          <tr key={site}>
            <th scope="row">{site}</th>
            <td>
              <span class="bar" style={{ inlineSize: `${(count / most) * 75}%` }} />
              {count}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CountTable(props: { name: string; rows: readonly (readonly [string, number])[] }) {
  return (
    <details>
      <summary>{t(optionWords.asTable)}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{props.name}</th>
            <th scope="col" class="number">
              {t(optionWords.visits)}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
