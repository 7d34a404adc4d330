import { AppError } from '../core/errors.ts';
import type { PageKey } from '../core/ids.ts';
import { defaultRules } from '../core/page/default-rules.ts';
import type { Pause, PauseChoice, RuleAction, Settings, SiteRule } from '../core/page/settings.ts';
import { matchesPattern, patternFor } from '../core/page/site-rules.ts';
import type { HeldDecision, HeldPage } from '../core/page/state.ts';
import type { ForgetReceipt, ForgetSelection } from '../engine/api.ts';
import { request } from '../messaging/client.ts';
import type { AskHost } from '../messaging/host-client.ts';
import { readPageParams } from '../messaging/page-params.ts';
import type { PageEngineProtocol, PageProtocol, PageSyncProtocol } from '../messaging/protocol.ts';
import type { MessageServer } from '../messaging/server.ts';
import {
  canChangeShortcuts,
  changeShortcut,
  listShortcuts,
  openShortcutSettings,
} from '../platform/commands.ts';
import { sendTabMessage } from '../platform/runtime.ts';
import { activeTab, openPage } from '../platform/tabs.ts';
import type { Fetcher } from './fetcher.ts';
import type { ForgetSoon } from './forget-soon.ts';
import { allPages } from './housekeeping.ts';
import { showIcon } from './icon.ts';
import type { OpenedPages } from './opened-pages.ts';
import { currentPage } from './page-state.ts';
import type { ProblemLog } from './problem-log.ts';
import type { PageQueue } from './queue.ts';
import type { SelfTest } from './self-test.ts';
import type { SettingsStore } from './settings-store.ts';
import type { SpeedLog } from './speed-log.ts';
import type { Tray } from './tray.ts';

export interface PageTools {
  readonly settings: SettingsStore;
  readonly queue: PageQueue;
  readonly tray: Tray;
  readonly fetcher: Fetcher;
  readonly problems: ProblemLog;
  readonly speed: SpeedLog;
  readonly selfTest: SelfTest;
  readonly opened: OpenedPages;
  readonly forgetSoon: Pick<ForgetSoon, 'takeBack'>;
  readonly askHost: AskHost;
  /** Takes what was removed from the browser's local storage off the disk too. */
  readonly rewriteLocal: () => Promise<void>;
  /** Takes away exports that are being made or were not downloaded yet. */
  readonly eraseExports: () => Promise<void>;
}

/** Asked of the engine; passed on as they are. */
const engineMessages: readonly (keyof PageEngineProtocol)[] = [
  'page-engine:find-similar',
  'page-engine:more-passages',
  'page-engine:recent-pages',
  'page-engine:page-by-key',
  'page-engine:stored-page',
  'page-engine:visits',
  'page-engine:reading-map',
  'page-engine:growth',
  'page-engine:export-pages',
  'page-engine:import-pages',
  'page-engine:set-pinned',
  'page-engine:model',
  'page-engine:use-model',
  'page-engine:change-model',
  'page-engine:status',
];

/** Asked of sync. */
const syncMessages: readonly (keyof PageSyncProtocol)[] = [
  'page-sync:status',
  'page-sync:test',
  'page-sync:set-up',
  'page-sync:control',
  'page-sync:search',
  'page-sync:new-keys',
  'page-sync:rejoin',
  'page-sync:change-passphrase',
];
/** After these it has something to do, and it sends nothing before it knows the rules. */
const syncBegins: ReadonlySet<string> = new Set<keyof PageSyncProtocol>([
  'page-sync:set-up',
  'page-sync:control',
  'page-sync:new-keys',
  'page-sync:rejoin',
]);
/** Deriving a key from a passphrase and a slow server both take their time. */
const syncTimeoutMs = 120_000;
/** A purge rewrites the whole store. */
const stepTimeoutMs = 240_000;
/** The site's robots.txt is asked first. */
const lookTimeoutMs = 50_000;

function withRule(
  rules: readonly SiteRule[],
  pattern: string,
  action: RuleAction | null,
): readonly SiteRule[] {
  const others = rules.filter((rule) => rule.pattern !== pattern);
  return action === null ? others : [...others, { pattern, action }];
}

/** Lets go of pages that wait to be read, to be decided about, or to be fetched. */
async function dropWaiting(
  matches: (page: { readonly url: string }) => boolean,
  { queue, tray, fetcher }: PageTools,
): Promise<void> {
  await queue.drop(matches);
  await tray.drop(matches);
  await fetcher.drop(matches);
}

/** Forgets pages of the store; of a site or of everything also what waits and what is held. */
async function forget(selection: ForgetSelection, tools: PageTools): Promise<ForgetReceipt> {
  const isEverything = selection.by === 'everything';
  if (isEverything || selection.by === 'site') {
    const isMeant = ({ url }: { url: string }) =>
      isEverything || matchesPattern(selection.site, url);
    await dropWaiting(isMeant, tools);
  }
  // Before, so that an export under way does not end in a download; what fails here fails below.
  if (isEverything) await tools.eraseExports().catch(() => undefined);
  const receipt = await tools.askHost('page-engine:forget', selection);
  if (isEverything) {
    // What was to be forgotten soon is gone with the rest, and its address with it.
    await tools.forgetSoon.takeBack();
    await tools.speed.clear();
    await tools.selfTest.clear();
    await tools.rewriteLocal();
    await tools.eraseExports();
  }
  return receipt;
}

/** Pages of the store that a pattern covers are forgotten; what waits and what is held too. */
async function forgetPattern(pattern: string, tools: PageTools): Promise<ForgetReceipt> {
  const matches = ({ url }: { url: string }) => matchesPattern(pattern, url);
  await dropWaiting(matches, tools);
  if (!pattern.includes('/')) {
    return tools.askHost('page-engine:forget', { by: 'site', site: pattern });
  }
  const ids = [];
  for await (const pages of allPages(tools.askHost)) {
    ids.push(...pages.filter(matches).map((page) => page.id));
  }
  return tools.askHost('page-engine:forget', { by: 'ids', ids });
}

/** Pauses or resumes, which the icon of all tabs then shows. */
export async function setPause(
  choice: PauseChoice,
  { settings }: Pick<PageTools, 'settings'>,
): Promise<Pause> {
  const pause = await settings.setPause(choice);
  await showIcon(pause.kind === 'none' ? 'plain' : 'paused', null);
  return pause;
}

/** Makes or removes a rule for an address, and forgets what it covers when asked to. */
export async function excludeSite(
  { url, scope, action, alsoForget }: PageProtocol['page-background:exclude-site']['params'],
  tools: PageTools,
): Promise<PageProtocol['page-background:exclude-site']['result']> {
  const pattern = patternFor(url, scope);
  if (pattern === null) {
    throw new AppError('bad-request', 'Only http and https addresses can have rules');
  }
  const { rules } = await tools.settings.change({
    rules: withRule((await tools.settings.get()).rules, pattern, action),
  });
  return { rules, receipt: alsoForget ? await forgetPattern(pattern, tools) : null };
}

async function decideHeld(
  key: PageKey,
  decision: HeldDecision,
  tools: PageTools,
): Promise<readonly HeldPage[]> {
  const { held, job } = await tools.tray.release(key);
  if (held === null) return tools.tray.list();
  // A file of the disk has no site to make a rule for: it is let go, or stored, by itself.
  const pattern = patternFor(held.url, 'site');
  if (decision !== 'once' && pattern !== null) {
    const { rules } = await tools.settings.get();
    const action = decision === 'always' ? 'index' : 'never';
    await tools.settings.change({ rules: withRule(rules, pattern, action) });
  }
  if (decision === 'never') {
    if (pattern !== null) await tools.tray.drop(({ site }) => site === held.site);
  } else if (job !== null) {
    await tools.queue.add({ ...job, isAllowed: true }, null);
    void tools.queue.drain();
  } else {
    await tools.tray.allowNext(key);
  }
  return tools.tray.list();
}

function listDefaultRules(
  settings: Settings,
): PageProtocol['page-background:default-rules']['result'] {
  const disabled = new Set(settings.disabledDefaultRules);
  return defaultRules.map(({ pattern, action, list }) => ({
    rule: { pattern, action },
    list,
    isEnabled: !disabled.has(pattern),
  }));
}

/** Answers what the extension's own pages ask. */
export function handlePageMessages(server: MessageServer<PageProtocol>, tools: PageTools): void {
  const { settings, askHost } = tools;
  const handle = <M extends keyof PageProtocol & string>(
    type: M,
    run: (
      params: PageProtocol[M]['params'],
      askingTabId: number | null,
    ) => Promise<PageProtocol[M]['result']>,
  ): void =>
    server.handle(type, 'extension', readPageParams(type), (params, sender) =>
      run(params, sender.tabId),
    );

  for (const type of engineMessages) handle(type, (params) => askHost(type, params));
  handle('page-engine:search', (params) =>
    // The rest of a list that is shown already is no search.
    tools.speed.timed(
      'searching',
      () => askHost('page-engine:search', params),
      ({ timings }) => timings.more === undefined,
    ),
  );
  handle('page-engine:forget', (selection) => forget(selection, tools));
  const wakeSync = async (): Promise<void> => {
    const { rules, disabledDefaultRules } = await settings.get();
    // The alarm says the same again, so a failure here has no need to be the asker's.
    await askHost('background-host:wake-sync', { rules, disabledDefaultRules }).catch(() => null);
  };
  for (const type of syncMessages) {
    handle(type, async (params) => {
      const answer = await askHost(type, params, { timeoutMs: syncTimeoutMs });
      if (syncBegins.has(type)) await wakeSync();
      return answer;
    });
  }

  handle('page-background:current-page-state', (params, askingTabId) =>
    currentPage(params?.tabId ?? null, askingTabId, tools),
  );
  handle('page-background:get-pause', () => settings.pause());
  handle('page-background:set-pause', ({ choice }) => setPause(choice, tools));
  handle('page-background:get-settings', () => settings.get());
  handle('page-background:set-settings', async (change) => {
    const changed = await settings.change(change);
    if (change.rules !== undefined || change.disabledDefaultRules !== undefined) await wakeSync();
    return changed;
  });
  handle('page-background:default-rules', async () => listDefaultRules(await settings.get()));
  handle('page-background:open-page', async ({ url, place, found }) => {
    if (found === undefined) await openPage(url, place);
    else await tools.opened.open(found, url, () => openPage(url, place));
    return null;
  });
  handle('page-background:opened-page', async (params, askingTabId) => {
    const tabId = params?.tabId ?? (await activeTab(askingTabId))?.id;
    const state = tabId === undefined ? null : await tools.opened.stateOf(tabId);
    return tabId === undefined || state === null ? null : { tabId, state };
  });
  handle('page-background:opened-text', ({ tabId }) => tools.opened.textOf(tabId));
  handle('page-background:capture-now', async (params, askingTabId) => {
    const page = await currentPage(params?.tabId ?? null, askingTabId, tools);
    if (page.tabId === null || page.key === null) return false;
    const { tabId } = page;
    await request(
      (envelope) => sendTabMessage(tabId, envelope),
      'content',
      'background-content:read-now',
      null,
    );
    return true;
  });
  const shortcuts = async () => ({
    shortcuts: await listShortcuts(),
    canChange: canChangeShortcuts,
  });
  handle('page-background:shortcuts', shortcuts);
  handle('page-background:change-shortcut', async ({ name, keys }) => {
    await changeShortcut(name, keys);
    return shortcuts();
  });
  handle('page-background:open-shortcut-settings', async () => {
    await openShortcutSettings();
    return null;
  });
  handle('page-background:problems', () => tools.problems.list());
  handle('page-background:compact', async () => {
    const { retention } = await settings.get();
    const options = { timeoutMs: stepTimeoutMs };
    for (let isDone = false; !isDone; ) {
      ({ isDone } = await askHost('background-host:maintain', { retention }, options));
    }
    return null;
  });
  handle('page-background:speed', () => tools.speed.report());
  handle('page-background:self-test', () => tools.selfTest.status());
  handle('page-background:self-test-control', ({ action }) => tools.selfTest.control(action));
  handle('page-background:exclude-site', async (params) => {
    const excluded = await excludeSite(params, tools);
    await wakeSync();
    return excluded;
  });
  handle('page-background:fetch-pages', async ({ pages, withCookies }) => {
    await tools.fetcher.add(pages, withCookies);
    void tools.fetcher.run();
    return tools.fetcher.status();
  });
  handle('page-background:fetch-status', () => {
    // Whoever looks also wakes what has rested.
    void tools.fetcher.run();
    return tools.fetcher.status();
  });
  handle('page-background:fetch-control', async ({ action }) => {
    const status = await tools.fetcher.control(action);
    void tools.fetcher.run();
    return status;
  });
  handle('page-background:page-now', ({ url }) =>
    askHost('background-host:page-now', { url }, { timeoutMs: lookTimeoutMs }),
  );
  handle('page-background:held-pages', () => tools.tray.list());
  handle('page-background:decide-held', ({ key, decision }) => decideHeld(key, decision, tools));
}
