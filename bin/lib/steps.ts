import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a step found: how many checks passed and failed, with a few words for the table. */
export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  readonly note?: string;
}

export interface Step {
  readonly name: string;
  /** What it does, in a few words, for the progress line. */
  readonly title: string;
  run(log: StepLog): Promise<StepResult>;
}

/** Keeps a step's output in a file, so that the terminal shows one line a step. */
export class StepLog {
  readonly path: string;
  lastLine = '';
  readonly #stream;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, `${name}.log`);
    this.#stream = createWriteStream(this.path);
  }

  write(text: string): void {
    this.#stream.write(text);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    this.lastLine = lines.at(-1) ?? this.lastLine;
  }

  end(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(resolve));
  }
}

const running = new Set<ChildProcess>();

/** Ends what a step started, its own children included, when the whole run is interrupted. */
export function endRunning(): void {
  for (const child of running) {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended by itself in between.
    }
  }
}

/**
 * Runs a program with its output in the log and returns its exit status; a program that cannot be
 * started counts as 127, one ended by a signal or by `timeoutMs` as 124.
 */
export function runProgram(
  log: StepLog,
  command: readonly string[],
  options: { environment?: Record<string, string>; timeoutMs?: number } = {},
): Promise<number> {
  const [program = '', ...args] = command;
  log.write(`$ ${command.join(' ')}\n`);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // its own process group, so that a browser it started ends with it
      env: { ...process.env, FORCE_COLOR: '0', ...options.environment },
    });
    running.add(child);
    const timer = setTimeout(() => {
      log.write(`\nended after ${(options.timeoutMs ?? 0) / 1000} s without a result\n`);
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, options.timeoutMs ?? 900_000);
    const finish = (status: number) => {
      clearTimeout(timer);
      running.delete(child);
      resolve(status);
    };
    child.stdout.on('data', (data: Buffer) => log.write(data.toString()));
    child.stderr.on('data', (data: Buffer) => log.write(data.toString()));
    child.on('error', (error) => {
      log.write(`\n${error.message}\n`);
      finish(127);
    });
    child.on('close', (status) => finish(status ?? 124));
  });
}

/** A step of one or more programs, each of which counts as one check. */
export async function runChecks(
  log: StepLog,
  commands: readonly (readonly string[])[],
): Promise<StepResult> {
  let passed = 0;
  for (const command of commands) {
    if ((await runProgram(log, command)) === 0) passed += 1;
  }
  return { passed, failed: commands.length - passed };
}

/**
 * A step that runs a test program and reads the counts from the JSON report it writes. No report,
 * or an empty one, is a failure: a step that cannot run must not look like one that passed.
 */
export async function runReported(
  log: StepLog,
  command: readonly string[],
  report: string,
  read: (json: unknown) => StepResult,
  environment: Record<string, string> = {},
): Promise<StepResult> {
  rmSync(report, { force: true });
  const status = await runProgram(log, command, { environment });
  if (!existsSync(report)) {
    return { passed: 0, failed: 1, note: `could not run (exit status ${status})` };
  }
  const result = read(JSON.parse(readFileSync(report, 'utf8')));
  if (result.passed + result.failed === 0) return { passed: 0, failed: 1, note: 'no test ran' };
  if (status !== 0 && result.failed === 0) {
    return { ...result, failed: 1, note: `exit status ${status} outside of a test` };
  }
  return result;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** What a step's row says beside its counts: what was skipped, and what needed a second try. */
function noteOf(skipped: number, flaky: readonly string[]): { note?: string } {
  const parts = [
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...flaky.map((name) => `passed at the second try: ${name}`),
  ];
  return parts.length > 0 ? { note: parts.join('; ') } : {};
}

/**
 * Counts of a Vitest JSON report; a file that broke before its first test counts as a failure. A
 * test that passed with failures behind it needed a second try, and is named as Playwright's are.
 */
export function readVitestReport(json: unknown): StepResult {
  const report = json as VitestReport;
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const flaky = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((test) => test.status === 'passed' && test.failureMessages.length > 0)
      .map(({ title }) => `${basename(name)}: ${title}`),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    ...noteOf(report.numPendingTests, flaky),
  };
}

interface PlaywrightSuite {
  readonly specs: readonly { title: string; file: string; tests: readonly { status: string }[] }[];
  readonly suites?: readonly PlaywrightSuite[];
}

interface PlaywrightReport {
  readonly stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  readonly errors: readonly unknown[];
  readonly suites: readonly PlaywrightSuite[];
}

function flakyTests({ specs, suites = [] }: PlaywrightSuite): readonly string[] {
  const own = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'));
  return [...own.map(({ file, title }) => `${file}: ${title}`), ...suites.flatMap(flakyTests)];
}

/**
 * Counts of a Playwright JSON report. A test that passed only at its second try is named: it is a
 * fault to mend, in the test or in the product, but no reason to refuse what else there is.
 */
export function readPlaywrightReport(json: unknown): StepResult {
  const { stats, errors, suites } = json as PlaywrightReport;
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected === 0 && errors.length > 0 ? 1 : stats.unexpected,
    ...noteOf(stats.skipped, suites.flatMap(flakyTests)),
  };
}
