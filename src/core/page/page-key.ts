import type { PageKey } from '../ids.ts';
import { isSecretParameter, redactPath } from './redact.ts';
import {
  type SiteAddressRule,
  siteAddressRules,
  trackingParameters,
} from './tracking-parameters.ts';

/** The parts of an address that the core reads; every context has this class as `URL`. */
interface Address {
  protocol: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
  readonly href: string;
}

const AddressParser = (
  globalThis as unknown as { URL: new (address: string, base?: string) => Address }
).URL;

/** Parses an address; null when it is not one. */
export function parseAddress(url: string, base?: string): Address | null {
  try {
    return new AddressParser(url, base);
  } catch {
    // The only error the constructor has is "not an address", which null says.
    return null;
  }
}

/** Whether an address is one of the web: the only ones that are read. */
export function isWebAddress(url: string): boolean {
  const address = parseAddress(url);
  return address !== null && (address.protocol === 'https:' || address.protocol === 'http:');
}

/** An address as it is asked of a server: what stands behind the first `#` stays in the browser. */
export function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

/** Whether an address is one of a file on this machine. */
export function isFileAddress(url: string): boolean {
  return parseAddress(url)?.protocol === 'file:';
}

/**
 * Host name without `www.` and with its port, as lists show it; `file` for files of this machine,
 * empty for what is no address.
 */
export function siteOf(url: string): string {
  const address = parseAddress(url);
  if (address === null) return '';
  if (address.protocol === 'file:') return 'file';
  return bareHost(address.hostname) + (address.port === '' ? '' : `:${address.port}`);
}

const exactTracking = new Set(trackingParameters.filter((name) => !name.endsWith('*')));
const trackingPrefixes = trackingParameters
  .filter((name) => name.endsWith('*'))
  .map((name) => name.slice(0, -1));

/** Second-level labels under which countries register names (`example.co.uk`). */
const sharedSuffixLabels = new Set([
  'co',
  'com',
  'org',
  'net',
  'ac',
  'go',
  'gov',
  'or',
  'ne',
  'edu',
  're',
  'pe',
]);

function bareHost(hostname: string): string {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return host.replace(/^www\d?\.(?=[^.]+\.)/, '');
}

/**
 * The registrable part of a host, near enough to compare a page with the address it names as its
 * own: the last two labels, or three under `co.uk` and its like.
 */
export function registrableHost(hostname: string): string {
  const labels = bareHost(hostname).split('.');
  if (labels.length <= 2 || /^\d+$/.test(labels.at(-1) ?? '')) return labels.join('.');
  const isShared =
    (labels.at(-1) ?? '').length === 2 && sharedSuffixLabels.has(labels.at(-2) ?? '');
  return labels.slice(isShared ? -3 : -2).join('.');
}

function matchesSite(host: string, site: string): boolean {
  if (site.endsWith('.*')) {
    const name = site.slice(0, -2);
    const suffix = host.startsWith(`${name}.`)
      ? host.slice(name.length + 1)
      : (host.split(`.${name}.`)[1] ?? '');
    return /^[a-z]{2,3}(?:\.[a-z]{2})?$/.test(suffix);
  }
  return host === site || host.endsWith(`.${site}`);
}

/** One spelling of percent-encoded text; malformed escapes stay as they are. */
function respell(text: string, isQuery: boolean): string {
  try {
    const decoded = decodeURIComponent(isQuery ? text.replaceAll('+', ' ') : text);
    const encoded = encodeURIComponent(decoded);
    return isQuery
      ? encoded.replaceAll('%20', '+')
      : encoded.replace(/%(?:40|3A|24|2C|3B|2B|3D|26|21)/g, (code) => decodeURIComponent(code));
  } catch {
    // Not UTF-8 under the escapes (old encodings): the spelling it came with is all there is.
    return text;
  }
}

function isNamed(name: string, names: readonly string[]): boolean {
  return names.some((each) =>
    each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each.toLowerCase() === name,
  );
}

function isTracking(name: string): boolean {
  return exactTracking.has(name) || trackingPrefixes.some((prefix) => name.startsWith(prefix));
}

function keptQuery(query: string, rules: readonly SiteAddressRule[]): string {
  const keepOnly = rules.find((rule) => rule.keepOnly !== undefined)?.keepOnly;
  const drop = rules.flatMap((rule) => rule.drop ?? []);
  const kept: string[] = [];
  for (const part of query.replace(/^\?/, '').split('&')) {
    if (part === '') continue;
    const cut = part.indexOf('=');
    const name = respell(cut < 0 ? part : part.slice(0, cut), true);
    const lowered = name.toLowerCase();
    if (keepOnly ? !isNamed(lowered, keepOnly) : isTracking(lowered) || isNamed(lowered, drop)) {
      continue;
    }
    const raw = cut < 0 ? '' : part.slice(cut + 1);
    // The key is stored too: of a secret it keeps the name alone, as the address for keeping does.
    const value = isSecretParameter(name, raw) ? '' : respell(raw, true);
    kept.push(value === '' ? name : `${name}=${value}`);
  }
  return kept.length === 0 ? '' : `?${kept.sort().join('&')}`;
}

function keptPath(pathname: string, rules: readonly SiteAddressRule[]): string {
  for (const rule of rules) {
    const match = rule.pagePath?.exec(pathname);
    if (match) return match.slice(1).join('');
  }
  const path = pathname
    .split('/')
    .map((segment) => respell(segment.replace(/;(?:jsessionid|phpsessid|sid)=[^;]*/i, ''), false))
    .join('/')
    .replace(/\/{2,}/g, '/')
    .replace(/\/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|cgi)$/i, '/');
  return path.length > 1 ? path.replace(/\/$/, '') : '/';
}

function keptFragment(hash: string, rules: readonly SiteAddressRule[]): string {
  const fragment = hash.replace(/:~:.*$/, '');
  if (fragment.length <= 1) return '';
  const isRoute =
    /^#!?\/./.test(fragment) ||
    /^#!./.test(fragment) ||
    rules.some((rule) => rule.fragment?.test(fragment));
  if (!isRoute) return '';
  const cut = fragment.indexOf('?');
  if (cut < 0) return fragment.replace(/\/$/, '');
  return fragment.slice(0, cut).replace(/\/$/, '') + keptQuery(fragment.slice(cut), []);
}

/** Addresses that only wrap another page's: AMP caches and viewers. */
function unwrapped(address: Address): Address {
  const host = bareHost(address.hostname);
  const viewer = /^\/amp\/(s\/)?([^/]+\/?.*)$/.exec(address.pathname);
  if (viewer && matchesSite(host, 'google.*')) {
    return parseAddress(`https://${viewer[2]}${address.search}`) ?? address;
  }
  const cache = /^\/[cvi]\/(s\/)?([^/]+\/?.*)$/.exec(address.pathname);
  if (cache && host.endsWith('.cdn.ampproject.org')) {
    return parseAddress(`https://${cache[2]}${address.search}`) ?? address;
  }
  return address;
}

function keyOf(address: Address): PageKey | null {
  if (
    address.protocol !== 'https:' &&
    address.protocol !== 'http:' &&
    address.protocol !== 'file:'
  ) {
    return null;
  }
  const real = unwrapped(address);
  const host = bareHost(real.hostname);
  const rules = siteAddressRules.filter(
    (rule) =>
      matchesSite(host, rule.site) &&
      (rule.path?.test(real.pathname) ?? true) &&
      (rule.pagePath?.test(real.pathname) ?? true),
  );
  // A page is the same over http and https; the key says https, the address for opening is kept apart.
  const isFile = real.protocol === 'file:';
  const port = real.port === '' || (real.port === '80' && !isFile) ? '' : `:${real.port}`;
  const path = isFile ? real.pathname : keptPath(redactPath(real.pathname), rules);
  const query = isFile ? '' : keptQuery(real.search, rules);
  const origin = isFile ? 'file://' : `https://${host}${port}`;
  return (origin + path + query + keptFragment(real.hash, rules)) as PageKey;
}

/** Query names that choose a page nearly everywhere; a canonical link may not take them away. */
const choosing = new Set([
  'v',
  'id',
  'q',
  'p',
  'page',
  's',
  'query',
  'search',
  'item',
  'article',
  'story',
  'start',
  'offset',
  'tab',
  'list',
  'date',
  'lang',
  'hl',
]);

function losesChoice(own: Address, named: Address): boolean {
  const names = (search: string) =>
    search
      .replace(/^\?/, '')
      .split('&')
      .map((part) => part.split('=')[0]?.toLowerCase() ?? '');
  const kept = new Set(names(named.search));
  // A page that names a longer path has moved the choice from the query into the path.
  if (named.pathname.length > own.pathname.length + 3) return false;
  return names(own.search).some((name) => choosing.has(name) && !kept.has(name));
}

/**
 * Whether a page's own word about its address is believed: the same site, and not the common
 * mistakes: every page naming the front page, every result page naming the first, or a language's
 * front page.
 */
function isBelievable(own: Address, named: Address): boolean {
  if (named.protocol !== 'https:' && named.protocol !== 'http:') return false;
  if (registrableHost(own.hostname) !== registrableHost(named.hostname)) return false;
  if (named.pathname.length <= 1 && own.pathname.length > 1) return false;
  if (own.hash.startsWith('#/') || own.hash.startsWith('#!')) return false;
  return !losesChoice(own, named);
}

/**
 * The key of the page at an address; null for what is neither http(s) nor a file.
 *
 * @param canonical the page's own `<link rel=canonical>`, resolved or not; folds AMP, print and
 *   mobile variants when it is believable, and is ignored otherwise
 */
export function pageKey(url: string, canonical?: string): PageKey | null {
  const parsed = parseAddress(url);
  if (parsed === null) return null;
  const address = unwrapped(parsed);
  if (canonical !== undefined && canonical !== '' && address.protocol !== 'file:') {
    const named = parseAddress(canonical, address.href);
    if (named !== null && isBelievable(address, named)) return keyOf(named);
  }
  return keyOf(address);
}
