import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireBrowser } from '../../bin/lib/browsers.ts';
import type { PageSummary } from '../../src/core/search/types.ts';
import type { PageMessage, PageProtocol, Reply } from '../../src/messaging/protocol.ts';
import { BidiConnection, BidiTab } from './bidi.ts';
import { testDwellMs } from './extension.ts';
import { repositoryRoot } from './samples.ts';

export const firefoxBuild = join(repositoryRoot, '.output', 'firefox-mv3');

/** Firefox gives each installation of an extension a random host; the tests fix theirs. */
const extensionHost = '4f1d7c9e-6a0b-4c51-9d3e-2b8a7c5e1f60';

/** Silences the browser's own housekeeping, so that what remains is the extension's and the pages'. */
const quietPreferences: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.discovery.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.page': 0,
  'browser.topsites.contile.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'geo.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.http.speculative-parallel-limit': 0,
  'network.prefetch-next': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'startup.homepage_welcome_url': 'about:blank',
  'toolkit.telemetry.server': '',
};

function writePreferences(profile: string, addonId: string, proxyPort: number): void {
  const preferences = {
    ...quietPreferences,
    'extensions.webextensions.uuids': JSON.stringify({ [addonId]: extensionHost }),
    // An unsigned extension is installed for one run; what it stored must outlive that run.
    'extensions.webextensions.keepStorageOnUninstall': true,
    'extensions.webextensions.keepUuidOnUninstall': true,
    'network.proxy.type': 1,
    'network.proxy.http': '127.0.0.1',
    'network.proxy.http_port': proxyPort,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': proxyPort,
    'network.proxy.no_proxies_on': '127.0.0.1,localhost',
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), `${lines.join('\n')}\n`);
}

/** Waits for the line in which Firefox says where it listens. */
function readAddress(process_: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(
      () => reject(new Error(`Firefox did not start in 60 s: ${seen.slice(-500)}`)),
      60_000,
    );
    process_.stderr?.on('data', (data: Buffer) => {
      seen += data.toString();
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(seen)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    process_.once('error', reject);
    process_.once('exit', (status) => reject(new Error(`Firefox ended (${status}): ${seen}`)));
  });
}

/** A running Firefox with the production build, driven as a person would. */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #connection: BidiConnection;
  readonly #desk: BidiTab;

  private constructor(process_: ChildProcess, connection: BidiConnection, desk: BidiTab) {
    this.#process = process_;
    this.#connection = connection;
    this.#desk = desk;
  }

  /** Starts Firefox on a profile, installs the build and waits until the engine answers. */
  static async start(profile: string, proxyPort: number, build = firefoxBuild): Promise<Firefox> {
    const manifestFile = join(build, 'manifest.json');
    if (!existsSync(manifestFile)) {
      throw new Error(`There is no build in ${build}; run "npm run build:firefox" first`);
    }
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const addonId = manifest.browser_specific_settings?.gecko?.id;
    if (typeof addonId !== 'string') throw new Error("Firefox's manifest names no add-on id");
    writePreferences(profile, addonId, proxyPort);
    const child = spawn(
      requireBrowser('firefox'),
      [
        ...['--headless', '--no-remote', '--profile', profile],
        // Without system access the driver may not open the extension's own pages.
        ...['--remote-debugging-port', '0', '--remote-allow-system-access', 'about:blank'],
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        // A release build obeys the preference for its settings server only with this.
        env: { ...process.env, MOZ_REMOTE_SETTINGS_DEVTOOLS: '1' },
      },
    );
    try {
      const connection = await BidiConnection.open(await readAddress(child));
      await connection.send('webExtension.install', {
        extensionData: { type: 'path', path: build },
      });
      const desk = await BidiTab.open(connection);
      await desk.goToExtension(`moz-extension://${extensionHost}/manifest.json`);
      const firefox = new Firefox(child, connection, desk);
      await firefox.#waitUntilReady();
      await firefox.ask('page-background:set-settings', { dwellMs: testDwellMs });
      return firefox;
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  url(path: string): string {
    return `moz-extension://${extensionHost}${path}`;
  }

  openTab(): Promise<BidiTab> {
    return BidiTab.open(this.#connection);
  }

  /** Sends a message as an extension page does. */
  reply<M extends PageMessage>(
    type: M,
    params: PageProtocol[M]['params'],
  ): Promise<Reply<PageProtocol[M]['result']> | null> {
    const envelope = JSON.stringify({ v: 1, to: 'background', type, params });
    return this.#desk.evaluate(
      `browser.runtime.sendMessage({ ...${envelope}, id: crypto.randomUUID() })`,
    );
  }

  async ask<M extends PageMessage>(
    type: M,
    params: PageProtocol[M]['params'],
  ): Promise<PageProtocol[M]['result']> {
    const reply = await this.reply(type, params);
    if (reply?.ok === true) return reply.result;
    throw new Error(`"${type}" failed: ${JSON.stringify(reply)}`);
  }

  /** Opens an address in a new container of this name. */
  async openInContainer(name: string, url: string): Promise<void> {
    await this.#desk.evaluate(
      `browser.contextualIdentities
        .create({ name: ${JSON.stringify(name)}, color: 'blue', icon: 'fence' })
        .then(({ cookieStoreId }) =>
          browser.tabs.create({ cookieStoreId, active: true, url: ${JSON.stringify(url)} }))
        .then(() => null)`,
    );
  }

  /** Opens an address in a tab behind the one in front, and waits until it is loaded; the tab's id. */
  openBehind(url: string): Promise<number> {
    return this.#desk.evaluate(
      `new Promise((resolve) => {
        let tabId = null;
        const loaded = new Set();
        const look = () => { if (loaded.has(tabId)) resolve(tabId); };
        browser.tabs.onUpdated.addListener((id, { status }) => {
          if (status === 'complete') loaded.add(id);
          look();
        });
        browser.tabs.create({ active: false, url: ${JSON.stringify(url)} }).then(({ id }) => {
          tabId = id;
          look();
        });
      })`,
    );
  }

  /** Has the browser let a tab's page go, as it does when memory is short. */
  async discard(tabId: number): Promise<void> {
    const isDiscarded = `browser.tabs.get(${tabId}).then(({ discarded }) => discarded)`;
    await this.#desk.evaluate(`browser.tabs.discard(${tabId}).then(() => null)`);
    if (!(await this.#desk.evaluate<boolean>(isDiscarded))) {
      throw new Error(`Firefox did not discard tab ${tabId}`);
    }
  }

  async bringToFront(tabId: number): Promise<void> {
    await this.#desk.evaluate(`browser.tabs.update(${tabId}, { active: true }).then(() => null)`);
  }

  async #waitUntilReady(): Promise<void> {
    const deadline = Date.now() + 60_000;
    let last = 'no answer';
    while (Date.now() < deadline) {
      try {
        const status = await this.ask('page-engine:status', null);
        if (status.state === 'ready') return;
        last = JSON.stringify(status);
      } catch (thrown) {
        last = String(thrown);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`The engine did not get ready in Firefox: ${last}`);
  }

  /** Opens an address in a tab in front and waits until the page is stored. */
  async readPage(url: string, tab?: BidiTab): Promise<PageSummary> {
    const startedAt = Date.now();
    const page = tab ?? (await this.openTab());
    await page.goTo(url);
    return this.waitUntilStored(url, startedAt);
  }

  /** Waits until a page is in the store with a visit at or after `since`. */
  async waitUntilStored(url: string, since = 0): Promise<PageSummary> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const pages = await this.ask('page-engine:recent-pages', { limit: 200 });
      const found = pages.find((each) => each.url === url && each.lastReadAt >= since);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${url} was not stored in Firefox`);
  }

  async searchUrls(query: string, limit = 20): Promise<readonly string[]> {
    const { hits } = await this.ask('page-engine:search', { query, limit });
    return hits.map((hit) => hit.page.url);
  }

  /** Ends the browser where it stands, for a profile that nobody looks at any more. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** Closes the browser as a person does, so that it writes its profile. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 60_000);
    await this.#connection.send('browser.close', {}).catch(() => {
      // It hung up before it answered: it is closing.
    });
    await ended;
    clearTimeout(timer);
  }
}
