import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel } from '../eval/model.ts';
import { splitPassages } from '../src/core/text/passages.ts';
import { measureChromium } from './chromium.ts';
import { measureEncode } from './encode.ts';
import { measureFirefox, measureIdle } from './fresh-profile.ts';
import { makeHistory } from './history.ts';
import { measureLate, measureScan } from './kernels.ts';
import { measureLexical } from './lexical.ts';
import { measureFrequentWords } from './lexical-scale.ts';
import { measurePackage } from './package.ts';
import { fetchPeers } from './peers.ts';
import { makeQueries } from './queries.ts';
import { measureReads } from './reads.ts';
import { type Budgets, describeMachine, markdown, missedBudgets, type Report } from './report.ts';
import { readSources } from './sources.ts';
import { measureVectors } from './vectors.ts';

const parts = [
  'scan',
  'encode',
  'vectors',
  'lexical',
  'reads',
  'package',
  'chromium',
  'firefox',
  'idle',
] as const;
/** Passages that are encoded again and again, and those whose vectors are searched. */
const encodedPassages = 1_300;
const vectorCount = 10_000;
/** As many as an ordinary segment has. */
const segmentPages = 2_048;
const usage = `bin/bench [options]
  --only NAME      one part: ${parts.join(', ')}; may be given several times
  --data DIR       a folder whose train/ has texts to make histories of (default: the samples)
  --pages N,N      sizes of the histories in Chromium (default 1000,10000)
  --rows N         passages of the scan (default 1000000)
  --json FILE      writes the figures
  --write-docs     writes docs/benchmarks.md
  --check          fails when a ratio is below docs/budgets.json`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    data: { type: 'string' },
    pages: { type: 'string', default: '1000,10000' },
    rows: { type: 'string', default: '1000000' },
    json: { type: 'string' },
    'write-docs': { type: 'boolean' },
    check: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

function countOf(name: string, value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--${name} is "${value}"; whole numbers from 1 are allowed.`);
}

if (values.help) {
  console.log(usage);
  process.exit(0);
}
const chosen = values.only ?? parts;
for (const name of chosen) {
  if (!parts.includes(name as (typeof parts)[number])) {
    throw new Error(`--only "${name}" is not a part; allowed: ${parts.join(', ')}.`);
  }
}
const sizes = values.pages.split(',').map((size) => countOf('pages', size));
const rows = countOf('rows', values.rows);
const modelDir = 'models/dejalu-1';
const budgets = JSON.parse(readFileSync('docs/budgets.json', 'utf8')) as Budgets;

const report: Report = {
  machine: describeMachine(),
  data: values.data === undefined ? 'the sample pages' : 'English and Korean training texts',
  ratios: [],
  figures: new Map(),
  growth: [],
  notes: [],
};
/** More texts than these say nothing new, and a browser has to hold them. */
const mostTexts = 100_000;
const sources = readSources(
  values.data,
  Math.min(mostTexts, Math.max(4_000, 4 * Math.max(...sizes))),
);
const some = [...makeHistory(sources, 1_000)];
if (chosen.includes('scan')) measureScan(report, rows);
const texts = some.flatMap(({ blocks }) => splitPassages(blocks).map(({ text }) => text));
const tokenizerFile = join(modelDir, 'tokenizer.json');
if (chosen.includes('encode')) {
  const few = texts.slice(0, encodedPassages);
  measureLate(report, await loadModel(modelDir), few);
  await measureEncode(report, modelDir, fetchPeers(tokenizerFile), few);
}
if (chosen.includes('vectors')) {
  const sentences = makeQueries(some, 20).filter(({ kind }) => kind === 'sentence');
  const questions = sentences.map(({ query }) => query);
  const list = texts.slice(0, vectorCount);
  await measureVectors(report, modelDir, fetchPeers(tokenizerFile), list, questions);
}
if (chosen.includes('lexical')) {
  await measureLexical(report, some, makeQueries(some, 20));
  measureFrequentWords(report, [...makeHistory(sources, segmentPages)], makeQueries(some, 40));
}
if (chosen.includes('reads')) await measureReads(report);
if (chosen.includes('package')) measurePackage(report, '.output/chrome-mv3', modelDir);
if (chosen.includes('chromium')) await measureChromium(report, modelDir, sources, sizes);
if (chosen.includes('firefox')) await measureFirefox(report, modelDir, sources);
if (chosen.includes('idle')) await measureIdle(report, modelDir, sources);

const page = markdown(report, budgets);
console.log(page);
if (values.json !== undefined) {
  const figures = Object.fromEntries(report.figures);
  writeFileSync(values.json, `${JSON.stringify({ ...report, figures }, null, 2)}\n`);
}
if (values['write-docs']) writeFileSync('docs/benchmarks.md', page);
if (values.check) {
  const part = (name: string) => report.ratios.some((ratio) => ratio.name === name);
  const asked = Object.fromEntries(
    Object.entries(budgets).filter(([name]) => values.only === undefined || part(name)),
  );
  const missed = missedBudgets(report.ratios, asked);
  for (const line of missed) console.error(line);
  process.exitCode = missed.length > 0 ? 1 : 0;
}
