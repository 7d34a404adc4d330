import { showOnAction } from '../platform/action.ts';
import { localized } from '../platform/events.ts';

/** What the toolbar icon tells at a glance. */
export type IconState = 'plain' | 'stored' | 'held' | 'excluded' | 'paused' | 'changed';

/** The words of each state, and where `_locales` has them. `bin/icons.ts` draws the images. */
const words: Readonly<Record<IconState, { readonly title: string; readonly message: string }>> = {
  plain: { title: 'Dejalu', message: 'iconPlain' },
  stored: { title: 'Dejalu: this page is kept', message: 'iconStored' },
  held: {
    title: 'Dejalu: this page looks private and is held back until you decide',
    message: 'iconHeld',
  },
  excluded: {
    title: 'Dejalu: this page is not read, as a rule or its nature asks',
    message: 'iconExcluded',
  },
  paused: { title: 'Dejalu: reading is paused', message: 'iconPaused' },
  changed: {
    title: 'Dejalu: what you opened is not on this page; click to see what you read',
    message: 'iconChanged',
  },
};

/** The images of a state, by size in pixels. */
export function iconImages(state: IconState): Readonly<Record<number, string>> {
  const name = state === 'plain' ? '/icon' : `/icon-${state}`;
  return { 16: `${name}-16.png`, 32: `${name}-32.png` };
}

/** Shows a state on the icon of a tab; `null` for the icon of all tabs. */
export async function showIcon(state: IconState, tabId: number | null): Promise<void> {
  const { message, title } = words[state];
  await showOnAction({ images: iconImages(state), title: localized(message, title) }, tabId);
}
