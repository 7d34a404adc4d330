import { defineConfig } from '@playwright/test';

/** End-to-end tests of the production build in Chromium. Build first: `npm run build`. */
export default defineConfig({
  testDir: 'e2e/chromium',
  testMatch: '**/*.spec.ts',
  outputDir: '.output/playwright',
  timeout: 180_000,
  expect: { timeout: 30_000 },
  fullyParallel: true,
  // Each worker drives a whole browser; two cores carry two.
  workers: 2,
  forbidOnly: true,
  // A real browser on a busy machine fails now and then; bin/test names what needed a second try.
  retries: 1,
  reporter: 'list',
});
