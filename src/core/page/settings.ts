import { AppError } from '../errors.ts';
import type { Timestamp } from '../ids.ts';

/** What a rule lets happen to the pages it matches. */
export const ruleActions = ['index', 'title-only', 'never'] as const;
export type RuleAction = (typeof ruleActions)[number];

/**
 * A rule for a site or a path. `pattern` is a host, with all its subdomains, and an optional path
 * prefix: `bank.example`, `mail.example/inbox`. A `*` stands for any run of characters in either
 * half: `*.bank`, `example.com/user-*`.
 */
export interface SiteRule {
  readonly pattern: string;
  readonly action: RuleAction;
}

/** How long pages are kept. Pinned pages always stay. */
export type Retention =
  | { readonly by: 'forever' }
  | { readonly by: 'age'; readonly days: number }
  | { readonly by: 'size'; readonly megabytes: number }
  | { readonly by: 'pages'; readonly count: number };

/** How long reading stops. `restart`: until the browser starts again. */
export type Pause =
  | { readonly kind: 'none' }
  | { readonly kind: 'until'; readonly at: Timestamp }
  | { readonly kind: 'restart' }
  | { readonly kind: 'for-good' };

/** What a person may choose for {@link Pause}. */
export const pauseChoices = ['none', '15-minutes', 'until-restart', 'for-good'] as const;
export type PauseChoice = (typeof pauseChoices)[number];

/** Everything a person can set. Kept in the browser's local storage. */
export interface Settings {
  /** Time a page must be visible before it is read, in milliseconds. */
  readonly dwellMs: number;
  /** The person's own rules; they come before the default lists. */
  readonly rules: readonly SiteRule[];
  /** Patterns of the default lists that the person has switched off. */
  readonly disabledDefaultRules: readonly string[];
  /** Whether pages that look private are held for a decision; off: they are never read. */
  readonly holdsDoubtful: boolean;
  /** Whether a page leaves the store when its visit leaves the browser's history. */
  readonly forgetsWithHistory: boolean;
  readonly retention: Retention;
}

/** The part of the settings that decides which addresses may be read. */
export type RuleSettings = Pick<Settings, 'rules' | 'disabledDefaultRules'>;

export const defaultSettings: Settings = {
  dwellMs: 2000,
  rules: [],
  disabledDefaultRules: [],
  holdsDoubtful: true,
  forgetsWithHistory: true,
  retention: { by: 'forever' },
};

/** Limits of the numeric settings, for forms and for validation. */
export const settingLimits = {
  dwellMs: { min: 0, max: 600_000 },
  rules: { max: 2000 },
  patternLength: { max: 500 },
  days: { min: 1, max: 36_500 },
  megabytes: { min: 1, max: 1_000_000 },
  pages: { min: 1, max: 10_000_000 },
} as const;

type Check<T> = (value: unknown) => value is T;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIntegerIn(value: unknown, limit: { min: number; max: number }): value is number {
  return (
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= limit.min &&
    value <= limit.max
  );
}

const isBoolean: Check<boolean> = (value) => typeof value === 'boolean';

/** Whether a text has the form of a rule's pattern: a host, perhaps a path, no scheme, no space. */
export function isRulePattern(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= settingLimits.patternLength.max &&
    /^[^\s/:?#@]+(?::\d{1,5})?(?:\/\S*)?$/u.test(value)
  );
}

export function isSiteRule(value: unknown): value is SiteRule {
  return (
    isRecord(value) &&
    isRulePattern(value.pattern) &&
    (ruleActions as readonly unknown[]).includes(value.action)
  );
}

const isRules: Check<readonly SiteRule[]> = (value): value is readonly SiteRule[] =>
  Array.isArray(value) && value.length <= settingLimits.rules.max && value.every(isSiteRule);

const isPatterns: Check<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.length <= settingLimits.rules.max && value.every(isRulePattern);

const isRetention: Check<Retention> = (value): value is Retention => {
  if (!isRecord(value)) return false;
  switch (value.by) {
    case 'forever':
      return true;
    case 'age':
      return isIntegerIn(value.days, settingLimits.days);
    case 'size':
      return isIntegerIn(value.megabytes, settingLimits.megabytes);
    case 'pages':
      return isIntegerIn(value.count, settingLimits.pages);
    default:
      return false;
  }
};

const checks: { readonly [K in keyof Settings]: Check<Settings[K]> } = {
  dwellMs: (value): value is number => isIntegerIn(value, settingLimits.dwellMs),
  rules: isRules,
  disabledDefaultRules: isPatterns,
  holdsDoubtful: isBoolean,
  forgetsWithHistory: isBoolean,
  retention: isRetention,
};

const allowed: { readonly [K in keyof Settings]: string } = {
  dwellMs: `whole milliseconds from ${settingLimits.dwellMs.min} to ${settingLimits.dwellMs.max}`,
  rules: 'a list of {pattern: "host" or "host/path", action: index, title-only or never}',
  disabledDefaultRules: 'a list of patterns',
  holdsDoubtful: 'true or false',
  forgetsWithHistory: 'true or false',
  retention: 'for ever, or an age in days, a size in megabytes, or a number of pages above 0',
};

function isSettingName(name: string): name is keyof Settings {
  return Object.hasOwn(checks, name);
}

/** Settings from stored data: what cannot be read falls back to its default, field by field. */
export function readSettings(stored: unknown): Settings {
  if (!isRecord(stored)) return defaultSettings;
  const kept = Object.entries(stored).filter(
    ([name, value]) => isSettingName(name) && checks[name](value),
  );
  return { ...defaultSettings, ...Object.fromEntries(kept) };
}

/**
 * Settings with a person's change.
 * @throws AppError `bad-request` that names the first field that is unknown or out of range;
 *   nothing is changed then.
 */
export function changeSettings(current: Settings, change: Partial<Settings>): Settings {
  for (const [name, value] of Object.entries(change)) {
    if (!isSettingName(name)) {
      throw new AppError('bad-request', `Unknown setting "${name}"`, { details: { name } });
    }
    if (!checks[name](value)) {
      throw new AppError(
        'bad-request',
        `Setting "${name}" cannot be ${JSON.stringify(value)}; allowed: ${allowed[name]}`,
        { details: { name } },
      );
    }
  }
  return { ...current, ...change };
}
