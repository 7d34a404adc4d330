import type { KernelProperty } from './fuzz.test-tools.ts';
import { scanProperties } from './scan-properties.test-tools.ts';
import { tableProperties } from './table-properties.test-tools.ts';
import { termProperties } from './term-properties.test-tools.ts';
import { textProperties } from './text-properties.test-tools.ts';

/**
 * Everything in which the kernels equal their reference. Known to no test program, so that the same
 * is checked in Node, in Chromium and in Firefox.
 */
export const kernelProperties: readonly KernelProperty[] = [
  ...scanProperties,
  ...textProperties,
  ...tableProperties,
  ...termProperties,
];

/** Of all fuzzing: a failure is met again with it. */
export const fuzzSeed = 11;
