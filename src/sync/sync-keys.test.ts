import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestQdrant } from '../../e2e/qdrant/server.ts';
import {
  bees,
  coins,
  createDevice,
  payloadsOn,
  requestTo,
  rulesOf,
  startQdrant,
} from './service.test-tools.ts';

let qdrant: TestQdrant;

beforeEach(async () => {
  qdrant = await startQdrant();
});

afterEach(async () => {
  expect(qdrant.violations).toEqual([]);
  await qdrant.stop();
});

const device = (database?: string) =>
  createDevice(qdrant, database === undefined ? {} : { database });
const request = (change: Parameters<typeof requestTo>[1] = {}) => requestTo(qdrant, change);

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

describe('new keys', () => {
  it('empty the mirror and send it again, also deletions; the others join with the new passphrase', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    await a.engine.readPage(coins);
    await a.join();
    await b.join();
    await a.engine.forget({ by: 'keys', keys: [bees.key] });
    await a.exchange();
    const bodies = payloadsOn(qdrant, 'record').map(({ body }) => body);

    const begun = await a.service.syncNewKeys({ passphrase: 'newer' });
    expect(begun).toMatchObject({ phase: 'deleting', left: expect.any(Number) });
    expect(await a.until('idle')).toMatchObject({ pending: 0, problem: null, left: null });
    const records = payloadsOn(qdrant, 'record');
    expect(records).toHaveLength(2);
    for (const { body } of records) expect(bodies).not.toContain(body);
    expect(payloadsOn(qdrant, 'meta')).toHaveLength(1);

    // It was away meanwhile, with a page that was deleted.
    await b.service.syncControl('now');
    expect(await b.until('stopped')).toMatchObject({ problem: { reason: 'mirror-gone' } });
    await expect(b.service.syncRejoin({ passphrase: 'a long one' })).rejects.toMatchObject({
      details: { reason: 'passphrase' },
    });
    await b.service.syncRejoin({ passphrase: 'newer' });
    expect(await b.until('idle')).toMatchObject({ pending: 0, problem: null, unreadable: 0 });
    await b.exchange();
    expect(await b.titles()).toEqual([coins.title]);
    expect(await a.exchange()).toMatchObject({ unreadable: 0 });
    expect(await a.titles()).toEqual([coins.title]);
  });

  it('are made to the end by another start, whenever the first was killed', async () => {
    for (const requests of [0, 1, 3]) {
      const database = `killed-${Math.random()}`;
      const a = device(database);
      const collection = `kill-${requests}`;
      await a.engine.readPage(bees);
      await a.join({ collection });
      await a.service.syncNewKeys({ passphrase: 'newer' });
      // A killed engine sends nothing any more and writes nothing any more.
      let left = requests;
      qdrant.options = {
        ...qdrant.options,
        faultFor: () => (left-- > 0 ? null : { kind: 'status', status: 401 }),
      };
      await a.until('stopped', 'idle');
      await a.engine.close();
      const { apiKey = '' } = qdrant.options;
      qdrant.options = { apiKey };
      const again = device(database);
      await again.service.syncWake(rulesOf());
      expect(await again.until('idle')).toMatchObject({ pending: 0, problem: null });
      const points = [...(qdrant.collections.get(collection)?.points.values() ?? [])];
      expect(points.map(({ payload }) => payload.kind).sort()).toEqual([
        'device',
        'meta',
        'passage',
        'record',
      ]);
      const b = device();
      expect(await b.join({ collection, passphrase: 'newer' })).toMatchObject({ received: 1 });
    }
  });

  it('leave as it is what the person sets meanwhile', async () => {
    const a = device();
    await a.engine.readPage(bees);
    await a.join();
    const set: Promise<unknown>[] = [];
    qdrant.options = {
      ...qdrant.options,
      faultFor: ({ path }) => {
        if (!path.endsWith('/points/delete') || set.length > 0) return null;
        set.push(a.service.syncControl('search-all'), a.service.syncControl('search-all'));
        return { kind: 'slow', ms: 50 };
      },
    };
    await a.service.syncNewKeys({ passphrase: 'newer' });
    expect(await a.until('idle')).toMatchObject({ problem: null });
    expect(set).toHaveLength(2);
    await Promise.all(set);
    expect(await a.service.syncStatus()).toMatchObject({ searchesAll: true });
  });

  it('are the way for a passphrase that is lost, on a device that is set up', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    await a.join({ passphrase: 'nobody remembers it' });
    await a.service.syncNewKeys({ passphrase: 'remembered' });
    await a.until('idle');
    expect(await b.join({ passphrase: 'remembered' })).toMatchObject({ received: 1 });
  });

  it('are refused where there are none', async () => {
    const { service, join } = device();
    await expect(service.syncNewKeys({ passphrase: 'x' })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await join({ mode: 'plain', passphrase: '' });
    await expect(service.syncNewKeys({ passphrase: 'x' })).rejects.toThrow(/no keys/);
  });

  it('are made by a device that finds the mirror emptied and joins again', async () => {
    const [a, b] = [device(), device()];
    await a.engine.readPage(bees);
    await a.join();
    await b.join();
    await b.service.syncControl('delete-everything');
    await b.until('off');
    await a.service.syncControl('now');
    await a.until('stopped');
    await a.service.syncRejoin({ passphrase: 'another' });
    expect(await a.until('idle')).toMatchObject({ pending: 0, problem: null });
    expect(await b.join({ passphrase: 'another' })).toMatchObject({ received: 1 });
  });
});

describe('emptying the mirror', () => {
  it('is begun at once, also where sync is woken while it is counted', async () => {
    const a = device();
    await a.engine.readPage(bees);
    await a.join();
    let isWoken = false;
    qdrant.options = {
      ...qdrant.options,
      faultFor: ({ path, body }) => {
        // An exchange that began here would still go on when the count is answered.
        if (body.includes('"meta"')) return { kind: 'slow', ms: 200 };
        if (!path.endsWith('/points/count') || isWoken) return null;
        isWoken = true;
        void a.service.syncWake(rulesOf());
        return { kind: 'slow', ms: 50 };
      },
    };
    expect(await a.service.syncControl('delete-everything')).toMatchObject({ phase: 'deleting' });
    await a.until('off');
    expect(isWoken).toBe(true);
    expect(payloadsOn(qdrant)).toEqual([]);
  });

  it('goes on after a kill', async () => {
    const database = `emptied-${Math.random()}`;
    const a = device(database);
    await a.engine.readPage(bees);
    await a.join();
    await a.service.syncControl('delete-everything');
    qdrant.options = { apiKey: 'another' };
    await a.until('stopped');
    await a.engine.close();
    qdrant.options = { apiKey: 'manage' };
    const again = device(database);
    await again.service.syncWake(rulesOf());
    await again.until('off');
    expect(await again.service.syncStatus()).toMatchObject({ left: 0 });
    expect(payloadsOn(qdrant)).toEqual([]);
  });
});
