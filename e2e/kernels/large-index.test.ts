import { expect, test } from 'vitest';
import { withPage } from '../../bench/browser-page.ts';
import { serveScript } from '../../bench/server.ts';
import type { LargeIndex } from './large-index-page.ts';

declare const largeIndex: LargeIndex;

const pages = 90;

test.each(['chromium', 'firefox'] as const)(
  'an index that is read out of files answers in %s as one in memory',
  async (browserName) => {
    const server = await serveScript('e2e/kernels/large-index-page.ts', {
      model: 'models/dejalu-1',
    });
    try {
      await withPage(browserName, server.url, async (page) => {
        const isAlike = async (pageCount: number) => {
          const [files, database] = await page.evaluate(() => largeIndex.answers());
          expect(files).toEqual(database);
          expect(files).toMatchObject({ pageCount, told: [] });
          for (const found of (files as { found: unknown[][] }).found) {
            expect(found.length).toBeGreaterThan(0);
          }
        };
        await page.evaluate((count) => largeIndex.read(0, count), pages);
        await isAlike(pages);
        expect(await page.evaluate(() => largeIndex.tidy())).toBeGreaterThan(1);
        await isAlike(pages);
        await page.evaluate(() => largeIndex.read(20, 30, 1));
        // Merging reads all postings of what it merges.
        await page.evaluate(() => largeIndex.tidy());
        await isAlike(pages);
        await page.evaluate(() => largeIndex.restart());
        await isAlike(pages);
        const files = await page.evaluate(() => largeIndex.forget('site3.example'));
        await isAlike(pages - pages / 5);
        expect(await page.evaluate(() => largeIndex.tidy())).toBeLessThanOrEqual(files);
        await page.evaluate(() => largeIndex.restart());
        await isAlike(pages - pages / 5);
      });
    } finally {
      server.close();
    }
  },
);
