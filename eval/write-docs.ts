import { writeFileSync } from 'node:fs';
import type { StaticModel } from '../src/core/model/types.ts';
import { dividerFigures } from './divider.ts';
import { dividerSection } from './divider-docs.ts';
import type { Gain } from './experiments.ts';
import type { BeirReport, EvalReport, RefindReport } from './measure.ts';
import { bootstrapInterval } from './metrics.ts';
import { cell, interval, signed } from './print.ts';

/** A bar of 40 characters for a share of 1. */
function bar(share: number): string {
  const eighths = Math.round(share * 320);
  const rest = eighths % 8;
  return '█'.repeat(eighths >> 3) + (rest === 0 ? '' : (' ▏▎▍▌▋▊▉'[rest] ?? ''));
}

const triedElsewhere = [
  'The weights learned from generated queries are those of the channels of meaning, fitted by softmax over the candidates so that a page is found by a sentence from far down in it while the passage with the sentence is covered: three hundred such queries, drawn from all pages, no label. They lean on the whole page, as a sentence of the page itself does and a memory of it does not. Vectors for words that the table only has in pieces are induced from the contexts that the pages have them in; what they add, the words’ own channel and the pieces already say.',
  '',
  'Left out as well: late interaction over the words of the query in place of its tokens, which changed nothing beside the signals above; reciprocal rank fusion, which is worse than calibrated sums; the number of passages and the length of a page, which tell the pages asked for from this haystack and nothing else.',
];

/** Stages that are the pipeline without something. */
function isAblation(stage: string): boolean {
  return /^(no |one |scripts |missing )/.test(stage);
}

function gainOver({ outcomes }: RefindReport, stage: string, kind: string): ChangeOf | undefined {
  const without = outcomes.get(stage) ?? [];
  const changes = (outcomes.get('pipeline') ?? []).flatMap((one, i) => {
    const other = without[i];
    if (one.kind !== kind || other === undefined) return [];
    return [1 / (1 + one.rank) - 1 / (1 + other.rank)];
  });
  if (changes.length === 0) return undefined;
  const gain = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return { gain, interval: bootstrapInterval(changes) };
}

type ChangeOf = Pick<Gain, 'gain' | 'interval'>;

function gainTable(
  kinds: readonly string[],
  names: readonly string[],
  changeOf: (name: string, kind: string) => ChangeOf | undefined,
): string[] {
  return [
    `| signal | ${kinds.join(' | ')} |`,
    `|---|${kinds.map(() => '---').join('|')}|`,
    ...names.map((name) => {
      const cells = kinds.map((kind) => {
        const change = changeOf(name, kind);
        if (change === undefined) return '–';
        return `${signed(change.gain)} (${change.interval.map(signed).join(' to ')})`;
      });
      return `| ${name} | ${cells.join(' | ')} |`;
    }),
  ];
}

/** Every stage alone and the whole, by kind; and the whole with its intervals. */
function stageTables(report: RefindReport): string[] {
  const kinds = Object.keys(report.figures.pipeline ?? {});
  const outcomes = report.outcomes.get('pipeline') ?? [];
  return [
    `${report.pageCount} pages (${report.passageCount} passages), one of which is asked for. Cells: MRR/R@1/R@10.`,
    '',
    `| stage | ${kinds.join(' | ')} |`,
    `|---|${kinds.map(() => '---').join('|')}|`,
    ...Object.entries(report.figures).map(
      ([stage, figures]) =>
        `| ${stage} | ${kinds.map((kind) => (figures[kind] ? cell(figures[kind]) : '–')).join(' | ')} |`,
    ),
    '',
    'The pipeline with 95 % intervals (bootstrap over queries):',
    '',
    '| kind | n | MRR | R@10 |',
    '|---|---|---|---|',
    ...kinds.map((kind) => {
      const own = outcomes.filter((one) => one.kind === kind);
      const mrr = interval(own.map(({ rank }) => 1 / (1 + rank)));
      const r10 = interval(own.map(({ rank }) => (rank < 10 ? 1 : 0)));
      return `| ${kind} | ${own.length} | ${mrr} | ${r10} |`;
    }),
    '',
  ];
}

function refindSection(report: RefindReport): string[] {
  const kinds = Object.keys(report.figures.pipeline ?? {});
  const vague = (stage: string) => report.figures[stage]?.vague?.r10 ?? 0;
  return [
    '## Finding a page again',
    '',
    'The lines from `no words` on are the pipeline with one signal left out; `one passage a page` takes the cosine of the best passage alone, `scripts uncorrected` leaves what a shared script adds to cosines; `all float` is the pipeline with exact embeddings in place of codes; `minisearch` is the peer for words, and below it are the transformers that were given by path, by the cosine of a page’s best passage.',
    '',
    ...stageTables(report),
    '### What each signal is worth',
    '',
    'Change in MRR, with 95 % intervals (bootstrap over queries). Above, what the pipeline has more than without the signal:',
    '',
    ...gainTable(kinds, Object.keys(report.figures).filter(isAblation), (stage, kind) =>
      gainOver(report, stage, kind),
    ),
    '',
    'Signals that were tried beside these and left out, each added as deviations among the candidates; for each half of the pages at the weight, .25, .5 or 1, that is best on the other half:',
    '',
    ...gainTable(kinds, [...new Set(report.gains.map(({ signal }) => signal))], (signal, kind) =>
      report.gains.find((one) => one.signal === signal && one.kind === kind),
    ),
    '',
    ...triedElsewhere,
    '',
    '### R@10 of vague queries',
    '',
    '```text',
    ...Object.keys(report.figures).map(
      (stage) => `${stage.padEnd(22)} ${vague(stage).toFixed(3)} ${bar(vague(stage))}`,
    ),
    '```',
    '',
    '## The coarse stage',
    '',
    '| first pages | share of the exact top ten among them |',
    '|---|---|',
    ...Object.entries(report.coarseRecall).map(
      ([depth, share]) => `| ${depth} | ${share.toFixed(3)} |`,
    ),
    '',
    ...dividerSection(report.divided),
    '## Time',
    '',
    'Mean milliseconds a query by stage, on the machine that wrote this file:',
    '',
    '| stage | ms |',
    '|---|---|',
    ...Object.entries(report.timings).map(([name, ms]) => `| ${name} | ${ms.toFixed(2)} |`),
    '',
  ];
}

function beirSection(name: string, report: BeirReport): string[] {
  return [
    `## ${name}`,
    '',
    `${report.pageCount} pages, nDCG@10 with 95 % interval.`,
    '',
    '| stage | nDCG@10 | interval |',
    '|---|---|---|',
    ...Object.entries(report.figures).map(
      ([stage, { ndcg10 }]) =>
        `| ${stage} | ${ndcg10.toFixed(3)} | ${interval(report.values.get(stage) ?? [])} |`,
    ),
    '',
  ];
}

function sampleSection(report: RefindReport): string[] {
  const { honest, honestCount, below, belowCount } = dividerFigures(report.divided);
  return [
    '## On the shipped sample',
    '',
    ...stageTables(report),
    `At the divider, ${(honest * 100).toFixed(1)} % of ${honestCount} queries whose page was taken away or never there show nothing above it; ${(below * 100).toFixed(1)} % of ${belowCount} pages shown are below it.`,
    '',
  ];
}

/** Writes the figures as a page of the documentation. */
export function writeDocs(
  path: string,
  model: StaticModel,
  { refind, sample, beir }: EvalReport,
): void {
  const lines = [
    '# Search quality',
    '',
    `Written by \`npm run eval -- --write-docs\` with the model ${model.name} ${model.version} (${model.dims} dimensions). It runs the extension's own search over pages in memory.`,
    '',
    ...(refind === undefined ? [] : refindSection(refind)),
    ...(sample === undefined ? [] : sampleSection(sample)),
    ...Object.entries(beir).flatMap(([name, report]) => beirSection(name, report)),
  ];
  writeFileSync(path, `${lines.join('\n').trimEnd()}\n`);
}
