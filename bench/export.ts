/**
 * Measures what an export and an import of 100,000 pages take of the machine's memory, in Chromium on
 * the production build, with the pages in the store: `npm run bench:export`. Linux only, because
 * it reads what each process holds from /proc. `--pages 10000` takes another number.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../e2e/lib/chromium.ts';
import { Extension } from '../e2e/lib/extension.ts';
import { madePages } from '../e2e/lib/made-pages.ts';
import { siteFolder } from '../e2e/lib/samples.ts';
import { SiteServer } from '../e2e/lib/site-server.ts';

const sampleMs = 50;
const pagesOfOneCall = 250;
/** Made texts of some 300 letters that make up a page. */
const partsOfPage = 10;

/** Megabytes of memory that a process has to itself; 0 for one that has ended. */
function ownMegabytes(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_000;
  } catch {
    return 0;
  }
}

/** A process as /proc has it: its parent, and how it was called. */
function processOf(pid: string): { readonly parent: string; readonly command: string } | null {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { parent: /^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? '', command };
  } catch {
    return null; // it has ended meanwhile
  }
}

/** The processes of the browser on a profile: the one that was called with it, and what it began. */
function processesOf(profile: string): readonly string[] {
  const all = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const found = processOf(pid);
        return found === null ? [] : [[pid, found] as const];
      }),
  );
  const isOurs = (pid: string): boolean => {
    const found = all.get(pid);
    return found !== undefined && (found.command.includes(profile) || isOurs(found.parent));
  };
  return [...all.keys()].filter(isOurs);
}

const { values } = parseArgs({ options: { pages: { type: 'string', default: '100000' } } });
const pages = Number(values.pages);
const profile = mkdtempSync(join(tmpdir(), 'dejalu-export-'));
const server = await SiteServer.start(siteFolder);
const context = await launchChromium({ profile, proxyPort: server.port });

/** Megabytes of all processes, and of them those of the browser's own process and of the extension's. */
interface Held {
  readonly all: number;
  readonly browser: number;
  readonly extension: number;
  readonly rest: number;
}

function partOf(pid: string): 'browser' | 'extension' | 'rest' {
  const command = processOf(pid)?.command ?? '';
  if (command.includes('--extension-process')) return 'extension';
  return command.includes('--type=') ? 'rest' : 'browser';
}

/** What all processes of the browser hold when it is most, above what they held before `work`. */
async function peakOf(work: () => Promise<unknown>): Promise<Held> {
  const held = (): Held => {
    const pids = processesOf(profile);
    const parts = { browser: 0, extension: 0, rest: 0 };
    for (const pid of pids) parts[partOf(pid)] += ownMegabytes(pid);
    return { ...parts, all: parts.browser + parts.extension + parts.rest };
  };
  const before = held();
  let most = before;
  const timer = setInterval(() => {
    const now = held();
    if (now.all > most.all) most = now;
  }, sampleMs);
  await work().finally(() => clearInterval(timer));
  return {
    all: most.all - before.all,
    browser: most.browser - before.browser,
    extension: most.extension - before.extension,
    rest: most.rest - before.rest,
  };
}

try {
  const extension = await Extension.attach(context);
  // As long as an article each, of the texts of the pages that follow.
  const made = madePages(pages + partsOfPage);
  for (let from = 0; from < pages; from += pagesOfOneCall) {
    const some = made.slice(from, Math.min(pages, from + pagesOfOneCall)).map((page, place) => ({
      ...page,
      passages: made
        .slice(from + place, from + place + partsOfPage)
        .flatMap((each) => each.passages),
    }));
    await extension.ask('page-engine:import-pages', { pages: some, isTrial: false });
  }
  const page = await context.newPage();
  await page.goto(extension.url('/options.html#transfer'));
  const count = pages.toLocaleString('en');
  const file = join(profile, 'export.jsonl');
  const line = (name: string, ...cells: readonly string[]) =>
    console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(11)).join(''));
  const run = async (name: string, work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    const peak = await peakOf(work);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { all, browser, extension: own, rest } = peak;
    line(name, seconds.toFixed(1), ...[all, browser, own, rest].map((mb) => mb.toFixed(0)));
  };
  console.log(`${pages} pages\n`);
  line('', 'seconds', 'MB more', 'browser', 'extension', 'rest');
  await run('export', async () => {
    const downloading = page.waitForEvent('download', { timeout: 600_000 });
    await page.getByRole('button', { name: 'Export every page' }).click();
    await (await downloading).saveAs(file);
  });
  await page.reload();
  await run('look at the file', async () => {
    await page.getByLabel('Choose a file to import').setInputFiles(file);
    const plan = page.getByText(`0 new pages, 0 that change, ${count} that are here`);
    await plan.waitFor({ timeout: 600_000 });
  });
  console.log(
    `\n${Math.round(statSync(file).size / 1e6)} MB of file, load average ${loadavg()[0]?.toFixed(1)} at the end`,
  );
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}
