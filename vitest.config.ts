import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Qdrant's client as the browsers get it: its Node build brings a fetch dispatcher of its own.
    alias: {
      '@qdrant/js-client-rest': new URL(
        'node_modules/@qdrant/js-client-rest/dist/browser/index.js',
        import.meta.url,
      ).pathname,
    },
  },
  test: {
    include: ['{src,bin,eval,bench,entrypoints,models}/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A slow machine is no failure: what ran out of time has a second try, which bin/test names.
    retry: { count: 1, condition: /timed out/i },
  },
});
