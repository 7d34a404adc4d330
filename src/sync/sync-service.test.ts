import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestQdrant } from '../../e2e/qdrant/server.ts';
import type { SiteRule } from '../core/page/settings.ts';
import type { SyncPhase, SyncSetUpRequest, SyncStatus } from '../engine/sync-api.ts';
import { openEngine, pageOf } from './engine.test-tools.ts';
import { pauseAfter, SyncService } from './sync-service.ts';

const rules = (own: readonly SiteRule[] = []) => ({ rules: own, disabledDefaultRules: [] });

let qdrant: TestQdrant;

beforeEach(async () => {
  qdrant = await TestQdrant.start({ apiKey: 'manage', readOnlyKey: 'look' });
});

afterEach(async () => {
  expect(qdrant.violations).toEqual([]);
  await qdrant.stop();
});

const request = (change: Partial<SyncSetUpRequest> = {}): SyncSetUpRequest => ({
  url: qdrant.url,
  apiKey: 'manage',
  collection: 'dejalu',
  allowsInsecure: false,
  mode: 'sealed',
  passphrase: 'a long one',
  ...change,
});

/** A device: an engine on its own database with sync beside it, and a clock that does not wait. */
function device(options: { isMetered?: () => boolean; onSleep?: (ms: number) => void } = {}) {
  const made = openEngine(undefined, () => service.changed());
  const service: SyncService = new SyncService({
    pages: made.sync,
    now: () => 1_000_000,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      options.onSleep?.(ms);
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    isMetered: options.isMetered ?? (() => false),
  });
  const until = async (...phases: SyncPhase[]): Promise<SyncStatus> => {
    for (let tries = 0; tries < 2_000; tries++) {
      const status = await service.syncStatus();
      const isSettled = phases.includes(status.phase);
      if (isSettled && (status.phase !== 'idle' || status.pending === 0)) return status;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`Still ${JSON.stringify(await service.syncStatus())}`);
  };
  const join = async (change: Partial<SyncSetUpRequest> = {}) => {
    await service.syncWake(rules());
    await service.syncSetUp(request(change));
    return until('idle');
  };
  /** Exchanges once more and waits for the end. */
  const exchange = async () => {
    await service.syncControl('now');
    return until('idle');
  };
  const titles = async () =>
    (await made.engine.recentPages({ limit: 99 })).map(({ title }) => title).sort();
  return { ...made, service, until, join, exchange, titles };
}

const bees = pageOf('https://bees.example/', 'The hives on the roof gave dark honey', 10);
const coins = pageOf('https://coins.example/', 'A coin frozen in a cup of ice', 20);

const kinds = () =>
  [...(qdrant.collections.get('dejalu')?.points.values() ?? [])].map(({ payload }) => payload.kind);

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

describe('the passphrase', () => {
  it('is refused when it is wrong, and nothing is set up', async () => {
    const [a, b] = [device(), device()];
    await a.join();
    await expect(b.service.syncSetUp(request({ passphrase: 'wrong' }))).rejects.toMatchObject({
      code: 'not-allowed',
      details: { reason: 'passphrase' },
    });
    expect(await b.service.syncStatus()).toMatchObject({ phase: 'off' });
    await expect(b.service.syncSetUp(request({ mode: 'plain' }))).rejects.toMatchObject({
      details: { reason: 'mode' },
    });
    await expect(b.service.syncSetUp(request({ passphrase: '' }))).rejects.toMatchObject({
      details: { reason: 'passphrase' },
    });
  });

  it('can be changed: devices go on, new ones need the new one', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    await a.join();
    await expect(
      a.service.syncChangePassphrase({ from: 'wrong', to: 'newer' }),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    await a.service.syncChangePassphrase({ from: 'a long one', to: 'newer' });
    await a.engine.readPage(coins);
    expect(await a.exchange()).toMatchObject({ problem: null });
    await expect(b.join()).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await b.join({ passphrase: 'newer' })).toMatchObject({ received: 2 });
  });

  it('can be lost: the mirror is emptied and made again from what is here', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    await a.join();
    await a.service.syncControl('delete-everything');
    await a.until('off');
    expect(await a.join({ passphrase: 'another' })).toMatchObject({ sent: 1 });
    expect(await b.join({ passphrase: 'another' })).toMatchObject({ received: 1 });
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
