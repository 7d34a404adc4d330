import type { Worker } from '@playwright/test';
import type { Extension } from '../lib/extension.ts';
import { routedHtml, routesFrom } from '../lib/routed-page.ts';
import { expect, test } from './fixtures.ts';

test('each address that a page takes without a load becomes its own page, also where the page tells nobody', async ({
  extension,
  server,
}) => {
  const url = server.serve('/routed.html', routedHtml());
  const tab = await extension.context.newPage();
  const first = await extension.readPage(url, tab);
  for (const { how, address, text, script } of routesFrom(url)) {
    const since = Date.now();
    await tab.evaluate(script);
    const page = await extension.waitUntilStored(address, since);
    expect(page.url, how).toBe(address);
    expect(await extension.storedText(page.id), how).toContain(text);
  }
  // The one that was gone back to is no second page.
  expect(await extension.recentPages()).toHaveLength(4);
  expect(await extension.storedText(first.id)).toContain('nineteen jars');
});

/** Notes what goes wrong in the background without anybody taking it, and the navigations it saw. */
async function watchBackground(worker: Worker): Promise<() => Promise<Record<string, string[]>>> {
  const problems: string[] = [];
  worker.on('console', (line) => problems.push(`${line.type()}: ${line.text()}`));
  await worker.evaluate(() => {
    const noted = { rejections: [] as string[], navigations: [] as string[] };
    const { chrome } = globalThis as unknown as {
      chrome: {
        webNavigation: Record<
          'onHistoryStateUpdated',
          { addListener(run: (of: { url: string }) => void): void }
        >;
      };
    };
    chrome.webNavigation.onHistoryStateUpdated.addListener(({ url }) =>
      noted.navigations.push(url),
    );
    addEventListener('unhandledrejection', (event) =>
      noted.rejections.push(String((event as PromiseRejectionEvent).reason)),
    );
    Object.assign(globalThis, { noted });
  });
  return async () => ({
    problems,
    ...(await worker.evaluate(
      () => (globalThis as unknown as { noted: Record<string, string[]> }).noted,
    )),
  });
}

const backgroundOf = (extension: Extension): Worker => extension.context.serviceWorkers()[0]!;

test('a tab without a content script may take another address, and nothing is logged', async ({
  extension,
  server,
}) => {
  const noted = await watchBackground(backgroundOf(extension));
  // A drawing is shown as a document of its own, which the content script leaves alone.
  const drawing = server.serve('/drawing.svg', () => ({
    headers: { 'content-type': 'image/svg+xml' },
    body: '<svg xmlns="http://www.w3.org/2000/svg"><text y="20">A drawing</text></svg>',
  }));
  const tab = await extension.context.newPage();
  await tab.goto(drawing);
  await tab.evaluate(() => history.pushState(null, '', '?id=2'));
  await expect.poll(async () => (await noted()).navigations).toEqual([`${drawing}?id=2`]);
  // The page read next has gone the same way through the background, so what would go wrong has.
  const url = server.serve('/routed.html', routedHtml());
  await extension.readPage(url, tab);
  const [route] = routesFrom(url);
  await tab.evaluate(route!.script);
  await extension.waitUntilStored(route!.address);
  expect(await noted()).toEqual({
    problems: [],
    rejections: [],
    navigations: [`${drawing}?id=2`, route!.address],
  });
  expect(await extension.ask('page-background:problems', null)).toEqual([]);
});

test('the browser warns of the sites, and of nothing more', async ({ extension }) => {
  const warnings = await extension.desk.evaluate(async () => {
    const { chrome } = globalThis as unknown as {
      chrome: {
        runtime: { getManifest(): object };
        management: { getPermissionWarningsByManifest(text: string): Promise<string[]> };
      };
    };
    const manifest = JSON.stringify(chrome.runtime.getManifest());
    return chrome.management.getPermissionWarningsByManifest(manifest);
  });
  expect(warnings).toEqual(['Read and change all your data on all websites']);
});
