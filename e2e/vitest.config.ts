import { defineConfig } from 'vitest/config';

/** Tests of the built packages: what they hold, and the one for Firefox in a real browser. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['{package,firefox}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
