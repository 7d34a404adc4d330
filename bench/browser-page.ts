import puppeteer, { type Page } from 'puppeteer-core';
import { type BrowserName, requireBrowser } from '../bin/lib/browsers.ts';

export type { Page } from 'puppeteer-core';

/** A page in a browser of its own, which closes with it. */
export interface OwnPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** Opens a browser of its own at an address, and waits for its script. */
export async function openPage(browserName: BrowserName, url: string): Promise<OwnPage> {
  const browser = await puppeteer.launch({
    browser: browserName === 'firefox' ? 'firefox' : 'chrome',
    executablePath: requireBrowser(browserName),
    headless: true,
    // Nothing here is faster than what it is compared with by less than a call's time limit.
    protocolTimeout: 300_000,
    args: browserName === 'chromium' ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => process.stderr.write(`  ${message.text()}\n`));
    page.on('pageerror', (error) => process.stderr.write(`  ${error}\n`));
    await page.goto(url, { waitUntil: 'load' });
    return { page, close: () => browser.close() };
  } catch (cause) {
    await browser.close();
    throw cause;
  }
}

/** Opens a browser of its own at an address, waits for its script, and closes it after `use`. */
export async function withPage<T>(
  browserName: BrowserName,
  url: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const { page, close } = await openPage(browserName, url);
  try {
    return await use(page);
  } finally {
    await close();
  }
}
