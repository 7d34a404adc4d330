/** Makes sure that Chromium and Firefox are there: found, or from the system's packages, or downloaded. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  type BrowserName,
  downloadFolder,
  findBrowser,
  howToInstall,
  pathVariable,
} from './browsers.ts';

const names: readonly BrowserName[] = ['chromium', 'firefox'];
const say = (line: string) => console.log(`\x1b[2m[setup]\x1b[0m ${line}`);

function runs(command: string, args: readonly string[], environment = {}): boolean {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  return status === 0;
}

/** The prefix that makes a command run as root, or null when this user cannot. */
function asRoot(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  const { status } = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return status === 0 ? ['sudo', '-n'] : null;
}

/** Ubuntu's packages of both browsers are shells around a snap, which cannot be driven. */
function isDebian(): boolean {
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false; // no such file: not Linux, or a very small one
  }
}

function installFromPackages(missing: readonly BrowserName[], root: readonly string[]): void {
  const packages = missing.map((name) => (name === 'chromium' ? 'chromium' : 'firefox-esr'));
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: string[]) => {
    const [command = '', ...rest] = [...root, 'apt-get', '-qq', ...args];
    return runs(command, rest, environment);
  };
  say(`browsers: installing ${packages.join(' and ')} from Debian's packages`);
  if (!aptGet('update')) say('browsers: apt-get update failed; going on with the lists there are');
  aptGet('install', '-y', '--no-install-recommends', ...packages);
}

function download(name: BrowserName, root: readonly string[] | null): void {
  const build = name === 'chromium' ? 'chrome@stable' : 'firefox@stable';
  say(`browsers: downloading ${build} into .cache/browsers`);
  if (!runs('browsers', ['install', build, '--path', downloadFolder])) return;
  // The libraries the download needs on Linux; Playwright knows their names on each distribution.
  if (process.platform === 'linux' && root !== null) {
    runs('playwright', ['install-deps', name === 'chromium' ? 'chromium' : 'firefox']);
  }
}

function missingOnes(): readonly BrowserName[] {
  return names.filter((name) => findBrowser(name) === null);
}

try {
  if (missingOnes().length > 0) {
    const root = asRoot();
    if (isDebian() && root !== null) installFromPackages(missingOnes(), root);
    for (const name of missingOnes()) download(name, root);
  }
  const missing = missingOnes();
  for (const name of missing) console.error(`[setup] error: ${howToInstall(name)}`);
  if (missing.length > 0) process.exit(1);
  say(`browsers: ${names.map((name) => findBrowser(name)).join(', ')}`);
} catch (thrown) {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  console.error(`[setup] error: ${message} (unset ${Object.values(pathVariable).join(' or ')})`);
  process.exit(1);
}
