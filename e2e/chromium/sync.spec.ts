import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibilityProblems } from '../lib/accessibility.ts';
import type { Extension } from '../lib/extension.ts';
import { TestQdrant } from '../qdrant/server.ts';
import { test as base, expect, Session } from './fixtures.ts';

const key = 'the-key-that-may-write';
const passphrase = 'four words nobody else says';
const lockers = '/help/parcel-lockers.html';

interface Fixtures {
  readonly qdrant: TestQdrant;
  /** A second profile, as on another machine. */
  readonly second: Extension;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
  qdrant: async ({}, use) => {
    const qdrant = await TestQdrant.start({ apiKey: key });
    await use(qdrant);
    expect(qdrant.violations).toEqual([]);
    await qdrant.stop();
  },
  second: async ({ server }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'dejalu-second-'));
    const session = new Session(server, profile);
    await use(await session.start());
    await session.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  },
});

/**
 * Opens the options with the browser's own question answered: no test can click it. What was asked
 * for is in `grants` of the page.
 */
async function openOptions(extension: Extension): Promise<Page> {
  const page = await extension.context.newPage();
  await page.addInitScript(() => {
    const { chrome } = globalThis as unknown as {
      chrome: { permissions: Record<string, (asked: { origins: string[] }) => Promise<boolean>> };
    };
    const grants: string[] = [];
    Object.assign(globalThis, { grants });
    chrome.permissions.request = async ({ origins }) => grants.push(`${origins}`) > 0;
  });
  await page.goto(extension.url('/options.html#sync'));
  return page;
}

const grantsOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { grants: string[] }).grants);

async function turnOn(extension: Extension, qdrant: TestQdrant): Promise<Page> {
  const page = await openOptions(extension);
  const section = page.locator('#sync');
  await section.getByLabel('Address of the Qdrant').fill(qdrant.url);
  await section.getByLabel(/^Key/).fill(key);
  await section.getByLabel(/^Passphrase/).fill(passphrase);
  await section.getByRole('button', { name: 'Turn sync on' }).click();
  await expect(section.getByRole('status').first()).toHaveText('Everything is sent.');
  return page;
}

const kindsOf = (qdrant: TestQdrant) =>
  [...(qdrant.collections.get('dejalu')?.points.values() ?? [])].map(({ payload }) => payload.kind);

async function syncNow(page: Page): Promise<void> {
  await page.locator('#sync').getByRole('button', { name: 'Sync now' }).click();
}

test('two profiles share pages through a Qdrant that cannot read them', async ({
  extension,
  second,
  server,
  qdrant,
}) => {
  // Off: not one request.
  await extension.readPage(server.url(lockers));
  expect(qdrant.requests).toEqual([]);

  const first = await turnOn(extension, qdrant);
  expect(await grantsOf(first)).toEqual(['http://127.0.0.1/*']);
  expect(await accessibilityProblems(first)).toEqual([]);
  // The open options look at sync, they do not drive it.
  // The alarm of the background may fall into one stretch of time, never into two.
  const requestsInSixSeconds = async () => {
    const before = qdrant.requests.length;
    await first.waitForTimeout(6_000);
    return qdrant.requests.length - before;
  };
  await expect.poll(requestsInSixSeconds, { timeout: 60_000 }).toBe(0);

  const other = await turnOn(second, qdrant);
  await expect.poll(() => second.searchUrls('parcel lockers')).toEqual([server.url(lockers)]);
  const bodies = qdrant.requests.map(({ body }) => body).join('\n');
  expect(bodies).not.toContain('parcel');
  expect(bodies).not.toContain(passphrase);

  // A page that is read later follows by itself; a deletion comes back.
  const [page] = await second.recentPages();
  await second.ask('page-engine:forget', { by: 'ids', ids: page === undefined ? [] : [page.id] });
  await syncNow(other);
  await expect
    .poll(async () => {
      await syncNow(first);
      return extension.recentPages();
    })
    .toEqual([]);

  // Emptying counts down to nothing and leaves.
  const section = first.locator('#sync');
  await section.getByRole('button', { name: 'Delete everything I synced' }).click();
  await section.getByRole('button', { name: 'Yes, delete it all' }).click();
  await expect(section.getByRole('status').first()).toHaveText(
    'Sync is off. 0 points are left on the server.',
  );
  expect([...(qdrant.collections.get('dejalu')?.points ?? [])]).toEqual([]);
});

test('what is wrong with a connection is said in plain words', async ({ extension, qdrant }) => {
  const page = await openOptions(extension);
  const section = page.locator('#sync');
  const address = section.getByLabel('Address of the Qdrant');
  const testIt = section.getByRole('button', { name: 'Test the connection' });
  const problem = section.getByRole('alert');
  await address.fill('http://nas.example:6333');
  await testIt.click();
  await expect(problem).toContainText('not encrypted and not on this machine');
  await expect(section.getByLabel('Send the key and the pages unencrypted')).toBeVisible();
  await address.fill(qdrant.url);
  await testIt.click();
  await expect(problem).toContainText('The server does not accept the key.');
  await section.getByLabel(/^Key/).fill(key);
  await testIt.click();
  await expect(section.getByRole('status').last()).toContainText('answers. The collection will be');
  await expect(problem).toHaveCount(0);
  expect(await grantsOf(page)).toHaveLength(3);
  expect(qdrant.collections.size).toBe(0);
});

test('a search asks all devices, and new keys are joined again', async ({
  extension,
  second,
  server,
  qdrant,
}) => {
  const first = await turnOn(extension, qdrant);
  const other = await turnOn(second, qdrant);
  await other
    .locator('#sync')
    .getByLabel(/^Search all my devices/)
    .check();
  await expect
    .poll(async () => (await second.ask('page-sync:status', null)).searchesAll)
    .toBe(true);

  // The second device has not received it: it asks the mirror, and the list has it then.
  await extension.readPage(server.url(lockers));
  await syncNow(first);
  await expect.poll(() => kindsOf(qdrant).filter((kind) => kind === 'record').length).toBe(1);
  expect(await second.recentPages()).toEqual([]);
  const search = await second.context.newPage();
  await search.goto(second.url('/search.html'));
  await search.getByRole('combobox').fill('parcel lockers');
  await expect(search.getByRole('option')).toHaveCount(1);
  await expect(search.getByText('1 page came in from your other devices.')).toBeVisible();
  expect(await accessibilityProblems(search)).toEqual([]);

  // New keys: everything is sent again; the second device joins with the new passphrase.
  const bodies = () =>
    [...(qdrant.collections.get('dejalu')?.points.values() ?? [])].map(
      ({ payload }) => payload.body,
    );
  const before = bodies();
  const section = first.locator('#sync');
  await section.locator('summary', { hasText: 'Make new keys' }).click();
  const form = section.locator('form', { hasText: 'When the passphrase is lost' });
  await form.getByLabel('Passphrase').fill('other words than before');
  await form.getByRole('button', { name: 'Make new keys' }).click();
  await expect
    .poll(() => {
      const now = bodies().filter((body) => body !== undefined);
      return now.length === 1 && !before.includes(now[0]);
    })
    .toBe(true);
  await syncNow(other);
  await expect(other.locator('#sync')).toContainText('made it anew with new keys');
  expect(await accessibilityProblems(other)).toEqual([]);
  await other.locator('#sync').getByLabel('Passphrase').first().fill('other words than before');
  await other.locator('#sync').getByRole('button', { name: 'Join again' }).click();
  await expect(other.locator('#sync').getByRole('status').first()).toHaveText(
    'Everything is sent.',
  );
  expect(await second.searchUrls('parcel lockers')).toEqual([server.url(lockers)]);
});
