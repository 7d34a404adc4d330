import { browser } from './browser.ts';

/** A click on one of our entries in a page's context menu. */
export interface MenuClick {
  readonly entry: string;
  readonly pageUrl: string;
  /** Of the link that was clicked; empty elsewhere. */
  readonly linkUrl: string;
  /** The selected text; empty without one. */
  readonly selection: string;
  readonly tabId: number | null;
}

export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  /** What it is shown on. */
  readonly context: 'page' | 'selection' | 'link' | 'action';
}

export function onInstalled(run: () => void): void {
  browser.runtime.onInstalled.addListener(run);
}

/** Lets the start of the browser wake the background, which looks by itself what there is to do. */
export function wakeAtBrowserStart(): void {
  browser.runtime.onStartup.addListener(() => undefined);
}

/** Replaces our entries in the context menus; the browser keeps them between starts. */
export async function setMenus(entries: readonly MenuEntry[]): Promise<void> {
  await browser.contextMenus.removeAll();
  for (const { id, title, context } of entries) {
    browser.contextMenus.create({ id, title, contexts: [context] });
  }
}

export function onMenuClick(run: (click: MenuClick) => void): void {
  browser.contextMenus.onClicked.addListener((info, tab) =>
    run({
      entry: String(info.menuItemId),
      pageUrl: info.pageUrl ?? '',
      linkUrl: info.linkUrl ?? '',
      selection: info.selectionText ?? '',
      tabId: tab?.id ?? null,
    }),
  );
}

export function onCommand(run: (command: string) => void): void {
  browser.commands?.onCommand.addListener(run);
}

/** Wakes the background at intervals, also when it has died meanwhile. */
export function everyMinutes(name: string, minutes: number, run: () => void): void {
  browser.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name === name) run();
  });
  // Made once: making it anew at each wake would put it off for ever.
  void browser.alarms.get(name).then((alarm) => {
    if (alarm === undefined) return browser.alarms.create(name, { periodInMinutes: minutes });
  });
}

/** A text in the browser's language, from the package's `_locales`; the fallback without one. */
export function localized(name: string, fallback: string): string {
  const { i18n } = browser as unknown as { i18n: { getMessage(name: string): string } };
  return i18n.getMessage(name) || fallback;
}
