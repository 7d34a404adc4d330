import { signal } from '@preact/signals';
import { keepsSiteIcons, onSiteIcons } from '../../platform/site-icons.ts';

/**
 * Whether lists show the icons of sites. The browser's permission is the setting itself: where the
 * person takes it away, on whatever page, it is off.
 */
export const showsSiteIcons = signal(false);

/** Follows the permission; until the browser has answered there are no icons. */
export function startSiteIcons(): void {
  if (!keepsSiteIcons) return;
  onSiteIcons((mayShow) => {
    showsSiteIcons.value = mayShow;
  });
}
