import { useEffect, useState } from 'preact/hooks';
import { hasSiteIcon, siteIconUrl } from '../../platform/site-icons.ts';
import { showsSiteIcons } from '../parts/site-icons.ts';

/** Pages whose icon was shown: a row that comes back has it from its first frame. */
const shown = new Set<string>();

/**
 * A quiet tile with the first letter of the site, or, where the person asked for it, with the icon
 * that the browser has kept. It repeats what the row says, so assistive technology does not meet it.
 */
export function SiteIcon({ site, pageUrl }: { readonly site: string; readonly pageUrl: string }) {
  const letter = firstLetter(site);
  return (
    <span class="site-icon" aria-hidden="true">
      {showsSiteIcons.value ? <KeptIcon key={pageUrl} pageUrl={pageUrl} letter={letter} /> : letter}
    </span>
  );
}

/** The letter until the icon is there, and where there is none. */
function KeptIcon({ pageUrl, letter }: { readonly pageUrl: string; readonly letter: string }) {
  const [state, setState] = useState<'letter' | 'loading' | 'icon'>(
    shown.has(pageUrl) ? 'icon' : 'letter',
  );
  useEffect(() => {
    let isThere = true;
    const hear = (has: boolean) => {
      if (!has) shown.delete(pageUrl); // it left with the browser's history
      if (!isThere) return;
      setState((now) => (!has ? 'letter' : now === 'icon' ? 'icon' : 'loading'));
    };
    // It cannot be asked for when the permission went meanwhile.
    hasSiteIcon(pageUrl).then(hear, () => hear(false));
    return () => {
      isThere = false;
    };
  }, [pageUrl]);
  return (
    <>
      {state !== 'icon' && letter}
      {state !== 'letter' && (
        <img
          src={siteIconUrl(pageUrl)}
          alt=""
          width="16"
          height="16"
          hidden={state === 'loading'}
          onLoad={() => {
            shown.add(pageUrl);
            setState('icon');
          }}
          onError={() => {
            shown.delete(pageUrl);
            setState('letter');
          }}
        />
      )}
    </>
  );
}

/** The first letter or digit of a site's name, upper case; a dot when it has none. */
export function firstLetter(site: string): string {
  const match = /[\p{L}\p{N}]/u.exec(site);
  return match ? match[0].toLocaleUpperCase('en') : '·';
}
