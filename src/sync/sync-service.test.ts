import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestQdrant } from '../../e2e/qdrant/server.ts';
import type { AppError } from '../core/errors.ts';
import type { SyncSetUpRequest } from '../engine/sync-api.ts';
import {
  bees,
  coins,
  createDevice,
  type DeviceOptions,
  payloadsOn,
  requestTo,
  rulesOf as rules,
  startQdrant,
} from './service.test-tools.ts';
import { pauseAfter } from './sync-run.ts';

let qdrant: TestQdrant;

beforeEach(async () => {
  qdrant = await startQdrant();
});

afterEach(async () => {
  expect(qdrant.violations).toEqual([]);
  await qdrant.stop();
});

const device = (options: DeviceOptions = {}) => createDevice(qdrant, options);
const request = (change: Partial<SyncSetUpRequest> = {}) => requestTo(qdrant, change);
const kinds = () => payloadsOn(qdrant).map(({ kind }) => kind);

describe('sync', () => {
  it('asks the network for nothing while it is off, whatever is read or asked', async () => {
    const { engine, service } = device();
    await engine.readPage(bees);
    await service.syncWake(rules());
    await engine.forget({ by: 'everything' });
    expect(await service.syncStatus()).toMatchObject({ phase: 'off', pending: 0, url: null });
    expect(qdrant.requests).toEqual([]);
  });

  it('carries pages to a second device, where they are found, and a deletion back', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    expect(await a.join()).toMatchObject({ mode: 'sealed', pending: 0, sent: 1, problem: null });
    await a.engine.readPage(coins);
    await a.exchange();
    expect(await b.join()).toMatchObject({ received: 2, unreadable: 0 });
    const { hits } = await b.engine.search({ query: 'beekeeping', limit: 1 });
    expect(hits[0]?.page.url).toBe(bees.url);
    await b.engine.forget({ by: 'keys', keys: [bees.key] });
    await b.exchange();
    await a.exchange();
    expect(await a.titles()).toEqual([coins.title]);
  });

  it('sends nothing before it knows the rules, and never what they exclude', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    await a.engine.readPage(coins);
    await a.service.syncSetUp(request());
    expect(kinds()).toEqual(['meta']);
    await a.service.syncWake(rules([{ pattern: 'bees.example', action: 'never' }]));
    await a.until('idle');
    expect(kinds().filter((kind) => kind === 'record')).toHaveLength(1);
    await b.service.syncWake(rules([{ pattern: 'coins.example', action: 'never' }]));
    await b.service.syncSetUp(request());
    await b.until('idle');
    expect(await b.titles()).toEqual([]);
  });

  it('pauses, goes on, and waits for a connection that is not counted', async () => {
    let isMetered = false;
    const { engine, service, join, until } = device({ isMetered: () => isMetered });
    await join();
    expect(await service.syncControl('pause')).toMatchObject({ phase: 'paused' });
    const before = qdrant.requests.length;
    await engine.readPage(bees);
    await service.syncWake(rules());
    expect(await service.syncStatus()).toMatchObject({ phase: 'paused', pending: 1 });
    expect(qdrant.requests.length).toBe(before);
    isMetered = true;
    await service.syncControl('avoid-metered');
    await service.syncControl('resume');
    expect(await until('metered')).toMatchObject({ pending: 1, avoidsMetered: true });
    await service.syncControl('use-metered');
    expect(await until('idle')).toMatchObject({ pending: 0 });
  });

  it('tries again with growing pauses what may pass, and stops at what will not', async () => {
    const pauses: number[] = [];
    const { engine, service, join, until } = device({ onSleep: (ms) => pauses.push(ms) });
    await join();
    let failures = 3;
    qdrant.options = {
      ...qdrant.options,
      faultFor: () => (failures-- > 0 ? { kind: 'status', status: 503 } : null),
    };
    pauses.length = 0;
    await engine.readPage(bees);
    await service.syncControl('now');
    expect(await until('idle')).toMatchObject({ sent: 1, problem: null });
    expect(pauses.filter((ms) => ms !== 2_000)).toEqual([1_500, 3_000, 6_000]);
    qdrant.options = { apiKey: 'another' };
    await engine.readPage(coins);
    expect(await until('stopped')).toMatchObject({
      pending: 1,
      problem: { reason: 'unauthorised', retryAt: null },
    });
    const before = qdrant.requests.length;
    await service.syncWake(rules());
    expect(qdrant.requests.length).toBe(before);
    qdrant.options = { apiKey: 'manage' };
    await service.syncControl('now');
    expect(await until('idle')).toMatchObject({ pending: 0, problem: null });
  });

  it('puts aside the one page the server refuses, sends the others, and tries again', async () => {
    const { engine, service, join, until } = device();
    await join({ mode: 'plain', passphrase: '' });
    qdrant.options = {
      ...qdrant.options,
      faultFor: ({ body }) => (body.includes('honey') ? { kind: 'status', status: 413 } : null),
    };
    await engine.readPage(bees);
    await engine.readPage(coins);
    expect(await until('idle')).toMatchObject({
      pending: 0,
      asideCount: 1,
      aside: [{ key: bees.key, reason: 'too-large' }],
    });
    qdrant.options = { apiKey: 'manage' };
    await service.syncControl('retry');
    expect(await until('idle')).toMatchObject({ pending: 0, asideCount: 0 });
    expect(kinds().filter((kind) => kind === 'record')).toHaveLength(2);
  });

  it('empties the mirror, counting down to nothing, and keeps no secret afterwards', async () => {
    const { engine, rows, service, join } = device();
    await engine.readPage(bees);
    await join();
    const begun = await service.syncControl('delete-everything');
    expect(begun).toMatchObject({ phase: 'deleting' });
    expect(begun.left).toBeGreaterThan(2);
    for (;;) {
      const status = await service.syncStatus();
      if (status.phase === 'off') break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await service.syncStatus()).toMatchObject({ left: 0, url: null });
    expect(kinds()).toEqual([]);
    expect([await rows.setup(), await rows.pendingCount()]).toEqual([null, 0]);
    expect((await engine.recentPages({ limit: 9 })).length).toBe(1);
  });

  it('stops when another device has emptied the mirror', async () => {
    const [a, b] = [device(), device()];
    await a.join();
    await b.join();
    await b.service.syncControl('delete-everything');
    await b.until('off');
    await a.service.syncControl('now');
    expect(await a.until('stopped')).toMatchObject({ problem: { reason: 'mirror-gone' } });
  });

  it('never says a key or a passphrase, and never sends the passphrase', async () => {
    const { engine, service, join } = device();
    await engine.readPage(bees);
    await join();
    const said = JSON.stringify(await service.syncStatus());
    expect(said).not.toMatch(/manage|a long one/);
    expect(qdrant.requests.map(({ body }) => body).join()).not.toMatch(/a long one|honey|bees/);
  });
});

describe('a look at an address', () => {
  it('says the mode of the mirror, or how to make one by hand', async () => {
    const { service, join } = device();
    const { passphrase: _, mode: __, ...address } = request();
    expect(await service.syncTest(address)).toMatchObject({ ok: true, mode: null });
    const found = await service.syncTest(address);
    expect(found.ok && found.curl).toContain('curl -X PUT');
    await join();
    expect(await service.syncTest(address)).toMatchObject({ ok: true, mode: 'sealed', curl: null });
  });

  it('gives the lines for another key where the key may not make the collection', async () => {
    const { service, join } = device();
    const refused = service.syncSetUp(request({ apiKey: 'one collection', shardNumber: 6 }));
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ details: { reason: 'may-not-create' } });
    const { curl } = (error as AppError).details;
    expect(curl).toContain('"shard_number":6');
    expect(curl).not.toContain('one collection');
    // What the lines say, done with the key that may.
    for (const line of String(curl).split('\n')) {
      const [, url = '', body = ''] = /^curl -X PUT '(.*?)' .* -d '(.*)'$/.exec(line) ?? [];
      const headers = { 'api-key': 'manage', 'content-type': 'application/json' };
      expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200);
    }
    expect(await join({ apiKey: 'one collection' })).toMatchObject({ problem: null });
  });

  it('makes the indexes before anything is written', async () => {
    await device().join({ shardNumber: 4, replicationFactor: 2 });
    const asked = qdrant.requests.map(({ method, path }) => `${method} ${path}`);
    const firstWrite = asked.indexOf('post /collections/dejalu/points/batch');
    const lastIndex = asked.lastIndexOf('put /collections/dejalu/index');
    expect(lastIndex).toBeGreaterThan(0);
    expect(firstWrite).toBeGreaterThan(lastIndex);
    const made = qdrant.requests.find(({ method }) => method === 'put')?.body ?? '{}';
    expect(JSON.parse(made)).toMatchObject({
      shard_number: 4,
      replication_factor: 2,
      vectors: { text: { on_disk: true, quantization_config: { binary: { always_ram: true } } } },
    });
  });

  it('says what is wrong, and asks an insecure host nothing without the word for it', async () => {
    const { service } = device();
    const { passphrase: _, mode: __, ...address } = request();
    for (const [change, reason] of [
      [{ apiKey: 'wrong' }, 'unauthorised'],
      [{ url: 'http://nas.example:6333' }, 'insecure'],
      [{ url: 'qdrant' }, 'address'],
      [{ url: 'ftp://q.example', allowsInsecure: true }, 'address'],
      [{ url: 'http://127.0.0.1:1' }, 'unreachable'],
    ] as const) {
      expect(await service.syncTest({ ...address, ...change })).toMatchObject({ reason });
    }
    await expect(
      service.syncSetUp(request({ url: 'http://nas.example:6333' })),
    ).rejects.toMatchObject({ details: { reason: 'insecure' } });
  });
});

describe('the pause after a failure', () => {
  it('grows to a quarter of an hour and keeps to what the server asks', () => {
    expect([1, 2, 3].map((n) => pauseAfter(n, 0, 1))).toEqual([2_000, 4_000, 8_000]);
    expect(pauseAfter(50, 0, 1)).toBe(15 * 60_000);
    expect(pauseAfter(1, 60_000, 0)).toBe(60_000);
    expect(pauseAfter(2, 0, 0)).toBe(2_000);
  });
});
