import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { requireBrowser } from '../../bin/lib/browsers.ts';
import { repositoryRoot } from './samples.ts';

export const chromeBuild = join(repositoryRoot, '.output', 'chrome-mv3');

export interface ChromiumOptions {
  readonly profile: string;
  /** Port of the proxy that every request not for this machine goes to; null for a person's use. */
  readonly proxyPort: number | null;
  readonly isHeaded?: boolean;
  /** Size of each page; null for the size of its window. */
  readonly viewport?: { readonly width: number; readonly height: number } | null;
  readonly colorScheme?: 'light' | 'dark';
  /** Folder of the extension; the production build when left out. */
  readonly build?: string;
}

/**
 * The production build with optional permissions granted, in `folder`. The browser's own question
 * cannot be answered by a test, so they are asked for at installation instead.
 */
export async function buildWithPermissions(
  folder: string,
  permissions: readonly string[],
): Promise<string> {
  await cp(chromeBuild, folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.permissions.push(...permissions);
  manifest.optional_permissions = manifest.optional_permissions.filter(
    (name: string) => !permissions.includes(name),
  );
  writeFileSync(file, JSON.stringify(manifest));
  return folder;
}

/** The build with every site granted, which a test cannot answer the browser's question about. */
export async function buildWithSites(
  folder: string,
  permissions: readonly string[] = [],
): Promise<string> {
  const build = await buildWithPermissions(folder, permissions);
  const file = join(build, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.host_permissions = manifest.optional_host_permissions;
  writeFileSync(file, JSON.stringify(manifest));
  return build;
}

/** A port where nothing listens: a request to it fails at once and never leaves the machine. */
const nowhere = 'http://127.0.0.1:1/';

/** What has no switch: Chromium downloads a dictionary as soon as somebody types into a box. */
const quietPreferences = {
  browser: { enable_spellchecking: false },
  spellcheck: { dictionaries: [] },
  credentials_enable_service: false,
};

function preparePreferences(profile: string): void {
  const file = join(profile, 'Default', 'Preferences');
  if (existsSync(file)) return; // a profile that ran before keeps what it has
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(file, JSON.stringify(quietPreferences));
}

/**
 * Everything that is not for this machine reaches the proxy, but for the browser's own housekeeping
 * (account list, form filling, component updates), which is pointed at a closed port.
 */
const watchedArgs = (proxyPort: number): readonly string[] => [
  `--proxy-server=http://127.0.0.1:${proxyPort}`,
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  `--gaia-url=${nowhere}`,
  `--autofill-server-url=${nowhere}`,
  `--component-updater=url-source=${nowhere}`,
];

/** Starts Chromium with the production build and a profile on disk. */
export async function launchChromium(options: ChromiumOptions): Promise<BrowserContext> {
  const args = prepareLaunch(options);
  return chromium.launchPersistentContext(options.profile, {
    executablePath: requireBrowser('chromium'),
    headless: options.isHeaded !== true,
    viewport: options.viewport === undefined ? { width: 1000, height: 800 } : options.viewport,
    ...(options.colorScheme === undefined ? {} : { colorScheme: options.colorScheme }),
    // As people have it: pages that are left are kept for the way back.
    ignoreDefaultArgs: ['--disable-extensions', '--disable-back-forward-cache'],
    args,
  });
}

/**
 * Starts Chromium at an address, driven by nobody: with somebody at its tools it prerenders nothing.
 * Returns what ends it in good order.
 */
export function spawnChromium(options: ChromiumOptions, url: string): () => Promise<void> {
  const quiet = [
    '--no-first-run',
    '--no-default-browser-check',
    '--password-store=basic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-field-trial-config',
    '--disable-features=NetworkTimeServiceQuerying',
  ];
  const browser = spawn(
    requireBrowser('chromium'),
    [
      '--headless=new',
      `--user-data-dir=${options.profile}`,
      ...quiet,
      ...prepareLaunch(options),
      url,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(browser, 'exit');
  return async () => {
    browser.kill();
    await ended;
  };
}

/** Prepares the profile. @returns the arguments for the browser */
function prepareLaunch(options: ChromiumOptions): string[] {
  if (!existsSync(join(chromeBuild, 'manifest.json'))) {
    throw new Error(`There is no build in ${chromeBuild}; run "npm run build" first`);
  }
  const build = options.build ?? chromeBuild;
  preparePreferences(options.profile);
  const isRoot = process.getuid?.() === 0;
  return [
    `--disable-extensions-except=${build}`,
    `--load-extension=${build}`,
    ...(options.proxyPort === null ? [] : watchedArgs(options.proxyPort)),
    ...(options.viewport === null ? ['--window-size=1280,900'] : []),
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}
