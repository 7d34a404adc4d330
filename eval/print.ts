import { dividerFigures, withoutAnswers, withTopicAbsent } from './divider.ts';
import type { BeirReport, RefindReport } from './measure.ts';
import { bootstrapInterval, type RefindFigures } from './metrics.ts';

const three = (value: number) => (value >= 0.9995 ? '1.000' : value.toFixed(3).slice(1));

/** `MRR/R@1/R@10` of one cell. */
export function cell({ mrr, r1, r10 }: RefindFigures): string {
  return `${three(mrr)}/${three(r1)}/${three(r10)}`;
}

/** A change with its sign: `+.012`. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${three(Math.abs(value))}`;
}

export function interval(values: readonly number[]): string {
  const [low, high] = bootstrapInterval(values);
  return `${three(low)}–${three(high)}`;
}

export function printRefind(report: RefindReport): void {
  const kinds = Object.keys(report.figures.pipeline ?? {});
  console.log(`\nRefind: ${report.pageCount} pages, ${report.passageCount} passages; MRR/R@1/R@10`);
  console.log(['stage'.padEnd(22), ...kinds.map((kind) => kind.padEnd(18))].join(''));
  for (const [stage, figures] of Object.entries(report.figures)) {
    const cells = kinds.map((kind) => {
      const own = figures[kind];
      return (own === undefined ? '–' : cell(own)).padEnd(18);
    });
    console.log([stage.padEnd(22), ...cells].join(''));
  }
  console.log('\nThe pipeline with 95 % intervals (bootstrap over queries)');
  const outcomes = report.outcomes.get('pipeline') ?? [];
  for (const kind of kinds) {
    const own = outcomes.filter((one) => one.kind === kind);
    const mrr = interval(own.map(({ rank }) => 1 / (1 + rank)));
    const r10 = interval(own.map(({ rank }) => (rank < 10 ? 1 : 0)));
    console.log(`  ${kind.padEnd(12)} n ${own.length}  MRR ${mrr}  R@10 ${r10}`);
  }
  const early = outcomes.filter(({ rank }) => rank < 5).length / Math.max(1, outcomes.length);
  console.log(`  in the first five, all kinds: ${(early * 100).toFixed(1)} %`);
  const recall = Object.entries(report.coarseRecall).map(
    ([depth, share]) => `${depth}: ${share.toFixed(3)}`,
  );
  console.log(`\nExact top ten within the coarse stage's first  ${recall.join('  ')}`);
  const stages = Object.entries(report.timings).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  console.log(`Milliseconds a query  ${stages.join('  ')}`);
  for (const { signal, kind, gain, interval: between } of report.gains) {
    console.log(
      `  tried ${signal.padEnd(34)} ${kind.padEnd(12)} MRR ${signed(gain)} (${between.map(signed).join(' to ')})`,
    );
  }
  const { honest, below } = dividerFigures(report.divided);
  const strict = dividerFigures(withoutAnswers(report.divided));
  const absent = dividerFigures(withTopicAbsent(report.divided));
  console.log(
    `Divider: ${(honest * 100).toFixed(1)} % of queries for pages not read show nothing above it; ` +
      `${(below * 100).toFixed(1)} % of pages asked for and shown are below it`,
  );
  console.log(
    `  not answered by another page: ${(strict.honest * 100).toFixed(1)} % of ${strict.honestCount}; ` +
      `no page left that is asked for: ${(absent.honest * 100).toFixed(1)} % of ${absent.honestCount}`,
  );
}

export function printBeir(name: string, report: BeirReport): void {
  console.log(`\n${name}: ${report.pageCount} pages; nDCG@10`);
  for (const [stage, { n, ndcg10 }] of Object.entries(report.figures)) {
    const own = report.values.get(stage) ?? [];
    console.log(`  ${stage.padEnd(22)}${ndcg10.toFixed(3)}  (${interval(own)}, n ${n})`);
  }
}
