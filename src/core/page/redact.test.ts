import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageKey } from './page-key.ts';
import { redacted, redactText, redactUrl } from './redact.ts';

// Put together here so that no tool takes the test's own text for a leaked key.
const made = (prefix: string, length: number) => prefix + 'Ab1'.repeat(length).slice(0, length);

describe('redactText', () => {
  it.each([
    `${made('AKIA', 0)}ABCDEFGH12345678`,
    made('ghp_', 36),
    made('glpat-', 20),
    made('xoxb-', 24),
    made('sk-proj-', 32),
    made('sk_live_', 24),
    made('AIza', 35),
    made('npm_', 36),
    made('hf_', 32),
    `${made('eyJ', 12)}.${made('eyJ', 12)}.${made('', 20)}`,
    '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '378282246310005',
  ])('blanks %s', (secret) => {
    expect(redactText(`before ${secret} after`)).toBe(`before ${redacted} after`);
  });

  it.each([
    'call 02-1234-5678 or +1 415 555 2671',
    'ISBN 978-3-16-148410-0 and order 4111111111111112',
    'pi is 3.14159265358979323846',
    'commit 693fe67bd8b48c7644cfa9acfe34500542232246',
    'the task sk-learn and the tag gh_pages',
  ])('leaves %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('is done after once', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(redactText(redactText(text))).toBe(redactText(text));
      }),
    );
  });
});

describe('secrets by their names', () => {
  const value = made('x', 32);
  it.each([
    [`api_key = "${value}" in the file`, `api_key = "${redacted}" in the file`],
    [`password: ${value}`, `password: ${redacted}`],
    [`Authorization: Bearer ${value}`, `Authorization: Bearer ${redacted}`],
    [`"client_secret":"${value}"`, `"client_secret":"${redacted}"`],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it.each([
    'token: string',
    'the secret is patience',
    'password = process.env.DATABASE_PASSWORD_FOR_TESTS',
    'bearer of good news',
  ])('leaves %s', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

describe('redactUrl', () => {
  it.each([
    [
      `https://a.example/in/${made('eyJ', 12)}.${made('eyJ', 12)}.${made('', 20)}/x`,
      'https://a.example/in//x',
    ],
    ['https://user:pw@a.example/x', 'https://a.example/x'],
    ['https://a.example/x?token=abcdef1234567890&id=3', 'https://a.example/x?token=&id=3'],
    ['https://a.example/#access_token=abcdef1234567890', 'https://a.example/#access_token='],
    ['https://a.example/x?q=token&key=blue', 'https://a.example/x?q=token&key=blue'],
    [`https://a.example/?x=${made('ghp_', 36)}`, 'https://a.example/?x='],
  ])('%s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });

  it.each([
    `https://a.example/x?token=${made('', 24)}&id=3`,
    `https://a.example/x?q=${made('ghp_', 36)}`,
    `https://a.example/in/${made('eyJ', 12)}.${made('eyJ', 12)}.${made('', 20)}`,
  ])('the key of a page holds no secret either, and is that of the address kept: %s', (url) => {
    const key = pageKey(url);
    expect(key).toBe(pageKey(redactUrl(url)));
    expect(key).not.toContain('Ab1Ab1');
  });
});
