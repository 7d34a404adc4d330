import { browser } from './browser.ts';

/** What the toolbar icon says of a tab's page: a sign with a shape of its own, and words. */
export interface ActionState {
  readonly badge: string;
  readonly title: string;
  /** Background of the badge as `#rrggbb`. */
  readonly colour: string;
}

/** Shows a state on the toolbar icon of one tab, or of all tabs without their own. */
export async function showOnAction(state: ActionState, tabId: number | null): Promise<void> {
  const { action } = browser as { action?: typeof browser.action };
  if (action === undefined) return;
  const tab = tabId === null ? {} : { tabId };
  try {
    await Promise.all([
      action.setBadgeText({ text: state.badge, ...tab }),
      action.setBadgeBackgroundColor({ color: state.colour, ...tab }),
      action.setTitle({ title: state.title, ...tab }),
    ]);
  } catch {
    // The tab was closed meanwhile; its icon went with it.
  }
}
