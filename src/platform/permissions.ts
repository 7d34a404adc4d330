import { type Browser, browser } from './browser.ts';

/**
 * Tells whether a permission is granted: now, and whenever that may have changed. Returns what ends
 * it.
 */
export function followPermission(
  permission: Browser.permissions.Permissions,
  run: (isGranted: boolean) => void,
): () => void {
  const { onAdded, onRemoved } = browser.permissions;
  const tell = () => void browser.permissions.contains(permission).then(run);
  tell();
  onAdded.addListener(tell);
  onRemoved.addListener(tell);
  return () => {
    onAdded.removeListener(tell);
    onRemoved.removeListener(tell);
  };
}
