import { cpus, loadavg, totalmem } from 'node:os';

/** One thing measured against a peer, both in the same run on the same work. */
export interface Ratio {
  /** Stable name, `part/what`; docs/budgets.json knows it by this. */
  readonly name: string;
  readonly what: string;
  readonly peer: string;
  /** The peer's time (or bytes) over ours: above 1 is better than the peer. */
  readonly ratio: number;
}

/** A figure with its unit. Times mean something only beside others of the same run. */
export interface Figure {
  readonly what: string;
  readonly values: Readonly<Record<string, number>>;
  readonly unit: string;
}

export interface Report {
  readonly machine: string;
  readonly data: string;
  readonly ratios: Ratio[];
  /** By heading. */
  readonly figures: Map<string, Figure[]>;
  /** How figures grow with the number of pages. */
  readonly growth: Growth[];
  /** What could not be measured, and why; one sentence each. */
  readonly notes: string[];
}

/** A figure at several sizes of the history. */
export interface Growth {
  readonly what: string;
  readonly unit: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
}

/** A chart with both axes in powers of ten, as Mermaid draws it, and the exponent of the growth. */
function chart({ what, unit, points }: Growth): string {
  const places = points.map(({ size }) => `"${size.toLocaleString('en')}"`).join(', ');
  const values = points.map(({ value }) => Math.log10(value).toFixed(2)).join(', ');
  return [
    `${what}: like the number of pages to the power of ${short(growthExponent(points))}.`,
    '',
    '```mermaid',
    'xychart-beta',
    `  title "${what}"`,
    `  x-axis "pages" [${places}]`,
    `  y-axis "${unit}, as a power of ten"`,
    `  line [${values}]`,
    '```',
  ].join('\n');
}

/** The least ratio that is allowed, by name. */
export type Budgets = Readonly<Record<string, number>>;

export function describeMachine(): string {
  const all = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const processor = `${all.length} cores of ${all[0]?.model.trim() ?? 'an unknown processor'}`;
  return `${processor}, ${memory} GB of memory, ${process.platform}; load average ${load} at the start`;
}

/** What an error or a message says, in one line. */
export function firstLine(cause: unknown): string {
  return String(cause).split('\n')[0]?.slice(0, 160) ?? '';
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** What is missed, one line each: ratios below their budget, and budgets without a ratio. */
export function missedBudgets(ratios: readonly Ratio[], budgets: Budgets): string[] {
  return Object.entries(budgets).flatMap(([name, least]) => {
    const found = ratios.find((ratio) => ratio.name === name);
    if (found === undefined) return [`${name}: was not measured, at least ${least} is needed`];
    if (found.ratio >= least) return [];
    return [`${name}: ${found.ratio.toFixed(2)}, at least ${least} is needed`];
  });
}

/** The exponent e of a growth like sizeᵉ, by least squares over logarithms. */
export function growthExponent(points: readonly { size: number; value: number }[]): number {
  const logs = points.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const together = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return together / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

const short = (value: number) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The report as Markdown. */
export function markdown(
  { machine, data, ratios, figures, growth, notes }: Report,
  budgets: Budgets,
): string {
  const parts = [
    '# Benchmarks',
    '',
    '`bin/bench` writes this page. Ratios are between things measured in the same run on the same work. A',
    'time by itself also measures what else the machine was doing: a load average above the number of cores',
    'says that every time below is longer than it would be alone, tails most of all. So only ratios are held',
    'to a budget ([budgets.json](budgets.json), `bin/bench --check`), one that a busy machine keeps too.',
    '',
    'A query is asked as the popup asks at a keystroke: its time is that of the first eight hits, which are',
    'all that is shown before the list is painted. Rows of twenty hits have other queries of the same kinds',
    'and the time of all that the popup shows, asked for at once; ratios of whole queries are of these.',
    '',
    `Machine: ${machine}. Text: ${data}.`,
    '',
    '## Ratios',
    '',
    table(
      ['what', 'peer', 'times better', 'at least'],
      ratios.map(({ name, what, peer, ratio }) => [
        what,
        peer,
        short(ratio),
        budgets[name] === undefined ? '' : String(budgets[name]),
      ]),
    ),
  ];
  if (notes.length > 0) parts.push('', ...notes.map((note) => `- ${note}`));
  for (const [heading, rows] of figures) {
    const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
    parts.push(
      '',
      `## ${heading}`,
      '',
      table(
        ['', ...names, 'unit'],
        rows.map(({ what, values, unit }) => [
          what,
          ...names.map((name) => (values[name] === undefined ? '' : short(values[name]))),
          unit,
        ]),
      ),
    );
  }
  if (growth.length > 0) parts.push('', '## Growth', '', growth.map(chart).join('\n\n'));
  return `${parts.join('\n')}\n`;
}
