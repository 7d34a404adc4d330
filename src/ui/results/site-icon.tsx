/**
 * A quiet tile with the first letter of the site: no request, no cache, the same in every browser.
 * It repeats what the row says, so assistive technology does not meet it.
 */
export function SiteIcon({ site }: { readonly site: string }) {
  return (
    <span class="site-icon" aria-hidden="true">
      {firstLetter(site)}
    </span>
  );
}

/** The first letter or digit of a site's name, upper case; a dot when it has none. */
export function firstLetter(site: string): string {
  const match = /[\p{L}\p{N}]/u.exec(site);
  return match ? match[0].toLocaleUpperCase('en') : '·';
}
