import { defineConfig } from 'vitest/config';

/** Tests of the built packages, and those that need a real browser but not Playwright. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['{package,firefox,kernels}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A real browser on a busy machine fails now and then; bin/test names what needed a second try.
    retry: 1,
    fileParallelism: false,
  },
});
