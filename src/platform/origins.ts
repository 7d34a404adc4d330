import { browser } from './browser.ts';

/** The permission for one host, which the browser grants by host and scheme, not by port. */
function permissionFor(url: string) {
  const { protocol, hostname } = new URL(url);
  return { origins: [`${protocol}//${hostname}/*`] };
}

/** Asks the person for a host. Only in answer to a click; true when it is granted. */
export function requestOrigin(url: string): Promise<boolean> {
  return browser.permissions.request(permissionFor(url));
}

/** Gives a host back. */
export async function dropOrigin(url: string): Promise<void> {
  await browser.permissions.remove(permissionFor(url));
}
