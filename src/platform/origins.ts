import { browser } from './browser.ts';

/*
 * What is granted here cannot be given back: Chrome refuses it for every site that a content script of
 * the manifest covers, and in Firefox access to sites is one with what was granted at installation.
 */

/** The permission for one host, which the browser grants by host and scheme, not by port. */
function permissionFor(url: string) {
  const { protocol, hostname } = new URL(url);
  return { origins: [`${protocol}//${hostname}/*`] };
}

/** Asks the person for a host. Only in answer to a click; true when it is granted. */
export function requestOrigin(url: string): Promise<boolean> {
  return browser.permissions.request(permissionFor(url));
}

/** The pattern that stands for all pages of the web. */
const allSites = ['http://*/*', 'https://*/*'] as const;
/** More sites than this are asked for at once, as all. */
const mostNamed = 20;

/** The match patterns of the sites of some addresses. */
export function patternsOf(urls: Iterable<string>): readonly string[] {
  const patterns = new Set<string>();
  for (const url of urls) for (const pattern of permissionFor(url).origins) patterns.add(pattern);
  return patterns.size > mostNamed ? allSites : [...patterns].sort();
}

/** Asks the person for sites. Only in answer to a click; true when they are granted. */
export function requestPatterns(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.request({ origins: [...patterns] });
}
