import { defaultRules } from './default-rules.ts';
import { parseAddress } from './page-key.ts';
import type { RuleSettings, SiteRule } from './settings.ts';

/** The rule that decides about an address. */
export interface RuleMatch {
  readonly rule: SiteRule;
  readonly isDefaultRule: boolean;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}`, 'i');
}

/** Whether a pattern covers an address; see {@link SiteRule}. */
export function matchesPattern(pattern: string, url: string): boolean {
  const address = parseAddress(url);
  if (address === null) return false;
  const cut = pattern.indexOf('/');
  const host = (cut < 0 ? pattern : pattern.slice(0, cut)).toLowerCase();
  const path = cut < 0 ? '' : pattern.slice(cut);
  const ownHost = address.hostname + (host.includes(':') ? `:${address.port}` : '');
  const isHost = host.includes('*')
    ? new RegExp(`${wildcard(host).source}$`, 'i').test(ownHost)
    : ownHost === host ||
      ownHost.endsWith(`.${host.replace(/^www\./, '')}`) ||
      ownHost === host.replace(/^www\./, '');
  if (!isHost) return false;
  if (path === '' || path === '/') return true;
  const ownPath = address.pathname + address.search;
  const match = wildcard(path).exec(ownPath);
  if (match === null) return false;
  // A prefix ends at a segment: /a covers /a and /a/b, not /ab.
  const next = ownPath[match[0].length];
  return path.endsWith('*') || path.endsWith('/') || next === undefined || /[/?#]/.test(next);
}

function mostSpecific(rules: readonly SiteRule[], url: string): SiteRule | null {
  let best: SiteRule | null = null;
  for (const rule of rules) {
    const isLonger = best === null || rule.pattern.length > best.pattern.length;
    if (isLonger && matchesPattern(rule.pattern, url)) best = rule;
  }
  return best;
}

/** The rule for an address: the person's most specific one, else the default lists'; else null. */
export function findRule(url: string, settings: RuleSettings): RuleMatch | null {
  const own = mostSpecific(settings.rules, url);
  if (own !== null) return { rule: own, isDefaultRule: false };
  const disabled = new Set(settings.disabledDefaultRules);
  const enabled = defaultRules
    .filter(({ pattern }) => !disabled.has(pattern))
    .map(({ pattern, action }): SiteRule => ({ pattern, action }));
  const common = mostSpecific(enabled, url);
  return common === null ? null : { rule: common, isDefaultRule: true };
}

/** The pattern for the site of an address, or for its path; null when it is no web address. */
export function patternFor(url: string, scope: 'site' | 'path'): string | null {
  const address = parseAddress(url);
  if (address === null || !/^https?:$/.test(address.protocol)) return null;
  const host = address.hostname.replace(/^www\./, '') + (address.port ? `:${address.port}` : '');
  if (scope === 'site' || address.pathname === '/') return host;
  return host + address.pathname.replaceAll('*', '%2A');
}
