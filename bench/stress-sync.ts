/**
 * Sync at its full sizes against the test server, over HTTP, with what goes wrong in the wild:
 *
 *   npm run stress:sync
 *   npm run stress:sync -- --pages 10000 --kills 50 --requests 100000
 *
 * Fails, and says where, when a page is lost, is there twice, or a rejection goes unhandled.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Fault, TestQdrant } from '../e2e/qdrant/server.ts';
import { plainCodec } from '../src/sync/codec.ts';
import { reasonOf } from '../src/sync/errors.ts';
import { MemorySyncStore } from '../src/sync/memory-sync-store.ts';
import { pullOnce } from '../src/sync/pull.ts';
import { type Mirror, pushAll } from '../src/sync/push.ts';
import { createClient, QdrantRemote } from '../src/sync/qdrant-remote.ts';
import { takeFound } from '../src/sync/remote-search.ts';
import { contentOf, keyOf, seeded, stressDims, vectorsOf } from './stress-pages.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '50' },
    requests: { type: 'string', default: '100000' },
  },
});
const collection = 'dejalu';
/** How long the server takes over a write while processes are killed. */
const writeMs = 8;
let unhandled = 0;
process.on('unhandledRejection', (reason) => {
  unhandled++;
  console.error('unhandled:', reason);
});

function payloads(qdrant: TestQdrant, kind: string) {
  const points = [...(qdrant.collections.get(collection)?.points.values() ?? [])];
  return points.map(({ payload }) => payload).filter((payload) => payload.kind === kind);
}

function remoteOf({ url }: TestQdrant, timeoutMs = 30_000): QdrantRemote {
  return new QdrantRemote(createClient({ url, collection, timeoutMs }), collection);
}

async function startServer(): Promise<TestQdrant> {
  const qdrant = await TestQdrant.start();
  const remote = remoteOf(qdrant);
  await remote.create(stressDims);
  return qdrant;
}

/** Real processes, killed with SIGKILL while they send; the last one is let finish. */
async function killed(pages: number, kills: number): Promise<void> {
  const random = seeded(1);
  const qdrant = await startServer();
  const folder = mkdtempSync(join(tmpdir(), 'dejalu-stress-'));
  const args = [qdrant.url, collection, join(folder, 'left'), String(pages)];
  const script = new URL('./stress-push.ts', import.meta.url);
  /** Killed around its write of that number: before it is done, after it, or before the next. */
  const live = (lastWrite: number) =>
    new Promise<number | null>((resolve) => {
      let pending: number | null = null;
      let writes = 0;
      const child = fork(script, args, { execArgv: ['--conditions=browser'] });
      qdrant.options = {
        faultFor: () => {
          writes++;
          if (writes === lastWrite) {
            void sleep(random() * 2 * writeMs).then(() => child.kill('SIGKILL'));
          }
          return lastWrite === Number.POSITIVE_INFINITY ? null : { kind: 'slow', ms: writeMs };
        },
      };
      child.on('message', (left) => {
        pending = Number(left);
      });
      child.on('exit', () => resolve(pending));
    });
  for (let kill = 0; kill < kills; kill++) {
    const lastWrite = 1 + Math.floor(random() * 4);
    assert.equal(await live(lastWrite), null, `Life ${kill} ended before it was killed.`);
    qdrant.requests.length = 0;
  }
  const atLast = payloads(qdrant, 'record').length;
  assert.equal(await live(Number.POSITIVE_INFINITY), 0, 'The outbox is not empty.');
  const records = payloads(qdrant, 'record').map(({ page }) => page);
  assert.equal(records.length, pages);
  assert.equal(new Set(records).size, pages);
  assert.equal(payloads(qdrant, 'passage').length, 2 * pages);
  assert.equal(payloads(qdrant, 'device').length, 1);
  assert.deepEqual(qdrant.violations, []);
  await qdrant.stop();
  rmSync(folder, { recursive: true });
  console.log(
    `${kills} kills (${atLast} pages were there after the last): each of ${pages} pages is there once, the outbox is empty`,
  );
}

const statuses = [401, 403, 404, 409, 413, 422, 429, 500, 503];

function faultOf(random: () => number): Fault | null {
  if (random() > 0.2) return null;
  const kinds = ['reset', 'reset-mid-body', 'truncated', 'lost-answer'] as const;
  const dice = random();
  if (dice < 0.4) return { kind: kinds[Math.floor(random() * kinds.length)] ?? 'reset' };
  if (dice < 0.41) return { kind: 'silence' };
  if (dice < 0.45) return { kind: 'slow', ms: random() * 10 };
  const status = statuses[Math.floor(random() * statuses.length)] ?? 500;
  const headers = status === 429 ? { 'retry-after': '1' } : {};
  return { kind: 'status', status, headers };
}

/** Two devices read, forget, send, receive and search while a fifth of all requests fails. */
async function fuzzed(requests: number): Promise<void> {
  const random = seeded(2);
  const qdrant = await startServer();
  // Impatient, so that silence does not take long.
  let remote = remoteOf(qdrant, 200);
  const codec = await plainCodec();
  const stores = [new MemorySyncStore('a'), new MemorySyncStore('b')];
  const mirrorOf = (store: MemorySyncStore): Mirror => ({
    store,
    remote,
    codec,
    model: 'stress',
    now: () => 0,
    isExcluded: () => false,
    embed: async (content) => vectorsOf(content, stressDims),
  });
  const failures = new Map<string, number>();
  let asked = 0;
  qdrant.options = {
    faultFor: () => {
      asked++;
      return faultOf(random);
    },
  };
  const query = new Float32Array(stressDims).fill(0.3);
  for (let version = 1; asked < requests; version++) {
    const store = stores[random() < 0.5 ? 0 : 1] as MemorySyncStore;
    const mirror = mirrorOf(store);
    const n = Math.floor(random() * 200);
    if (random() < 0.2) store.forget(keyOf(n));
    else store.read(keyOf(n), version, contentOf(n, version));
    if (random() < 0.05) store.retryAside();
    const dice = random();
    const work =
      dice < 0.6
        ? pushAll(mirror)
        : dice < 0.8
          ? pullOnce(mirror)
          : takeFound(mirror, query, AbortSignal.timeout(1_000));
    await work.catch((thrown: unknown) => {
      const reason = reasonOf(thrown);
      if (reason === null) throw thrown;
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
    });
    qdrant.requests.length = 0;
  }
  qdrant.options = {};
  remote = remoteOf(qdrant);
  for (const store of stores) store.retryAside();
  for (let round = 0; round < 4; round++) {
    for (const mirror of stores.map(mirrorOf)) {
      await pushAll(mirror);
      await pullOnce(mirror);
    }
  }
  const [a, b] = stores as [MemorySyncStore, MemorySyncStore];
  const sorted = ({ known }: MemorySyncStore) =>
    [...known.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  assert.deepEqual(sorted(b), sorted(a));
  assert.deepEqual([await a.pendingCount(), await b.pendingCount()], [0, 0]);
  const alive = sorted(a).filter(({ edit }) => edit !== null);
  assert.equal(payloads(qdrant, 'passage').length, 2 * alive.length);
  assert.deepEqual(qdrant.violations, []);
  await qdrant.stop();
  const by = [...failures].sort((x, y) => y[1] - x[1]).map(([reason, n]) => `${reason} ${n}`);
  console.log(
    `${asked} requests, failed as: ${by.join(', ')}; ${unhandled} unhandled rejections, no entry lost, both devices agree on ${sorted(a).length} pages`,
  );
}

await killed(Number(values.pages), Number(values.kills));
await fuzzed(Number(values.requests));
assert.equal(unhandled, 0, 'A rejection went unhandled.');
