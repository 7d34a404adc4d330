import type { BrowserContext, Page, Worker } from '@playwright/test';
import type { PageSummary, SearchResponse } from '../../src/core/search/types.ts';
import type { PageMessage, PageProtocol, Reply } from '../../src/messaging/protocol.ts';
import { Popup } from './popup.ts';
import { readablePages, storedPaths } from './samples.ts';
import type { SiteServer } from './site-server.ts';

/** How long a page must be in sight before it is read, in these runs. A person's default is longer. */
export const testDwellMs = 150;

/** Time a page has to be stored after it was opened. */
const storeTimeoutMs = 60_000;

/** Identifier of the menu entry, as the background registers it. */
const similarMenuId = 'find-similar';

/** `chrome` as an extension page sees it, as far as these tests need it. */
export interface ExtensionApi {
  readonly runtime: {
    readonly id: string;
    sendMessage(message: unknown): Promise<unknown>;
    getURL(path: string): string;
  };
}

async function extensionWorker(context: BrowserContext): Promise<Worker> {
  const [worker] = context.serviceWorkers();
  return worker ?? context.waitForEvent('serviceworker', { timeout: 60_000 });
}

/** A running browser with the extension, driven as a person would: open pages, ask the popup. */
export class Extension {
  readonly context: BrowserContext;
  readonly id: string;
  /** A page of the extension without a script of its own. */
  readonly desk: Page;

  private constructor(context: BrowserContext, id: string, desk: Page) {
    this.context = context;
    this.id = id;
    this.desk = desk;
  }

  /**
   * Waits until the extension runs and its engine answers.
   *
   * @param ownId its id, where other extensions run beside it
   */
  static async attach(context: BrowserContext, ownId?: string): Promise<Extension> {
    const id = ownId ?? new URL((await extensionWorker(context)).url()).host;
    // Any address of the extension may send messages; this one runs no script of its own.
    const desk = await context.newPage();
    await desk.goto(`chrome-extension://${id}/manifest.json`);
    const extension = new Extension(context, id, desk);
    await extension.waitUntilReady();
    return extension;
  }

  url(path: string): string {
    return `chrome-extension://${this.id}${path}`;
  }

  /** Sends a message as an extension page does and returns the whole reply. */
  reply<M extends PageMessage>(
    type: M,
    params: PageProtocol[M]['params'],
  ): Promise<Reply<PageProtocol[M]['result']>> {
    return this.desk.evaluate(
      (envelope) => {
        const { chrome } = globalThis as unknown as { chrome: ExtensionApi };
        return chrome.runtime.sendMessage({ ...envelope, id: crypto.randomUUID() });
      },
      { v: 1, to: 'background', type, params },
    ) as Promise<Reply<PageProtocol[M]['result']>>;
  }

  /** As {@link reply}; an error reply is thrown with its code. */
  async ask<M extends PageMessage>(
    type: M,
    params: PageProtocol[M]['params'],
  ): Promise<PageProtocol[M]['result']> {
    const reply = await this.reply(type, params);
    if (reply?.ok === true) return reply.result;
    const problem = reply === undefined ? 'no answer' : JSON.stringify(reply);
    throw new Error(`"${type}" failed: ${problem}`);
  }

  async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + 60_000;
    let last = 'no answer';
    while (Date.now() < deadline) {
      try {
        const status = await this.ask('page-engine:status', null);
        if (status.state === 'ready') return;
        last = JSON.stringify(status);
        if (status.state === 'failed') break;
      } catch (thrown) {
        last = String(thrown);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The engine did not get ready: ${last}`);
  }

  async useShortDwell(): Promise<void> {
    await this.ask('page-background:set-settings', { dwellMs: testDwellMs });
  }

  recentPages(limit = 200): Promise<readonly PageSummary[]> {
    return this.ask('page-engine:recent-pages', { limit });
  }

  search(query: string, limit = 20): Promise<SearchResponse> {
    return this.ask('page-engine:search', { query, limit });
  }

  /** Addresses of the pages found, best first. */
  async searchUrls(query: string, limit = 20): Promise<readonly string[]> {
    return (await this.search(query, limit)).hits.map((hit) => hit.page.url);
  }

  /**
   * Opens an address in a tab in front, as a person does, and waits until the page is stored.
   *
   * @param tab where to open it; a new tab when left out, which stays open
   * @param storedUrls addresses it may be stored under
   * @throws Error when it is not stored in time
   */
  async readPage(url: string, tab?: Page, storedUrls = [url]): Promise<PageSummary> {
    const startedAt = Date.now();
    const page = tab ?? (await this.context.newPage());
    await page.bringToFront();
    await page.goto(url);
    return this.waitUntilStored(storedUrls, startedAt);
  }

  /** Waits until a page is in the store with a visit at or after `since`. */
  async waitUntilStored(
    url: string | readonly string[],
    since = 0,
    timeoutMs = storeTimeoutMs,
  ): Promise<PageSummary> {
    const wanted = [url].flat().map(withoutFragment);
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const found = (await this.recentPages()).find(
        (page) => wanted.includes(withoutFragment(page.url)) && page.lastReadAt >= since,
      );
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const state = await this.reply('page-background:current-page-state', null);
    throw new Error(
      `${url} was not stored in ${timeoutMs} ms; its state: ${JSON.stringify(state)}`,
    );
  }

  async isStored(url: string): Promise<boolean> {
    const wanted = withoutFragment(url);
    return (await this.recentPages()).some((page) => withoutFragment(page.url) === wanted);
  }

  /** Reads every sample page in one tab; returns a line for each that was not stored. */
  async readSamples(server: SiteServer, onRead: (count: number) => void): Promise<string[]> {
    const problems: string[] = [];
    const tab = await this.context.newPage();
    let count = 0;
    const attempt = async (read: () => Promise<PageSummary>) => {
      try {
        await read();
        count += 1;
        onRead(count);
      } catch (thrown) {
        problems.push(thrown instanceof Error ? thrown.message : String(thrown));
      }
    };
    for (const page of readablePages()) {
      const storedUrls = storedPaths(page).map((path) => server.url(path));
      await attempt(() => this.readPage(server.url(page.path), tab, storedUrls));
    }
    // A view that no address leads to: the app draws it after a click.
    await attempt(async () => {
      await tab.goto(server.url('/app/'));
      await tab.locator('a[href$="/night/owls"]').first().click();
      return this.waitUntilStored(server.url('/app/night/owls'));
    });
    await tab.close();
    return problems;
  }

  /** All passages of a stored page, one a line. */
  async storedText(id: PageSummary['id']): Promise<string> {
    const stored = await this.ask('page-engine:stored-page', { id });
    return stored?.passages.map((passage) => passage.text).join('\n') ?? '';
  }

  /** Sends any message, of any shape, from an extension page. */
  sendRaw(message: object): Promise<unknown> {
    return this.desk.evaluate((raw) => {
      const { chrome } = globalThis as unknown as { chrome: ExtensionApi };
      return chrome.runtime.sendMessage({ id: crypto.randomUUID(), ...raw });
    }, message);
  }

  /** Sends a message from the world of the content script in `tab`; a refusal to send is its text. */
  async sendFromContentScript(tab: Page, message: object): Promise<unknown> {
    const devtools = await this.context.newCDPSession(tab);
    try {
      const worlds: { id: number; origin: string }[] = [];
      devtools.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
      await devtools.send('Runtime.enable');
      const own = worlds.find(({ origin }) => origin === `chrome-extension://${this.id}`);
      if (own === undefined) throw new Error(`No content script runs in ${tab.url()}`);
      const text = JSON.stringify({ id: 'from-content', ...message });
      const { result } = await devtools.send('Runtime.evaluate', {
        expression: `chrome.runtime.sendMessage(${text}).catch(String)`,
        contextId: own.id,
        awaitPromise: true,
        returnByValue: true,
      });
      return result.value;
    } finally {
      await devtools.detach();
    }
  }

  /** Stops the service worker, as the browser does when it is idle. */
  async stopServiceWorker(): Promise<void> {
    const devtools = await this.context.newCDPSession(this.desk);
    try {
      const stopped = new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no service worker was stopped')), 30_000);
        devtools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
          if (!versions.some(({ runningStatus }) => runningStatus === 'stopped')) return;
          clearTimeout(timer);
          resolve();
        });
      });
      await devtools.send('ServiceWorker.enable');
      await devtools.send('ServiceWorker.stopAllWorkers');
      await stopped;
    } finally {
      await devtools.detach();
    }
  }

  /** Closes the offscreen document, and the engine's worker with it. */
  async closeOffscreenDocument(): Promise<void> {
    await this.desk.evaluate(async () => {
      const { chrome } = globalThis as unknown as {
        chrome: { offscreen: { closeDocument(): Promise<void> } };
      };
      await chrome.offscreen.closeDocument();
    });
  }

  /** Opens a second browser window and returns its tab. */
  async openWindow(): Promise<Page> {
    const opened = this.context.waitForEvent('page');
    await this.desk.evaluate(() => {
      const { chrome } = globalThis as unknown as {
        chrome: { windows: { create(options: object): Promise<unknown> } };
      };
      return chrome.windows.create({ url: 'about:blank' }).then(() => null);
    });
    return opened;
  }

  /** Opens addresses all at once behind the tab in front, as a folder of bookmarks; the tabs' ids. */
  openBehind(urls: readonly string[]): Promise<readonly number[]> {
    return this.desk.evaluate(async (addresses) => {
      const { chrome } = globalThis as unknown as {
        chrome: { tabs: { create(of: object): Promise<{ id: number }> } };
      };
      const tabs = addresses.map((url) => chrome.tabs.create({ url, active: false }));
      return (await Promise.all(tabs)).map(({ id }) => id);
    }, urls);
  }

  async bringToFront(tabId: number): Promise<void> {
    await this.desk.evaluate(async (id) => {
      const { chrome } = globalThis as unknown as {
        chrome: { tabs: { update(id: number, change: object): Promise<unknown> } };
      };
      await chrome.tabs.update(id, { active: true });
    }, tabId);
  }

  /** Has the browser let a tab's page go, as it does when memory is short; its id from then on. */
  async discard(tabId: number): Promise<number> {
    const id = await this.desk.evaluate(async (given) => {
      const { chrome } = globalThis as unknown as {
        chrome: {
          tabs: { discard(id: number): Promise<{ id: number; discarded: boolean } | undefined> };
        };
      };
      const tab = await chrome.tabs.discard(given);
      return tab?.discarded === true ? tab.id : null;
    }, tabId);
    if (id === null) throw new Error(`Chromium did not discard tab ${tabId}`);
    return id;
  }

  async openIncognitoWindow(url: string): Promise<void> {
    await this.desk.evaluate((address) => {
      const { chrome } = globalThis as unknown as {
        chrome: { windows: { create(options: object): Promise<unknown> } };
      };
      return chrome.windows.create({ incognito: true, url: address }).then(() => null);
    }, url);
  }

  /** Dispatches an event of the browser in the background, as the browser does; its listeners run. */
  async dispatch(event: string, ...parameters: readonly unknown[]): Promise<void> {
    const worker = await extensionWorker(this.context);
    await worker.evaluate(
      ([path, given]) => {
        const found = path
          .split('.')
          .reduce(
            (owner, name) => (owner as Record<string, unknown>)[name],
            (globalThis as unknown as { chrome: unknown }).chrome,
          );
        (found as { dispatch(...given: readonly unknown[]): void }).dispatch(...given);
      },
      [event, parameters] as const,
    );
  }

  /** Whether "Find similar pages" is in the context menu: an entry that exists can be updated. */
  async hasMenuEntry(): Promise<boolean> {
    return this.desk.evaluate(async (id) => {
      const { chrome } = globalThis as unknown as {
        chrome: { contextMenus: { update(id: string, change: object): Promise<void> } };
      };
      try {
        await chrome.contextMenus.update(id, {});
        return true;
      } catch {
        return false; // the browser's way to say that there is no such entry
      }
    }, similarMenuId);
  }

  /** Opens the popup in a tab of the popup's size. */
  async openPopup(): Promise<Popup> {
    const page = await this.context.newPage();
    await page.setViewportSize({ width: 400, height: 600 });
    await page.goto(this.url('/popup.html'));
    return new Popup(page);
  }
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/, '');
}
