import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWebAddress, pageKey, registrableHost, siteOf } from './page-key.ts';

/** One address and its key a line, parted by white space; the key is written out by hand. */
const table = readFileSync(new URL('./page-key.table.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('// '))
  .map((line) => line.trim().split(/\s+/) as [string, string]);

describe('pageKey', () => {
  it(`has at least 150 addresses in its table (${table.length})`, () => {
    const right = table.filter(([url, key]) => pageKey(url) === key).length;
    console.warn(`▪ page keys of the table: ${right} of ${table.length} as written by hand`);
    expect(table.length).toBeGreaterThanOrEqual(150);
  });

  it.each(table)('%s', (url, key) => {
    expect(pageKey(url)).toBe(key);
  });

  it('is a fixed point: the key of a key is itself', () => {
    for (const [, key] of table) expect(pageKey(key)).toBe(key);
  });

  it('does not depend on the order of parameters', () => {
    const pair = fc.tuple(fc.stringMatching(/^[a-z]{3,8}$/), fc.stringMatching(/^[a-z0-9]{1,8}$/));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const address = (list: readonly [string, string][]) =>
          `https://example.com/a?${list.map(([name, value]) => `${name}=${value}`).join('&')}`;
        expect(pageKey(address([...pairs].reverse()))).toBe(pageKey(address(pairs)));
      }),
    );
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const key = pageKey(`https://example.com/${text}`);
        expect(key === null || key.startsWith('https://example.com/')).toBe(true);
        pageKey(text);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'about:blank',
    'chrome://settings',
    'data:text/html,x',
    'javascript:1',
    'blob:x',
    'no',
    '',
  ])('has no key for %s', (url) => {
    expect(pageKey(url)).toBeNull();
  });
});

describe('the page’s own word', () => {
  const cases: readonly [string, string, string, string][] = [
    [
      'folds an AMP page',
      'https://news.example/amp/story-1',
      'https://news.example/story-1',
      'https://news.example/story-1',
    ],
    [
      'folds a print view',
      'https://news.example/story-1?print=1',
      'https://news.example/story-1',
      'https://news.example/story-1',
    ],
    [
      'folds a mobile host',
      'https://m.news.example/story-1',
      'https://www.news.example/story-1',
      'https://news.example/story-1',
    ],
    [
      'folds http',
      'http://news.example/story-1',
      'https://news.example/story-1',
      'https://news.example/story-1',
    ],
    ['resolves a relative address', 'https://a.example/x/amp', '/x', 'https://a.example/x'],
    [
      'follows an id into the path',
      'https://a.example/?p=12',
      'https://a.example/2026/hello-world',
      'https://a.example/2026/hello-world',
    ],
    [
      'ignores another site',
      'https://a.example/copy',
      'https://b.example/original',
      'https://a.example/copy',
    ],
    [
      'ignores a public suffix in common',
      'https://a.co.uk/x',
      'https://b.co.uk/x',
      'https://a.co.uk/x',
    ],
    [
      'ignores the front page',
      'https://a.example/story',
      'https://a.example/',
      'https://a.example/story',
    ],
    [
      'keeps the number of a page',
      'https://a.example/list?page=3',
      'https://a.example/list',
      'https://a.example/list?page=3',
    ],
    [
      'keeps the video',
      'https://a.example/watch?v=1',
      'https://a.example/watch',
      'https://a.example/watch?v=1',
    ],
    [
      'keeps a search',
      'https://a.example/find?q=pears',
      'https://a.example/find',
      'https://a.example/find?q=pears',
    ],
    [
      'keeps a route in the fragment',
      'https://a.example/#/two',
      'https://a.example/one',
      'https://a.example/#/two',
    ],
    ['ignores what is no address', 'https://a.example/x', 'http://', 'https://a.example/x'],
    ['ignores another scheme', 'https://a.example/x', 'javascript:alert(1)', 'https://a.example/x'],
    [
      'drops tracking from it too',
      'https://a.example/x?y=1',
      'https://a.example/xyz?utm_source=a',
      'https://a.example/xyz',
    ],
  ];
  it.each(cases)('%s', (_, url, canonical, key) => {
    expect(pageKey(url, canonical)).toBe(key);
  });
});

describe('siteOf, registrableHost, isWebAddress', () => {
  it('names sites as lists show them', () => {
    expect(siteOf('https://www.example.co.kr/x')).toBe('example.co.kr');
    expect(siteOf('http://localhost:3000/')).toBe('localhost:3000');
    expect(siteOf('not an address')).toBe('');
  });
  it('finds the registrable part', () => {
    expect(registrableHost('a.b.example.co.uk')).toBe('example.co.uk');
    expect(registrableHost('m.example.com')).toBe('example.com');
    expect(registrableHost('10.0.0.1')).toBe('10.0.0.1');
  });
  it('takes http and https alone for the web', () => {
    expect(['http://a', 'https://a', 'ftp://a', 'file:///a', 'x'].map(isWebAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
