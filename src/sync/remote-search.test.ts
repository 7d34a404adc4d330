import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestQdrant } from '../../e2e/qdrant/server.ts';
import { pageOf } from './engine.test-tools.ts';
import {
  bees,
  coins,
  createDevice,
  payloadsOn,
  rulesOf,
  startQdrant,
} from './service.test-tools.ts';
import type { SyncSettings } from './settings.ts';

let qdrant: TestQdrant;

beforeEach(async () => {
  qdrant = await startQdrant();
});

afterEach(async () => {
  expect(qdrant.violations).toEqual([]);
  await qdrant.stop();
});

const jars = pageOf('https://jars.example/', 'Nineteen jars of honey from the roof', 30);

/** Two devices of a mirror; the first has a page that no pull has brought to the second yet. */
async function twoDevices(options: Parameters<typeof createDevice>[1] = {}) {
  const [a, b] = [createDevice(qdrant), createDevice(qdrant, options)];
  await b.engine.readPage(coins);
  await b.engine.readPage(jars);
  await b.join();
  await b.service.syncControl('search-all');
  await a.engine.readPage(bees);
  await a.join();
  return { a, b };
}

describe('searching all devices', () => {
  it('takes in what the mirror finds, and the list ranks it among its own by one score', async () => {
    const { a, b } = await twoDevices();
    const find = async (engine: typeof a.engine) =>
      (await engine.search({ query: 'honey from hives', limit: 9 })).hits.map(
        ({ page, score }) => [page.url, Math.round(score * 1_000)] as const,
      );
    expect((await find(b.engine)).map(([url]) => url)).not.toContain(bees.url);
    expect(await b.service.syncSearch({ query: 'honey from hives' })).toEqual({
      state: 'asked',
      taken: 1,
    });
    const found = await find(b.engine);
    expect(found[0]?.[0]).toBe(bees.url);
    // As if the page had come by itself: the same scores in the same order.
    await a.exchange();
    expect(await find(a.engine)).toEqual(found);
    expect(await b.service.syncSearch({ query: 'honey from hives' })).toMatchObject({ taken: 0 });
    expect(await b.exchange()).toMatchObject({ problem: null, pending: 0 });
  });

  it('asks for codes and originals both', async () => {
    const { b } = await twoDevices();
    await b.service.syncSearch({ query: 'honey' });
    const query = qdrant.requests.find(({ path }) => path.endsWith('/query'));
    expect(JSON.parse(query?.body ?? '{}')).toMatchObject({
      params: { quantization: { rescore: true, oversampling: 3 } },
    });
    expect(query?.body).not.toContain('honey');
  });

  it('asks nothing where it is not wanted or not possible', async () => {
    const { b } = await twoDevices({ isMetered: () => true });
    const off = { state: 'off' };
    const before = qdrant.requests.length;
    const ask = () => b.service.syncSearch({ query: 'honey' });
    expect(await createDevice(qdrant).service.syncSearch({ query: 'honey' })).toEqual(off);
    await b.service.syncControl('search-here');
    expect(await ask()).toEqual(off);
    await b.service.syncControl('search-all');
    await b.service.syncControl('pause');
    expect(await ask()).toEqual(off);
    expect(await b.service.syncSearch({ query: 'site:bees.example' })).toEqual(off);
    expect(qdrant.requests.length).toBe(before);
    await b.service.syncControl('resume');
    await b.until('idle');
    await b.service.syncControl('avoid-metered');
    await b.until('metered');
    expect(await ask()).toEqual(off);
    await b.service.syncControl('use-metered');
    await b.until('idle');
    const settled = qdrant.requests.length;
    expect(await b.service.syncSearch({ query: 'site:bees.example' })).toEqual({
      state: 'asked',
      taken: 0,
    });
    expect(qdrant.requests.length).toBe(settled);
  });

  it('takes in no page of a site that is excluded here', async () => {
    const { b } = await twoDevices();
    await b.service.syncWake(rulesOf([{ pattern: 'bees.example', action: 'never' }]));
    expect(await b.service.syncSearch({ query: 'honey' })).toEqual({ state: 'asked', taken: 0 });
  });

  it('passes over a record that another hand changed', async () => {
    const { a, b } = await twoDevices();
    const before = payloadsOn(qdrant, 'record').length;
    await a.engine.readPage(pageOf('https://wax.example/', 'Wax and honey of the roof', 40));
    await a.exchange();
    const added = payloadsOn(qdrant, 'record').slice(before);
    expect(added).toHaveLength(1);
    Object.assign(added[0] as object, { sequence: 'seven' });
    expect(await b.service.syncSearch({ query: 'honey' })).toEqual({ state: 'asked', taken: 1 });
    expect(await b.titles()).toContain(bees.title);
  });

  it('can be switched on by a device that was set up before there was such a search', async () => {
    const { b } = await twoDevices();
    await b.rows.changeSettings((settings) => {
      const { searchesAll: _, task: __, ...older } = settings as SyncSettings;
      return older;
    });
    expect(await b.service.syncStatus()).toMatchObject({ searchesAll: false });
    await b.service.syncControl('search-all');
    expect(await b.service.syncSearch({ query: 'honey' })).toEqual({ state: 'asked', taken: 1 });
  });

  it('says why it failed', async () => {
    const { b } = await twoDevices();
    qdrant.options = { apiKey: 'another' };
    const asked = b.service.syncSearch({ query: 'honey' });
    expect(await asked).toEqual({ state: 'failed', reason: 'unauthorised' });
  });

  it('gives up after its own time and holds nobody up', async () => {
    const { b } = await twoDevices({ searchTimeoutMs: 60 });
    qdrant.options = { ...qdrant.options, faultFor: () => ({ kind: 'silence' }) };
    const asked = b.service.syncSearch({ query: 'honey' });
    // The list of this device is there while the other answer is still waited for.
    expect((await b.engine.search({ query: 'honey', limit: 9 })).hits[0]?.page.url).toBe(jars.url);
    expect(await asked).toEqual({ state: 'failed', reason: 'timeout' });
  });

  it('lets go of an older question, and of all when sync is left', async () => {
    const { b } = await twoDevices();
    qdrant.options = { ...qdrant.options, faultFor: () => ({ kind: 'slow', ms: 200 }) };
    const older = b.service.syncSearch({ query: 'honey' });
    const newer = b.service.syncSearch({ query: 'honey jars' });
    expect(await older).toEqual({ state: 'off' });
    await b.service.syncControl('leave');
    expect(await newer).toEqual({ state: 'off' });
    expect(await b.rows.setup()).toBeNull();
    expect(await b.titles()).toEqual([coins.title, jars.title].sort());
    const status = await b.service.syncStatus();
    expect(status).toMatchObject({ phase: 'off', url: null, searchesAll: false });
  });
});
