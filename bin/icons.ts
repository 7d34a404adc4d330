/**
 * Draws the product's icon at the sizes a browser asks for: `node bin/icons.ts`.
 * Needs a Chromium that Playwright finds, or the path of one in CHROMIUM.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const sizes = [16, 32, 48, 128];
const folder = new URL('../public/', import.meta.url);

const svg = await readFile(new URL('icon.svg', folder), 'utf8');
const executablePath = process.env.CHROMIUM;
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath === undefined ? {} : { executablePath }),
});
try {
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`,
    );
    const png = await page.screenshot({ omitBackground: true });
    await writeFile(new URL(`icon-${size}.png`, folder), png);
    await page.close();
  }
} finally {
  await browser.close();
}
