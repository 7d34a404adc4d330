import { useCallback, useMemo } from 'preact/hooks';
import { quantile } from '../../core/self-test.ts';
import { type SpeedDay, type SpeedReport, timedKinds } from '../../core/speed.ts';
import type { GrowthStep } from '../../engine/api.ts';
import { dayDate, format } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { fileSize } from '../i18n/sizes.ts';
import { chartWords } from '../messages/charts.ts';
import { Chart, type Plot } from './chart.tsx';

/** Few bars make a narrow picture: a single bar as wide as the page says nothing more. */
function widthOf(bars: number): number {
  return Math.min(640, 220 + bars * 60);
}

const kinds = ['text', 'codes', 'words'] as const;
const kindNames = {
  text: chartWords.text,
  codes: chartWords.codes,
  words: chartWords.words,
} as const;
const workNames = { reading: chartWords.reading, searching: chartWords.searching } as const;
const kindColours = ['var(--accent)', 'var(--mark-3)', 'var(--muted)'];

/** How the store came to its size, by kind. */
export function GrowthChart({ steps }: { readonly steps: readonly GrowthStep[] }) {
  const lang = language.value;
  const draw = useCallback((plot: Plot) => growthArea(plot, steps), [steps, lang]);
  const sumOf = (step: GrowthStep | undefined) =>
    kinds.reduce((sum, kind) => sum + (step?.sizeBytes[kind] ?? 0), 0);
  const last = steps.at(-1);
  const number = new Intl.NumberFormat(lang);
  return (
    <Chart
      title={t(chartWords.growth)}
      summary={t(chartWords.growthSummary, {
        count: last?.pageCount ?? 0,
        size: fileSize(lang, sumOf(last)),
        added: fileSize(lang, sumOf(last) - sumOf(steps.at(-2))),
      })}
      columns={[
        t(chartWords.month),
        t(chartWords.pages),
        ...kinds.map((kind) => t(kindNames[kind])),
      ]}
      rows={steps
        .toReversed()
        .map((step) => [
          monthName(step.month),
          number.format(step.pageCount),
          ...kinds.map((kind) => fileSize(lang, step.sizeBytes[kind])),
        ])}
      draw={draw}
    />
  );
}

function monthName(month: number): string {
  return format(language.value, { month: 'short', year: 'numeric' }, month);
}

function growthArea(plot: Plot, steps: readonly GrowthStep[]) {
  const lang = language.value;
  const values = steps.flatMap((step) =>
    kinds.map((kind) => ({
      month: monthName(step.month),
      kind: t(kindNames[kind]),
      bytes: step.sizeBytes[kind],
    })),
  );
  const months = steps.map((step) => monthName(step.month));
  const every = Math.ceil(months.length / 6);
  return plot.plot({
    className: 'plot',
    width: widthOf(months.length),
    height: 220,
    marginLeft: 64,
    x: {
      type: 'band',
      domain: months,
      label: null,
      tickSize: 0,
      ticks: months.filter((_, place) => (months.length - 1 - place) % every === 0),
    },
    y: {
      label: null,
      grid: true,
      ticks: 4,
      zero: true,
      tickFormat: (bytes: number) => fileSize(lang, bytes),
    },
    color: { domain: kinds.map((kind) => t(kindNames[kind])), range: kindColours, legend: true },
    marks: [
      plot.barY(values, {
        x: 'month',
        y: 'bytes',
        fill: 'kind',
        title: ({ kind, bytes, month }: (typeof values)[number]) =>
          `${month}, ${kind}: ${fileSize(lang, bytes)}`,
      }),
    ],
  });
}

/** How long reading a page and a search took, most of the time and at worst. */
export function SpeedChart({ report }: { readonly report: SpeedReport }) {
  const lang = language.value;
  const rows = useMemo(
    () =>
      timedKinds.flatMap((kind) => {
        const times = [...report[kind]].sort((a, b) => a - b);
        if (times.length === 0) return [];
        return [{ kind, half: quantile(times, 0.5), most: quantile(times, 0.95) }];
      }),
    [report],
  );
  const draw = useCallback((plot: Plot) => speedBars(plot, rows), [rows, lang]);
  const searching = rows.find(({ kind }) => kind === 'searching');
  const whole = (ms: number) =>
    new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(ms);
  if (rows.length === 0) {
    return (
      <>
        <h3>{t(chartWords.speed)}</h3>
        <p class="help">{t(chartWords.noSpeed)}</p>
      </>
    );
  }
  return (
    <Chart
      title={t(chartWords.speed)}
      summary={
        searching
          ? t(chartWords.speedSummary, {
              half: whole(searching.half),
              most: whole(searching.most),
            })
          : t(chartWords.milliseconds)
      }
      columns={[t(chartWords.work), t(chartWords.half), t(chartWords.most)]}
      rows={rows.map(({ kind, half, most }) => [
        t(workNames[kind]),
        `${whole(half)} ms`,
        `${whole(most)} ms`,
      ])}
      draw={draw}
    />
  );
}

interface Speed {
  readonly kind: 'reading' | 'searching';
  readonly half: number;
  readonly most: number;
}

function speedBars(plot: Plot, rows: readonly Speed[]) {
  const number = new Intl.NumberFormat(language.value, { maximumFractionDigits: 0 });
  const values = rows.flatMap(({ kind, half, most }) => [
    { name: `${t(workNames[kind])}: ${t(chartWords.half)}`, ms: half },
    { name: `${t(workNames[kind])}: ${t(chartWords.most)}`, ms: most },
  ]);
  return plot.plot({
    className: 'plot',
    width: 640,
    height: 16 + rows.length * 60,
    marginLeft: 250,
    marginRight: 64,
    marginTop: 8,
    marginBottom: 8,
    x: { axis: null, zero: true },
    y: { label: null, tickSize: 0, domain: values.map(({ name }) => name), padding: 0.3 },
    marks: [
      plot.barX(values, { x: 'ms', y: 'name', fill: 'var(--accent)', rx: 2 }),
      plot.text(values, {
        x: 'ms',
        y: 'name',
        text: ({ ms }: { ms: number }) => `${number.format(ms)} ms`,
        textAnchor: 'start',
        dx: 6,
      }),
    ],
  });
}

/** The work that a page costs, day by day. */
export function EnergyChart(props: { readonly days: readonly SpeedDay[]; readonly today: string }) {
  const { days, today } = props;
  const lang = language.value;
  const draw = useCallback((plot: Plot) => energyBars(plot, days), [days, lang]);
  const now = days.find(({ day }) => day === today);
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
  const summary = now
    ? t(chartWords.energyToday, { count: now.pages, ms: number.format(now.ms / now.pages) })
    : t(chartWords.energyNone);
  if (days.length === 0) {
    return (
      <>
        <h3>{t(chartWords.energy)}</h3>
        <p class="help">{summary}</p>
      </>
    );
  }
  return (
    <Chart
      title={t(chartWords.energy)}
      summary={summary}
      columns={[t(chartWords.day), t(chartWords.pages), t(chartWords.perPage)]}
      rows={days
        .toReversed()
        .map(({ day, pages, ms }) => [
          dayName(day),
          number.format(pages),
          number.format(ms / pages),
        ])}
      draw={draw}
    />
  );
}

function dayName(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return dayDate(language.value, new Date(year, month - 1, date).getTime());
}

function energyBars(plot: Plot, days: readonly SpeedDay[]) {
  const number = new Intl.NumberFormat(language.value, { maximumFractionDigits: 0 });
  const values = days.map(({ day, pages, ms }) => ({ day: dayName(day), ms: ms / pages }));
  const every = Math.ceil(values.length / 5);
  const shown = values
    .map(({ day }) => day)
    .filter((_, place) => (values.length - 1 - place) % every === 0);
  return plot.plot({
    className: 'plot',
    width: widthOf(values.length),
    height: 180,
    marginLeft: 48,
    x: {
      type: 'band',
      domain: values.map(({ day }) => day),
      label: null,
      ticks: shown,
      tickSize: 0,
    },
    y: {
      label: null,
      grid: true,
      ticks: 4,
      zero: true,
      tickFormat: (ms: number) => `${number.format(ms)}`,
    },
    marks: [
      plot.barY(values, {
        x: 'day',
        y: 'ms',
        fill: 'var(--accent)',
        rx: 2,
        title: ({ day, ms }: { day: string; ms: number }) => `${day}: ${number.format(ms)} ms`,
      }),
    ],
  });
}
