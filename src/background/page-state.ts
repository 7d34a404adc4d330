import { pageKey } from '../core/page/page-key.ts';
import { findRule } from '../core/page/site-rules.ts';
import {
  type NotReadableReason,
  type PageState,
  pdfRefusals,
  type TabPage,
} from '../core/page/state.ts';
import { request } from '../messaging/client.ts';
import type { TabProtocol } from '../messaging/content-protocol.ts';
import type { AskHost } from '../messaging/host-client.ts';
import { sendTabMessage } from '../platform/runtime.ts';
import { activeTab, type TabInfo, tabById } from '../platform/tabs.ts';
import type { SettingsStore } from './settings-store.ts';
import type { Tray } from './tray.ts';

export type Told = TabProtocol['background-content:tell']['result'];

const pdfReasons = pdfRefusals.map((why) => `pdf-${why}` as const);
const tellTimeoutMs = 1500;

/** What the content script of a tab says of its page; null when there is none. */
export async function askTab(tabId: number): Promise<Told | null> {
  try {
    const send = (envelope: unknown) => sendTabMessage(tabId, envelope);
    return (await request(send, 'content', 'background-content:tell', null, {
      timeoutMs: tellTimeoutMs,
    })) as Told;
  } catch {
    // A page of the browser, one opened before the installation, or one that is busy.
    return null;
  }
}

export interface PageStateTools {
  readonly settings: SettingsStore;
  readonly tray: Tray;
  readonly askHost: AskHost;
}

const notReadable = (
  reason: NotReadableReason,
  privateReasons: Extract<PageState, { state: 'not-readable' }>['privateReasons'] = [],
): PageState => ({ state: 'not-readable', reason, privateReasons });

async function stateOf(told: Told, tools: PageStateTools): Promise<PageState> {
  const key = pageKey(told.url, told.canonical);
  if (key === null) return notReadable('browser-page');
  const page = await tools.askHost('page-engine:page-by-key', { key });
  if (page !== null) return { state: 'stored', page };
  const held = await tools.tray.find(key);
  if (held !== null) return { state: 'held', held };
  const pause = await tools.settings.pause();
  if (pause.kind !== 'none') return { state: 'paused', pause };
  const match = findRule(told.url, await tools.settings.get());
  if (match !== null && match.rule.action === 'never') {
    return { state: 'excluded', rule: match.rule, isDefaultRule: match.isDefaultRule };
  }
  switch (told.stage) {
    case 'refused':
      return notReadable(told.why === 'incognito' ? 'incognito' : 'private', told.reasons);
    case 'empty':
      return notReadable('empty');
    case 'failed':
      return notReadable(pdfReasons.find((reason) => reason === told.why) ?? 'failed');
    default:
      return { state: 'reading', ...(told.progress === null ? {} : { progress: told.progress }) };
  }
}

/**
 * The page of a tab and what became of it.
 * @param askingTabId the tab of the page that asks, which is not meant itself
 */
export async function currentPage(
  tabId: number | null,
  askingTabId: number | null,
  tools: PageStateTools,
): Promise<TabPage> {
  const tab: TabInfo | null = tabId === null ? await activeTab(askingTabId) : await tabById(tabId);
  const nothing = { tabId: tab?.id ?? null, url: '', title: '', key: null };
  if (tab === null) return { ...nothing, state: notReadable('no-tab') };
  if (tab.isIncognito) return { ...nothing, state: notReadable('incognito', ['incognito']) };
  if (tab.isDiscarded) return { ...nothing, state: notReadable('asleep') };
  const told = await askTab(tab.id);
  if (told === null) return { ...nothing, state: notReadable('needs-reload') };
  return {
    tabId: tab.id,
    url: told.url,
    title: told.title,
    key: pageKey(told.url, told.canonical),
    state: await stateOf(told, tools),
  };
}
