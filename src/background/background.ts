import { asAppError } from '../core/errors.ts';
import { redactUrl } from '../core/page/redact.ts';
import type { Send } from '../messaging/client.ts';
import type { ContentProtocol } from '../messaging/content-protocol.ts';
import { type AskHost, createHostClient } from '../messaging/host-client.ts';
import type { HostOutcome } from '../messaging/host-protocol.ts';
import type { PageProtocol } from '../messaging/protocol.ts';
import { createServer } from '../messaging/server.ts';
import { onAnswer, onHeadersAllowed } from '../platform/answer-headers.ts';
import { isPrivateContainer } from '../platform/containers.ts';
import {
  everyMinutes,
  onCommand,
  onInstalled,
  onMenuClick,
  setMenus,
  wakeAtBrowserStart,
} from '../platform/events.ts';
import { eraseExports, removeLeftExports } from '../platform/export-files.ts';
import { isInHistory, mayReadHistory, onHistoryRemoved } from '../platform/history.ts';
import { onAddressChange } from '../platform/navigation.ts';
import { onRuntimeMessage } from '../platform/runtime.ts';
import { localStore, rewriteLocalStore, sessionStore } from '../platform/storage.ts';
import { isTabLoading, openPage } from '../platform/tabs.ts';
import { listenToAddressBar } from './address-bar.ts';
import { createAnswers } from './answers.ts';
import { createEntrance, handleContentMessages } from './content-handlers.ts';
import { createFetcher } from './fetcher.ts';
import { createForgetSoon } from './forget-soon.ts';
import { forgetRemoved, reconcileWithHistory } from './housekeeping.ts';
import { type IconState, showIcon } from './icon.ts';
import { type MenuTools, menuEntries, openSimilarToFront, runMenu } from './menus.ts';
import { tellOfNavigation } from './navigation.ts';
import { createOpenedPages } from './opened-pages.ts';
import { excludeSite, handlePageMessages, setPause } from './page-handlers.ts';
import { askTab } from './page-state.ts';
import { handlePdfMessages } from './pdf-handlers.ts';
import { createProblemLog } from './problem-log.ts';
import { createPageQueue } from './queue.ts';
import { createReadHere } from './read-here.ts';
import { createSelfTest } from './self-test.ts';
import { createSettingsStore } from './settings-store.ts';
import { createSpeedLog } from './speed-log.ts';
import { createTransfers } from './transfers.ts';
import { createTray } from './tray.ts';

/** The way to the host, which differs between browsers. */
export interface HostDoor {
  readonly send: Send;
  /** Makes the host exist; idempotent and single-flight. */
  readonly ensure: () => Promise<void>;
}

const iconByOutcome: Readonly<Record<HostOutcome['outcome'], IconState>> = {
  stored: 'stored',
  held: 'held',
  private: 'excluded',
  empty: 'plain',
  'error-page': 'stored',
};

/** Set in the session's store, which a new run of the browser finds empty. */
const startedKey = 'started';
/** After a search the person is taken to be searching for so long. */
const searchingMs = 60_000;
const wakeName = 'wake';
const wakeMinutes = 5;
const readPageTimeoutMs = 120_000;
/** A purge rewrites the whole store. */
const maintainTimeoutMs = 240_000;

/**
 * Starts the background: every listener is registered before this returns, because the browser
 * delivers the event that woke it right after. It keeps nothing that must outlive it.
 */
export function startBackground(host: HostDoor): void {
  const now = () => Date.now();
  const after = (ms: number, run: () => void) => setTimeout(run, ms);
  const settings = createSettingsStore(localStore, sessionStore, now);
  const tray = createTray(localStore, sessionStore, now);
  const problems = createProblemLog(sessionStore, now);
  const speed = createSpeedLog({ store: localStore, now, clock: () => performance.now(), after });
  const transfers = createTransfers();
  const answers = createAnswers(sessionStore);
  const readHere = createReadHere(localStore, now);
  const askUnseen = createHostClient(host.send, host.ensure);
  let searchedAt = Number.NEGATIVE_INFINITY;
  const askHost: AskHost = (type, params, options) => {
    if (type === 'page-engine:search' || type === 'page-engine:find-similar') searchedAt = now();
    const answer = askUnseen(type, params, options);
    // What was forgotten is kept nowhere, also not for comparing.
    if (type === 'page-engine:forget') {
      answer.then(() => opened.dropForgotten().catch(report)).catch(() => {}); // the asker's to tell
    }
    return answer;
  };
  const wait = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));
  const opened = createOpenedPages({
    store: sessionStore,
    askHost: askUnseen,
    isLoading: isTabLoading,
    hasReader: async (tabId) => (await askTab(tabId)) !== null,
    onNotShown: (tabId) => void showIcon('changed', tabId).catch(report),
    wait,
  });
  const selfTest = createSelfTest({
    store: localStore,
    askHost: askUnseen,
    now,
    clock: () => performance.now(),
    isSearching: () => now() - searchedAt < searchingMs,
  });
  const queue = createPageQueue({
    store: sessionStore,
    readPage: (job) =>
      speed.timed(
        'reading',
        () => askHost('background-host:read-page', job, { timeoutMs: readPageTimeoutMs }),
        ({ outcome }) => outcome === 'stored',
      ),
    async onDone(page, job, outcome) {
      if (outcome.outcome === 'held' && (await settings.get()).holdsDoubtful) {
        await tray.hold(job, outcome.reasons);
      }
      // An address that was blanked for storing cannot be looked up in the history.
      if (outcome.outcome === 'stored' && redactUrl(job.url) === job.url) {
        await readHere.note(outcome.receipt.pageId);
      }
      if (page.tabId === null) return;
      const isOther = await opened.read(page.tabId, job, outcome);
      await showIcon(isOther ? 'changed' : iconByOutcome[outcome.outcome], page.tabId);
    },
    async onFailed(page, error) {
      console.warn(`A page could not be kept: ${error.code}: ${error.message}`);
      await problems.note(error.code);
      if (page.tabId !== null) await showIcon('plain', page.tabId);
    },
    wait,
  });

  const fetcher = createFetcher({
    local: localStore,
    settings,
    askHost,
    now,
    wait,
  });

  const report = (thrown: unknown): void => {
    console.warn('Background work failed:', thrown);
    // A log that cannot be written is no reason to fail a second time.
    problems.note(asAppError(thrown).code).catch(() => {});
  };
  const forgetSoon = createForgetSoon({
    store: localStore,
    now,
    after,
    carryOut: (keys) => askHost('page-engine:forget', { by: 'keys', keys }),
    onChange: (canTakeBack) => setMenus(menuEntries(canTakeBack)),
    report,
  });

  const server = createServer<ContentProtocol & PageProtocol>('background');
  const ofPages = { settings, queue, tray, opened, transfers, answers };
  const contentTools = { ...ofPages, now, isPrivateContainer, askHost };
  const entrance = createEntrance(contentTools);
  handleContentMessages(server, entrance, contentTools);
  handlePdfMessages(server, entrance, { queue, askHost });
  const pageTools = {
    settings,
    queue,
    tray,
    fetcher,
    problems,
    speed,
    selfTest,
    opened,
    forgetSoon,
    askHost,
    rewriteLocal: rewriteLocalStore,
    eraseExports,
  };
  handlePageMessages(server, pageTools);
  onRuntimeMessage(server.listener);

  const tools = { settings, queue, tray, fetcher, askHost, now };
  // What cannot be forgotten now is tried again, and holds up nothing else.
  const forgetDue = () => forgetSoon.settle().catch(report);
  const tidy = async (): Promise<void> => {
    await forgetDue();
    await queue.drain();
    await tray.list();
    void fetcher.run();
    const { retention, rules, disabledDefaultRules } = await settings.get();
    await askHost('background-host:wake-sync', { rules, disabledDefaultRules });
    // A step at a time: one that a stopped background leaves out comes with the next wake.
    for (let isDone = false; !isDone; ) {
      const options = { timeoutMs: maintainTimeoutMs };
      ({ isDone } = await askHost('background-host:maintain', { retention }, options));
    }
  };
  const reconcile = async (): Promise<void> => {
    if (await mayReadHistory()) {
      await reconcileWithHistory(isInHistory, await readHere.list(), tools);
    }
  };
  const menuTools: MenuTools = {
    setPause: (choice) => setPause(choice, tools),
    forgetSoon,
    neverOnSite: (url) =>
      excludeSite({ url, scope: 'site', action: 'never', alsoForget: true }, pageTools),
    onForgotten: (tabId) => showIcon('plain', tabId),
  };
  onInstalled(() => {
    setMenus(menuEntries()).catch(report);
  });
  // Also where the event of the start was missed, because the background was not listening yet.
  const start = async (): Promise<void> => {
    if ((await sessionStore.get(startedKey)) === true) {
      void fetcher.run();
      await forgetDue();
      return queue.drain();
    }
    await reconcile();
    await removeLeftExports().catch(report);
    await sessionStore.set(startedKey, true);
    await tidy();
  };
  wakeAtBrowserStart();
  onHistoryRemoved((removed) => void forgetRemoved(removed, tools).catch(report));
  onAnswer((answer) => void answers.note(answer).catch(report));
  onHeadersAllowed((mayRead) => {
    if (!mayRead) answers.clear().catch(report);
  });
  onAddressChange((tabId) => void tellOfNavigation(tabId).catch(report));
  everyMinutes(wakeName, wakeMinutes, () => void tidy().then(selfTest.runAtIdle).catch(report));
  onMenuClick((click) => void runMenu(click, menuTools).catch(report));
  listenToAddressBar(askHost, opened, report);
  onCommand((command) => {
    if (command === 'open-search') void openPage('/search.html', 'new-tab').catch(report);
    if (command === 'find-similar') void openSimilarToFront().catch(report);
    if (command === 'toggle-pause') {
      void settings
        .pause()
        .then((pause) => setPause(pause.kind === 'none' ? '15-minutes' : 'none', tools))
        .catch(report);
    }
  });
  void start().catch(report);
}
