import { useCallback, useMemo } from 'preact/hooks';
import { dayDate, format } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { chartWords } from '../messages/charts.ts';
import { Chart, type Plot } from './chart.tsx';
import { countByDay, countBySite, type DayCount } from './reading-counts.ts';

interface ReadVisit {
  readonly visit: { readonly at: number };
  readonly page: { readonly site: string };
}

const mostSites = 10;
/** A Monday, to name the days of the week by. */
const someMonday = new Date(2024, 0, 1).getTime();
const dayMs = 86_400_000;

/** When and where was read: a calendar of days, and the sites. */
export function ReadingCharts(props: {
  readonly visits: readonly ReadVisit[];
  readonly now: number;
  readonly weeks: number;
}) {
  const { visits, now, weeks } = props;
  const days = useMemo(
    () =>
      countByDay(
        visits.map(({ visit }) => visit.at),
        now,
        weeks,
      ),
    [visits, now, weeks],
  );
  const sites = useMemo(
    () =>
      countBySite(
        visits.map(({ page }) => page.site),
        mostSites,
      ),
    [visits],
  );
  const lang = language.value;
  const drawDays = useCallback((plot: Plot) => calendar(plot, days), [days, lang]);
  const drawSites = useCallback((plot: Plot) => siteBars(plot, sites), [sites, lang]);
  const number = new Intl.NumberFormat(lang);
  return (
    <>
      <Chart
        title={t(chartWords.byDay)}
        summary={summaryOf(days)}
        columns={[t(chartWords.day), t(chartWords.visits)]}
        rows={days
          .filter((day) => day.count > 0)
          .map((day) => [dayDate(lang, day.at), number.format(day.count)])}
        draw={drawDays}
      />
      <Chart
        title={t(chartWords.bySite)}
        summary={t(chartWords.siteSummary, {
          site: sites[0]?.site ?? '',
          count: sites[0]?.count ?? 0,
        })}
        columns={[t(chartWords.site), t(chartWords.visits)]}
        rows={sites.map(({ site, count }) => [site, number.format(count)])}
        draw={drawSites}
      />
    </>
  );
}

/** What the calendar shows, in a sentence. */
function summaryOf(days: readonly DayCount[]): string {
  const busiest = days.reduce((most, day) => (day.count > most.count ? day : most));
  return t(chartWords.readingSummary, {
    count: days.reduce((sum, day) => sum + day.count, 0),
    days: days.filter((day) => day.count > 0).length,
    day: dayDate(language.value, busiest.at),
    most: busiest.count,
  });
}

/** One square a day, a column a week from Monday, months named above. */
function calendar(plot: Plot, days: readonly DayCount[]) {
  const lang = language.value;
  const weekday = (place: number) => format(lang, { weekday: 'short' }, someMonday + place * dayMs);
  const cells = days.map((day, place) => ({
    week: Math.floor(place / 7),
    weekday: place % 7,
    level: day.level,
    name: t(chartWords.visitsOn, { day: dayDate(lang, day.at), count: day.count }),
  }));
  const months = days.flatMap((day, place) =>
    new Date(day.at).getDate() === 1
      ? [{ week: Math.floor(place / 7), name: format(lang, { month: 'short' }, day.at) }]
      : [],
  );
  return plot.plot({
    className: 'plot',
    width: 640,
    height: 208,
    marginTop: 24,
    marginBottom: 4,
    marginLeft: 36,
    marginRight: 4,
    x: { type: 'band', axis: null, padding: 0.12 },
    y: { type: 'band', domain: [0, 1, 2, 3, 4, 5, 6], axis: null, padding: 0.12 },
    color: { type: 'identity' },
    marks: [
      plot.cell(cells, {
        x: 'week',
        y: 'weekday',
        rx: 3,
        fill: ({ level }: { level: number }) => `var(--level-${level})`,
        stroke: 'var(--hairline)',
        title: 'name',
      }),
      plot.text([0, 2, 4, 6], {
        y: (place: number) => place,
        text: weekday,
        frameAnchor: 'left',
        textAnchor: 'start',
        dx: -34,
        fill: 'var(--muted)',
      }),
      plot.text(months, {
        x: 'week',
        text: 'name',
        frameAnchor: 'top',
        textAnchor: 'start',
        dx: -8,
        dy: -18,
        fill: 'var(--muted)',
      }),
    ],
  });
}

/** Bars from zero with their numbers beside them. */
function siteBars(plot: Plot, sites: readonly { site: string; count: number }[]) {
  const number = new Intl.NumberFormat(language.value);
  return plot.plot({
    className: 'plot',
    width: 640,
    height: 16 + sites.length * 26,
    marginTop: 4,
    marginBottom: 8,
    marginLeft: 200,
    marginRight: 56,
    x: { axis: null, zero: true },
    y: { label: null, tickSize: 0, padding: 0.35 },
    marks: [
      plot.barX(sites, { x: 'count', y: 'site', sort: { y: '-x' }, fill: 'var(--accent)', rx: 2 }),
      plot.text(sites, {
        x: 'count',
        y: 'site',
        text: ({ count }: { count: number }) => number.format(count),
        textAnchor: 'start',
        dx: 6,
      }),
    ],
  });
}
