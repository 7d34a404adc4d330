import fc from 'fast-check';
import { fuzzSeed, kernelProperties } from '../../src/kernels/kernel-properties.test-tools.ts';
import type { KernelVariant } from '../../src/kernels/kernels-module.ts';
import { bestVariant } from '../../src/kernels/kernels-module.ts';

// A cause of an error does not leave the page.
fc.configureGlobal({ includeErrorInReport: true });

/** What the test of the kernels asks of the page it runs in. */
export const kernelsPage = {
  bestVariant,

  /** @throws the property's error, with what was given, where a kernel differs from its reference */
  check(place: number, variant: KernelVariant): void {
    kernelProperties[place]?.check(variant, fuzzSeed);
  },
};

(globalThis as unknown as { kernelsPage: typeof kernelsPage }).kernelsPage = kernelsPage;
