import { pageKey } from '../core/page/page-key.ts';
import { type PauseChoice, pauseChoices } from '../core/page/settings.ts';
import { localized, type MenuClick, type MenuEntry } from '../platform/events.ts';
import { activeTab, openPage } from '../platform/tabs.ts';
import type { ForgetSoon } from './forget-soon.ts';
import { askTab } from './page-state.ts';

/** Longer selections are cut: the rest adds little to what they are about. */
const maxSelection = 4_000;

const pauseWords: Readonly<Record<PauseChoice, readonly [name: string, fallback: string]>> = {
  none: ['resume', 'Resume'],
  '15-minutes': ['pauseShort', 'Pause for 15 minutes'],
  'until-restart': ['pauseRestart', 'Pause until restart'],
  'for-good': ['pauseForGood', 'Pause until I resume'],
};
const pauseEntry = (choice: PauseChoice): string => `pause:${choice}`;

/** Our entries in the context menus. */
export function menuEntries(canTakeBack = false): readonly MenuEntry[] {
  return [
    {
      id: 'find-similar',
      title: localized('findSimilarPages', 'Find similar pages'),
      context: 'page',
    },
    {
      id: 'similar-text',
      title: localized('similarText', 'Find pages like this text'),
      context: 'selection',
    },
    { id: 'have-read', title: localized('haveRead', 'Have I read this?'), context: 'link' },
    canTakeBack
      ? { id: 'take-back', title: localized('takeBack', 'Undo: forget page'), context: 'page' }
      : { id: 'forget-page', title: localized('forgetPage', 'Forget this page'), context: 'page' },
    { id: 'never-here', title: localized('neverHere', 'Never on this site'), context: 'page' },
    // On the toolbar's icon.
    ...pauseChoices.map((choice) => ({
      id: pauseEntry(choice),
      title: localized(...pauseWords[choice]),
      context: 'action' as const,
    })),
  ];
}

export interface MenuTools {
  /** Makes a rule that the site of an address is never read, and forgets what is stored of it. */
  neverOnSite(url: string): Promise<unknown>;
  setPause(choice: PauseChoice): Promise<unknown>;
  readonly forgetSoon: Pick<ForgetSoon, 'forget' | 'takeBack'>;
  /** The page of a tab is stored no longer. */
  onForgotten(tabId: number | null): Promise<void>;
}

/** Does what an entry says. Addresses of no web page do nothing. */
export async function runMenu(click: MenuClick, tools: MenuTools): Promise<void> {
  const { entry, pageUrl, linkUrl, selection, tabId } = click;
  const pause = pauseChoices.find((choice) => pauseEntry(choice) === entry);
  if (pause !== undefined) {
    await tools.setPause(pause);
    return;
  }
  switch (entry) {
    case 'find-similar':
      return openSimilar(pageUrl, tabId);
    case 'similar-text': {
      const text = encodeURIComponent(selection.slice(0, maxSelection).toWellFormed());
      await openPage(`/search.html?text=${text}`, 'new-tab');
      return;
    }
    case 'have-read':
      await openPage(`/search.html?q=${encodeURIComponent(linkUrl)}`, 'new-tab');
      return;
    case 'forget-page': {
      const key = await keyOf(pageUrl, tabId);
      if (key === null) return;
      await tools.forgetSoon.forget(key);
      return tools.onForgotten(tabId);
    }
    case 'take-back':
      return tools.forgetSoon.takeBack();
    case 'never-here':
      await tools.neverOnSite(pageUrl);
      return tools.onForgotten(tabId);
  }
}

/** Opens the pages like the one in front. */
export async function openSimilarToFront(): Promise<void> {
  const tab = await activeTab(null);
  if (tab !== null) await openSimilar('', tab.id);
}

async function openSimilar(pageUrl: string, tabId: number | null): Promise<void> {
  const key = await keyOf(pageUrl, tabId);
  if (key !== null) {
    await openPage(`/search.html?similar=${encodeURIComponent(key)}`, 'new-tab');
  }
}

/** The key of a tab's page, which its own canonical link decides. */
async function keyOf(pageUrl: string, tabId: number | null) {
  const told = tabId === null ? null : await askTab(tabId);
  return pageKey(told?.url ?? pageUrl, told?.canonical);
}
