import { writeFileSync } from 'node:fs';
import type { StaticModel } from '../src/core/model/types.ts';
import type { BeirReport, RefindReport } from './measure.ts';
import { cell, interval } from './print.ts';

/** A bar of 40 characters for a share of 1. */
function bar(share: number): string {
  const eighths = Math.round(share * 320);
  const rest = eighths % 8;
  return '█'.repeat(eighths >> 3) + (rest === 0 ? '' : (' ▏▎▍▌▋▊▉'[rest] ?? ''));
}

function refindSection(report: RefindReport): string[] {
  const kinds = Object.keys(report.figures.pipeline ?? {});
  const vague = (stage: string) => report.figures[stage]?.vague?.r10 ?? 0;
  const outcomes = report.outcomes.get('pipeline') ?? [];
  return [
    '## Finding a page again',
    '',
    `${report.pageCount} pages (${report.passageCount} passages), one of which is asked for. Cells: MRR/R@1/R@10.`,
    '',
    `| stage | ${kinds.join(' | ')} |`,
    `|---|${kinds.map(() => '---').join('|')}|`,
    ...Object.entries(report.figures).map(
      ([stage, figures]) =>
        `| ${stage} | ${kinds.map((kind) => (figures[kind] ? cell(figures[kind]) : '–')).join(' | ')} |`,
    ),
    '',
    'The lines from `no words` on are the pipeline with one signal left out; `one passage a page` takes the cosine of the best passage alone, `scripts uncorrected` leaves what a shared script adds to cosines; `all float` is the pipeline with exact embeddings in place of codes; `minisearch` is the peer for words.',
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
    'R@10 of vague queries:',
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
    '## The divider of weak matches',
    '',
    `Of ${report.weak.honestCount} queries whose page was taken away or never read, ${(report.weak.honest * 100).toFixed(1)} % show nothing above the divider. Of ${report.weak.lostCount} whose page is there, ${(report.weak.lost * 100).toFixed(1)} % have it below.`,
    '',
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

/** Writes the figures as a page of the documentation. */
export function writeDocs(
  path: string,
  model: StaticModel,
  refind: RefindReport | undefined,
  beir: Readonly<Record<string, BeirReport>>,
): void {
  const lines = [
    '# Search quality',
    '',
    `Written by \`npm run eval -- --write-docs\` with the model ${model.name} ${model.version} (${model.dims} dimensions). It runs the extension's own search over pages in memory.`,
    '',
    ...(refind === undefined ? [] : refindSection(refind)),
    ...Object.entries(beir).flatMap(([name, report]) => beirSection(name, report)),
  ];
  writeFileSync(path, `${lines.join('\n').trimEnd()}\n`);
}
