import { type ComponentChild, render } from 'preact';
import { startAppearance } from '../i18n/language.ts';
import { startSiteIcons } from './site-icons.ts';

/** Puts a view in place of the static shell of its page. Returns what was typed meanwhile. */
export function takeShell(): { typed: string; mount(view: ComponentChild): void } {
  startAppearance();
  startSiteIcons();
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no #app element');
  return {
    typed: root.querySelector('input')?.value ?? '',
    mount(view) {
      root.textContent = '';
      render(view, root);
    },
  };
}
