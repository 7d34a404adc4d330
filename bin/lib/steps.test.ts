import { describe, expect, it } from 'vitest';
import { readPlaywrightReport, readVitestReport } from './steps.ts';

const test = (file: string, title: string, status: string) => ({
  title,
  file,
  tests: [{ status }],
});

describe("Playwright's report", () => {
  const suites = [
    {
      specs: [test('a.spec.ts', 'opens', 'expected')],
      suites: [{ specs: [test('a.spec.ts', 'closes', 'flaky')] }],
    },
  ];

  it('names what passed at the second try only', () => {
    const stats = { expected: 1, unexpected: 0, flaky: 1, skipped: 2 };
    expect(readPlaywrightReport({ stats, errors: [], suites })).toEqual({
      passed: 2,
      failed: 0,
      note: '2 skipped; passed at the second try: a.spec.ts: closes',
    });
  });

  it('counts what never passed, and an error outside of every test', () => {
    const stats = { expected: 1, unexpected: 1, flaky: 0, skipped: 0 };
    const plain = [{ specs: [] }];
    expect(readPlaywrightReport({ stats, errors: [], suites: plain })).toEqual({
      passed: 1,
      failed: 1,
    });
    const fine = { ...stats, unexpected: 0 };
    expect(readPlaywrightReport({ stats: fine, errors: ['x'], suites: plain }).failed).toBe(1);
  });
});

describe("Vitest's report", () => {
  it('counts a file that broke before its first test', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    const counts = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 0 };
    expect(readVitestReport({ ...counts, testResults })).toEqual({ passed: 3, failed: 2 });
  });

  it('names what passed at the second try only', () => {
    const test = (title: string, status: string, ...failureMessages: string[]) => ({
      title,
      status,
      failureMessages,
    });
    const assertionResults = [
      test('opens', 'passed'),
      test('closes', 'passed', 'Error: Test timed out in 60000ms.'),
      test('locks', 'failed', 'AssertionError'),
    ];
    const testResults = [{ name: '/any/door.test.ts', status: 'failed', assertionResults }];
    const counts = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 0 };
    expect(readVitestReport({ ...counts, testResults })).toEqual({
      passed: 2,
      failed: 1,
      note: 'passed at the second try: door.test.ts: closes',
    });
  });
});
