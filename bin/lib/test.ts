/** All checks of the project, one after the other, with a table of what they found. */
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  endRunning,
  readPlaywrightReport,
  readVitestReport,
  runChecks,
  runProgram,
  runReported,
  type Step,
  StepLog,
  type StepResult,
} from './steps.ts';

const logFolder = join('.output', 'test');
const report = (name: string) => join(logFolder, `${name}.json`);

function vitestStep(name: string, title: string, args: readonly string[]): Step {
  return {
    name,
    title,
    run: (log) =>
      runReported(
        log,
        [
          ...['vitest', 'run', '--reporter=default', '--reporter=json'],
          ...[`--outputFile.json=${resolve(report(name))}`, ...args],
        ],
        report(name),
        readVitestReport,
      ),
  };
}

async function build(log: StepLog): Promise<StepResult> {
  for (const folder of ['chrome-mv3', 'firefox-mv3']) {
    rmSync(join('.output', folder), { recursive: true, force: true });
  }
  return runChecks(log, [
    ['wxt', 'build', '-b', 'chrome'],
    ['wxt', 'build', '-b', 'firefox', '--mv3'],
  ]);
}

async function testModelPipeline(log: StepLog): Promise<StepResult> {
  const status = await runProgram(log, ['bin/train', '--smoke']);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const steps: readonly Step[] = [
  {
    name: 'lint',
    title: 'format, lint and the direction of imports',
    run: (log) =>
      runChecks(log, [
        ['biome', 'check', '.'],
        ['node', 'bin/lib/check-imports.ts'],
      ]),
  },
  {
    name: 'types',
    title: 'types of the core, the extension, and the tests and tools',
    run: (log) =>
      runChecks(
        log,
        ['core.', '', 'tools.'].map((project) => ['tsc', '-p', `tsconfig.${project}json`]),
      ),
  },
  vitestStep('unit', 'unit tests', []),
  vitestStep(
    'kernels',
    'the fast loops and files read in place, against their references in both browsers',
    ['--config=e2e/vitest.config.ts', 'e2e/kernels'],
  ),
  ...(existsSync('bin/train')
    ? [{ name: 'model', title: "the model's pipeline on a small sample", run: testModelPipeline }]
    : []),
  { name: 'build', title: 'production builds for Chrome and Firefox', run: build },
  vitestStep('package', 'what the builds hold: permissions, policy, sizes', [
    '--config=e2e/vitest.config.ts',
    'e2e/package',
  ]),
  {
    name: 'chromium',
    title: 'the production build in Chromium',
    run: (log) =>
      runReported(
        log,
        ['playwright', 'test', '--reporter=list,json'],
        report('chromium'),
        readPlaywrightReport,
        { PLAYWRIGHT_JSON_OUTPUT_NAME: report('chromium') },
      ),
  },
  vitestStep('firefox', 'the production build in Firefox', [
    '--config=e2e/vitest.config.ts',
    'e2e/firefox',
  ]),
];

/** Says every half minute what a long step is doing. */
function watch(log: StepLog, startedAt: number): NodeJS.Timeout {
  return setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.log(`    ${seconds} s: ${log.lastLine.trim().slice(0, 100)}`);
  }, 30_000);
}

async function runStep(step: Step): Promise<StepResult & { readonly seconds: number }> {
  const startedAt = Date.now();
  console.log(`\n▸ ${step.name}: ${step.title}`);
  const log = new StepLog(logFolder, step.name);
  const timer = watch(log, startedAt);
  let result: StepResult;
  try {
    result = await step.run(log);
  } catch (thrown) {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    log.write(`\n${message}\n`);
    result = { passed: 0, failed: 1, note: 'the step itself broke' };
  }
  clearInterval(timer);
  await log.end();
  const seconds = (Date.now() - startedAt) / 1000;
  const note = result.note === undefined ? '' : ` (${result.note})`;
  console.log(
    `  ${result.failed === 0 ? '✓' : '✗'} ${result.passed} passed, ${result.failed} failed${note}` +
      ` in ${seconds.toFixed(1)} s`,
  );
  await showFacts(log.path);
  if (result.failed > 0) await showTail(log.path);
  return { ...result, seconds };
}

/** Repeats what tests found out beside passing: the lines of the log that begin with `▪`. */
async function showFacts(path: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line.startsWith('▪ ')) console.log(`    ${line}`);
  }
}

async function showTail(path: string): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  console.log(`  the end of ${path}:`);
  for (const line of lines.slice(-60)) console.log(`  │ ${line}`);
}

function findStep(name: string): Step {
  const step = steps.find((each) => each.name === name);
  if (step !== undefined) return step;
  const known = steps.map((each) => each.name).join(', ');
  console.error(`bin/test: there is no step "${name}"; the steps are ${known}`);
  process.exit(2);
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
process.on('SIGINT', () => {
  endRunning();
  process.exit(130);
});
process.on('SIGTERM', () => {
  endRunning();
  process.exit(143);
});

const startedAt = Date.now();
const rows: { name: string; passed: number; failed: number; seconds: number; note: string }[] = [];
const chosen = values.only === undefined ? steps : values.only.split(',').map(findStep);
for (const step of chosen) {
  const { passed, failed, seconds, note } = await runStep(step);
  rows.push({ name: step.name, passed, failed, seconds, note: note ?? '' });
}

console.log('\nstep        passed  failed  seconds');
for (const { name, passed, failed, seconds, note } of rows) {
  const cells = [
    name.padEnd(10),
    String(passed).padStart(8),
    String(failed).padStart(8),
    seconds.toFixed(1).padStart(9),
  ];
  console.log(`${cells.join('')}  ${note}`.trimEnd());
}
const total = (field: 'passed' | 'failed') => rows.reduce((sum, row) => sum + row[field], 0);
console.log(`in ${((Date.now() - startedAt) / 60_000).toFixed(1)} minutes\n`);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') === 0 ? 0 : 1;
