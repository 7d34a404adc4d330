import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type BrowserName = 'chromium' | 'firefox';

/** Where this project keeps a browser that it had to download itself. */
export const downloadFolder = join(import.meta.dirname, '..', '..', '.cache', 'browsers');

/** The variable that names a program to use instead of the one found. */
export const pathVariable = { chromium: 'CHROME_PATH', firefox: 'FIREFOX_PATH' } as const;

/**
 * Well-known names, best first. Google's branded Chrome is not among them: since version 137 it
 * ignores `--load-extension`, so it cannot start with an unpacked extension.
 */
const commands: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ['chromium', 'chromium-browser', 'chrome-for-testing'],
  firefox: ['firefox-esr', 'firefox', 'firefox-developer-edition'],
};

const macApplications: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: [
    'Chromium.app/Contents/MacOS/Chromium',
    'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  ],
  firefox: [
    'Firefox.app/Contents/MacOS/firefox',
    'Firefox Developer Edition.app/Contents/MacOS/firefox',
  ],
};

/** File names of the program inside a downloaded browser's folder. */
const programNames: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ['chrome', 'Google Chrome for Testing', 'Chromium'],
  firefox: ['firefox'],
};

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run
  }
}

/**
 * A browser from a snap sees only its own folders: it can neither read the built extension nor
 * keep a profile where the tests put it.
 */
function isSnap(path: string): boolean {
  const real = realpathSync(path);
  return real.startsWith('/snap/') || real === '/usr/bin/snap';
}

/** Ubuntu's `chromium-browser` and `firefox` packages are a script that starts the snap. */
function startsSnap(path: string): boolean {
  return (
    isSnap(path) || (path.startsWith('/usr/bin/') && existsSync(`/snap/bin/${baseName(path)}`))
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function findDownloaded(name: BrowserName): string | null {
  const wanted = programNames[name];
  const families = name === 'chromium' ? ['chrome', 'chromium'] : ['firefox'];
  for (const family of families) {
    const root = join(downloadFolder, family);
    if (!existsSync(root)) continue;
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && wanted.includes(entry.name) && isProgram(path)) return path;
    }
  }
  return null;
}

/**
 * The program of a browser that can run the extension: the one its variable names, else one that is
 * installed, else one downloaded before; `null` when there is none.
 *
 * @throws Error when the variable names a file that cannot be run.
 */
export function findBrowser(name: BrowserName): string | null {
  const variable = pathVariable[name];
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`${variable} is "${named}", which is not a program that can be run`);
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const command of commands[name]) {
      const path = join(folder, command);
      if (isProgram(path) && !startsSnap(path)) return path;
    }
  }
  if (process.platform === 'darwin') {
    for (const folder of ['/Applications', join(process.env.HOME ?? '', 'Applications')]) {
      for (const application of macApplications[name]) {
        const path = join(folder, application);
        if (isProgram(path)) return path;
      }
    }
  }
  return findDownloaded(name);
}

/** As {@link findBrowser}, but a missing browser is an error that says how to get it. */
export function requireBrowser(name: BrowserName): string {
  const path = findBrowser(name);
  if (path !== null) return path;
  throw new Error(howToInstall(name));
}

export function howToInstall(name: BrowserName): string {
  const [debianPackage, build] =
    name === 'chromium' ? ['chromium', 'chrome@stable'] : ['firefox-esr', 'firefox@stable'];
  const packaged =
    process.platform === 'darwin' ? '' : `"sudo apt-get install ${debianPackage}" on Debian, or `;
  const download = `"npx @puppeteer/browsers install ${build} --path .cache/browsers"`;
  return `${name} was not found; install it (${packaged}${download}) or name its program in ${pathVariable[name]}`;
}
