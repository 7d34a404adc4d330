/** Elements whose content is no text of the page, or a person's own input. */
export const droppedElements: ReadonlySet<string> = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'canvas',
  'video',
  'audio',
  'object',
  'embed',
  'source',
  'track',
  'map',
  'link',
  'meta',
  'option',
  'datalist',
  'progress',
  'meter',
  'annotation',
  'annotation-xml',
  'rp',
  'rt',
]);

export const voidElements: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'wbr', 'col']);

/** Inline unless a style sheet says otherwise. */
export const inlineByDefault: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp ' +
    'small span strong sub sup time tt u var button'
  ).split(' '),
);

/** Blocks unless a style sheet says otherwise. */
export const blockByDefault: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 header hgroup li main nav ol p pre search section summary ul'
  ).split(' '),
);

/** The usual names for text that only screen readers should meet. */
export const offScreenClass =
  /(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-only|-text)?|u-hiddenVisually|a-offscreen|cdk-visually-hidden)(?:\s|$)/i;

/** Further out than this, in CSS pixels, nobody scrolls. */
const farAwayPx = -999;

/**
 * Whether a style keeps an element out of everybody's sight without `display` or `visibility`:
 * transparent, pushed off the page, or clipped to a pixel.
 */
export function isOutOfSight(style: CSSStyleDeclaration): boolean {
  if (style.opacity === '0') return true;
  if (Number.parseFloat(style.textIndent) < farAwayPx) return true;
  if (style.position !== 'absolute' && style.position !== 'fixed') return false;
  if (Number.parseFloat(style.left) < farAwayPx || Number.parseFloat(style.top) < farAwayPx) {
    return true;
  }
  const isClipped = style.overflowX === 'hidden' || style.clipPath !== 'none';
  return isClipped && (style.width === '1px' || style.height === '1px');
}

export function escapeText(text: string): string {
  return /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
}

export function escapeAttribute(value: string): string {
  return /[&"<]/.test(value)
    ? value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
    : value;
}

const maxAttributeLength = 200;
/** Names the extraction weighs, and languages. Addresses, values and handlers stay on the page. */
const keptNames = ['class', 'id', 'role', 'itemprop', 'itemtype', 'lang', 'colspan'] as const;

/** The attributes the copy of an element keeps, with a leading space. */
export function keptAttributes(element: Element): string {
  let kept = '';
  for (const name of keptNames) {
    const value = element.getAttribute(name);
    if (value !== null && value !== '') {
      kept += ` ${name}="${escapeAttribute(value.slice(0, maxAttributeLength))}"`;
    }
  }
  if (element.localName === 'a' && element.hasAttribute('href')) {
    // Only whether it leads away counts: a link inside the page is weighed less.
    kept += element.getAttribute('href')?.startsWith('#') ? ' href="#"' : ' href="/"';
  }
  return kept;
}
