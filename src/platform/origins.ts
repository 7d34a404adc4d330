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

/** Those of some patterns that are not granted yet. */
export async function missingPatterns(patterns: readonly string[]): Promise<readonly string[]> {
  const granted = await Promise.all(
    patterns.map((pattern) => browser.permissions.contains({ origins: [pattern] })),
  );
  return patterns.filter((_, index) => !granted[index]);
}

/** Asks the person for sites. Only in answer to a click; true when they are granted. */
export function requestPatterns(patterns: readonly string[]): Promise<boolean> {
  return browser.permissions.request({ origins: [...patterns] });
}

/** Gives sites back. */
export async function dropPatterns(patterns: readonly string[]): Promise<void> {
  if (patterns.length > 0) await browser.permissions.remove({ origins: [...patterns] });
}
