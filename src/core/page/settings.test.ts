import { describe, expect, it } from 'vitest';
import { defaultRules } from './default-rules.ts';
import { changeSettings, defaultSettings, isRulePattern, readSettings } from './settings.ts';
import { findRule, matchesPattern, patternFor } from './site-rules.ts';

describe('settings', () => {
  it('reads what is right of stored data and falls back for the rest', () => {
    const stored = {
      dwellMs: 500,
      theme: 'pink',
      rules: [{ pattern: 'a b', action: 'never' }],
      x: 1,
    };
    expect(readSettings(stored)).toEqual({ ...defaultSettings, dwellMs: 500 });
    for (const broken of [null, 5, 'x', []]) expect(readSettings(broken)).toEqual(defaultSettings);
  });

  it.each([
    ['dwellMs', -1],
    ['dwellMs', 1.5],
    ['dwellMs', 600_001],
    ['rules', [{ pattern: 'https://a.example', action: 'never' }]],
    ['rules', [{ pattern: 'a.example', action: 'hide' }]],
    ['retention', { by: 'age', days: 0 }],
    ['retention', { by: 'size' }],
    ['holdsDoubtful', 'yes'],
    ['nothing', 1],
  ])('refuses %s = %j and says which', (name, value) => {
    expect(() => changeSettings(defaultSettings, { [name]: value })).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(name) }),
    );
  });

  it('changes what is right', () => {
    expect(changeSettings(defaultSettings, { retention: { by: 'age', days: 30 } })).toEqual({
      ...defaultSettings,
      retention: { by: 'age', days: 30 },
    });
  });
});

describe('rules', () => {
  it.each([
    ['bank.example', 'https://bank.example/a', true],
    ['bank.example', 'https://www.bank.example/a', true],
    ['bank.example', 'https://notbank.example/a', false],
    ['www.bank.example', 'https://bank.example/', true],
    ['a.example/mail', 'https://a.example/mail/3', true],
    ['a.example/mail', 'https://a.example/mail', true],
    ['a.example/mail', 'https://a.example/mailing', false],
    ['a.example/mail*', 'https://a.example/mailing', true],
    ['*.bank', 'https://my.bank/x', true],
    ['*.bank', 'https://my.bank.example/x', false],
    ['mychart.*.org', 'https://mychart.stluke.org/x', true],
    ['a.example/u/*/settings', 'https://a.example/u/7/settings', true],
    ['localhost:3000', 'http://localhost:3000/', true],
    ['localhost:3000', 'http://localhost:4000/', false],
    ['a.example', 'not an address', false],
  ])('%s and %s: %s', (pattern, url, expected) => {
    expect(matchesPattern(pattern, url)).toBe(expected);
  });

  it('takes the person’s rule before the lists, and the longest of one kind', () => {
    const url = 'https://mail.google.com/mail/u/0';
    expect(findRule(url, defaultSettings)).toMatchObject({ isDefaultRule: true });
    const rules = [
      { pattern: 'mail.google.com', action: 'title-only' },
      { pattern: 'mail.google.com/mail', action: 'index' },
    ] as const;
    expect(findRule(url, { ...defaultSettings, rules })).toEqual({
      rule: rules[1],
      isDefaultRule: false,
    });
    const disabledDefaultRules = ['mail.google.com'];
    expect(findRule(url, { ...defaultSettings, disabledDefaultRules })).toBeNull();
  });

  it('makes patterns that cover where they come from', () => {
    expect(patternFor('https://www.a.example/b/c?x=1', 'site')).toBe('a.example');
    expect(patternFor('https://a.example/b/c?x=1', 'path')).toBe('a.example/b/c');
    expect(patternFor('http://localhost:8080/', 'path')).toBe('localhost:8080');
    expect(patternFor('about:blank', 'site')).toBeNull();
  });

  it('has default rules of the right form, each once', () => {
    expect(defaultRules.filter(({ pattern }) => !isRulePattern(pattern))).toEqual([]);
    expect(new Set(defaultRules.map(({ pattern }) => pattern)).size).toBe(defaultRules.length);
  });
});
