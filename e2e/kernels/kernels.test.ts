import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage } from '../../bench/browser-page.ts';
import { type BenchServer, serveScript } from '../../bench/server.ts';
import { fuzzSeed, kernelProperties } from '../../src/kernels/kernel-properties.test-tools.ts';
import type { kernelsPage } from './kernels-page.ts';

interface PageGlobals {
  readonly kernelsPage: typeof kernelsPage;
}

// What a processor does with an instruction, and an engine with a text, differs: what holds in Node
// is seen to hold where the kernels run.
describe.each(['chromium', 'firefox'] as const)('in %s', (browserName) => {
  let server: BenchServer;
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    server = await serveScript('e2e/kernels/kernels-page.ts', {});
    ({ page, close } = await openPage(browserName, server.url));
  });

  afterAll(async () => {
    await close?.();
    server?.close();
  });

  test('the build with relaxed SIMD is the one that runs', async () => {
    const variant = await page.evaluate(() =>
      (globalThis as unknown as PageGlobals).kernelsPage.bestVariant(),
    );
    expect(variant).toBe('relaxed');
  });

  describe.each(['plain', 'relaxed'] as const)(`%s kernels, seed ${fuzzSeed}`, (variant) => {
    const properties = kernelProperties.map(({ kernel, name }, place) => [kernel, name, place]);
    test.each(properties)('%s equals its reference: %s', async (_kernel, _name, place) => {
      await page.evaluate(
        (at, of) => (globalThis as unknown as PageGlobals).kernelsPage.check(at, of),
        Number(place),
        variant,
      );
    });
  });
});
