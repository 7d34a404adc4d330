import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hasSiteIcon, onSiteIcons, siteIconUrl } from './site-icons.ts';

const permissions = vi.hoisted(() => {
  const event = () => {
    const listeners: (() => void)[] = [];
    return { addListener: (run: () => void) => listeners.push(run), listeners };
  };
  return { isGranted: false, onAdded: event(), onRemoved: event() };
});

vi.mock('./browser.ts', () => ({
  browser: {
    permissions: { ...permissions, contains: async () => permissions.isGranted },
  },
}));

/** What the browser has: bytes by address; a stand-in for all others. */
let kept: ReadonlyMap<string, string>;
let asked: string[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    const page = new URL(address, 'https://extension.example').searchParams.get('pageUrl') ?? '';
    return new Response(kept.get(page) ?? 'globe');
  });
});

afterEach(() => vi.unstubAllGlobals());

test('the address of an icon is the extension’s own and holds any page address whole', () => {
  const page = 'https://a.example/search?q=bees&size=9#한글';
  const url = new URL(siteIconUrl(page), 'chrome-extension://own');
  expect([url.host, url.pathname]).toEqual(['own', '/_favicon/']);
  expect([...url.searchParams]).toEqual([
    ['pageUrl', page],
    ['size', '32'],
  ]);
});

test('the browser’s stand-in is no icon', async () => {
  kept = new Map([
    ['https://a.example/', 'a bee'],
    ['https://b.example/', 'clock'], // as long as the stand-in
  ]);
  expect(await hasSiteIcon('https://a.example/')).toBe(true);
  expect(await hasSiteIcon('https://b.example/')).toBe(true);
  expect(await hasSiteIcon('https://c.example/')).toBe(false);
  for (const address of asked) expect(address).toMatch(/^\/_favicon\/\?/);
});

test('a permission is told of at once, when it comes, and when it is taken away', async () => {
  const told: boolean[] = [];
  onSiteIcons((mayShow) => told.push(mayShow));
  await vi.waitFor(() => expect(told).toEqual([false]));
  permissions.isGranted = true;
  for (const run of permissions.onAdded.listeners) run();
  await vi.waitFor(() => expect(told).toEqual([false, true]));
  permissions.isGranted = false;
  for (const run of permissions.onRemoved.listeners) run();
  await vi.waitFor(() => expect(told).toEqual([false, true, false]));
});
