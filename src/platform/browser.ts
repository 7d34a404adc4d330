import type { Browser } from 'wxt/browser';
import { browser as wxtBrowser } from 'wxt/browser';

/**
 * The browser's extension API. The only import of it in the product: everything else takes what it
 * needs from `src/platform`, so that it can be read, and tested, without a browser.
 */
export const browser = wxtBrowser as unknown as typeof Browser;

export type { Browser };
