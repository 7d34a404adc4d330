import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, expect } from '@playwright/test';
import { launchChromium } from '../lib/chromium.ts';
import { Extension } from '../lib/extension.ts';
import { siteFolder } from '../lib/samples.ts';
import { SiteServer } from '../lib/site-server.ts';

/** A browser that a test may close and start again on the same profile. */
export class Session {
  readonly server: SiteServer;
  /** The folder of the browser's profile. */
  readonly profile: string;
  /** Folder of the extension when it is not the production build as it is. */
  build: string | undefined;
  #context: BrowserContext | null = null;

  constructor(server: SiteServer, profile: string) {
    this.server = server;
    this.profile = profile;
  }

  async start(): Promise<Extension> {
    this.#context = await launchChromium({
      profile: this.profile,
      proxyPort: this.server.port,
      ...(this.build === undefined ? {} : { build: this.build }),
    });
    const extension = await Extension.attach(this.#context);
    await extension.useShortDwell();
    return extension;
  }

  async stop(): Promise<void> {
    await this.#context?.close();
    this.#context = null;
  }

  async restart(): Promise<Extension> {
    await this.stop();
    return this.start();
  }
}

interface Fixtures {
  readonly server: SiteServer;
  readonly session: Session;
  readonly extension: Extension;
}

/** Each test gets its own profile and server; after it, no request may have left the machine. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
  server: async ({}, use) => {
    const server = await SiteServer.start(siteFolder);
    await use(server);
    await server.close();
  },
  session: async ({ server }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'dejalu-chromium-'));
    const session = new Session(server, profile);
    await use(session);
    await session.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    expect(server.foreignRequests(), 'requests to another host').toEqual([]);
  },
  extension: async ({ session }, use) => {
    await use(await session.start());
  },
});

export { expect };
