import { type ActionState, showOnAction } from '../platform/action.ts';
import { localized } from '../platform/events.ts';

/** What the toolbar icon tells at a glance. */
export type IconState = 'plain' | 'stored' | 'held' | 'excluded' | 'paused';

const states: Readonly<Record<IconState, ActionState & { readonly message: string }>> = {
  plain: { badge: '', colour: '#00565b', title: 'Dejalu', message: 'iconPlain' },
  stored: {
    badge: '✓',
    colour: '#00565b',
    title: 'Dejalu: this page is kept',
    message: 'iconStored',
  },
  held: {
    badge: '?',
    colour: '#8a5a00',
    title: 'Dejalu: this page looks private and is held back until you decide',
    message: 'iconHeld',
  },
  excluded: {
    badge: '–',
    colour: '#5a5f66',
    title: 'Dejalu: this page is not read, as a rule or its nature asks',
    message: 'iconExcluded',
  },
  paused: {
    badge: 'II',
    colour: '#5a5f66',
    title: 'Dejalu: reading is paused',
    message: 'iconPaused',
  },
};

/** Shows a state on the icon of a tab; `null` for the icon of all tabs. */
export async function showIcon(state: IconState, tabId: number | null): Promise<void> {
  const { message, title, ...rest } = states[state];
  await showOnAction({ ...rest, title: localized(message, title) }, tabId);
}
