/** Hits that one site may have before those of other sites come first. */
export const maxOfOneSite = 3;

/** A list in its order, but for what a site has beyond {@link maxOfOneSite}, which comes last. */
export function spreadSites<T>(list: readonly T[], siteOf: (entry: T) => string): T[] {
  const first: T[] = [];
  const later: T[] = [];
  const ofSite = new Map<string, number>();
  for (const entry of list) {
    const site = siteOf(entry);
    const count = (ofSite.get(site) ?? 0) + 1;
    ofSite.set(site, count);
    (count > maxOfOneSite ? later : first).push(entry);
  }
  return [...first, ...later];
}
