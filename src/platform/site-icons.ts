import { browser } from './browser.ts';
import { followPermission } from './permissions.ts';
import { isFirefoxBuild } from './target.ts';

/** Whether extensions may ask this browser for the icons that it keeps of sites. */
export const keepsSiteIcons = !isFirefoxBuild;

const permission = { permissions: ['favicon' as const] };
/** Enough for the tile of a row on a dense screen. */
const iconSize = 32;
/** A page that nobody can have visited: what the browser has for it is its stand-in. */
const unvisited = 'https://unvisited.invalid/';

/** Tells whether the icons may be shown: now, and whenever that changes. */
export function onSiteIcons(run: (mayShow: boolean) => void): void {
  followPermission(permission, run);
}

/** Asks the person; only in answer to a click. True when it is granted, or was before. */
export function requestSiteIcons(): Promise<boolean> {
  return browser.permissions.request(permission);
}

/** Gives the permission back. */
export async function dropSiteIcons(): Promise<void> {
  await browser.permissions.remove(permission);
}

/**
 * Where the browser answers with the icon that it kept when the page was visited. The address is the
 * extension's own and never becomes a request to a site.
 */
export function siteIconUrl(pageUrl: string): string {
  return `/_favicon/?${new URLSearchParams({ pageUrl, size: String(iconSize) })}`;
}

/** Whether the browser has kept the icon of a page. For all others it answers with one stand-in. */
export async function hasSiteIcon(pageUrl: string): Promise<boolean> {
  const [icon, standIn] = await Promise.all([iconBytes(pageUrl), iconBytes(unvisited)]);
  return icon.length !== standIn.length || icon.some((byte, place) => byte !== standIn[place]);
}

async function iconBytes(pageUrl: string): Promise<Uint8Array> {
  const response = await fetch(siteIconUrl(pageUrl));
  return new Uint8Array(await response.arrayBuffer());
}
