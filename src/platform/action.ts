import { browser } from './browser.ts';

/** What the toolbar icon says of a tab's page: an image and words. */
export interface ActionState {
  /** Files of the package by their size in pixels. */
  readonly images: Readonly<Record<number, string>>;
  readonly title: string;
}

/** Shows a state on the toolbar icon of one tab, or of all tabs without their own. */
export async function showOnAction(state: ActionState, tabId: number | null): Promise<void> {
  const { action } = browser as { action?: typeof browser.action };
  if (action === undefined) return;
  const tab = tabId === null ? {} : { tabId };
  try {
    await Promise.all([
      action.setIcon({ path: state.images, ...tab }),
      action.setTitle({ title: state.title, ...tab }),
    ]);
  } catch {
    // The tab was closed meanwhile; its icon went with it.
  }
}
