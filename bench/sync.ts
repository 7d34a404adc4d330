/**
 * How fast sync sends and receives, against the bare client with the same points in the same run:
 *
 *   npm run bench:sync               against the test server
 *   QDRANT_URL=… npm run bench:sync  against a real Qdrant
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { QdrantClient } from '@qdrant/js-client-rest';
import type { PageKey } from '../src/core/ids.ts';
import type { PageContent } from '../src/core/sync/types.ts';
import { sealedCodec } from '../src/sync/codec.ts';
import { createKeys } from '../src/sync/crypto.ts';
import { MemorySyncStore } from '../src/sync/memory-sync-store.ts';
import type { RemoteIndex, RemotePoint } from '../src/sync/ports.ts';
import { pullOnce, recordsPerPull } from '../src/sync/pull.ts';
import { type Mirror, pushOnce } from '../src/sync/push.ts';
import { createClient, QdrantRemote, vectorName } from '../src/sync/qdrant-remote.ts';

const dims = 384;
const pages = 400;
const passagesPerPage = 12;
const batchLength = 128;
const rounds = 3;

const child =
  process.env.QDRANT_URL === undefined
    ? fork(new URL('./qdrant-process.ts', import.meta.url))
    : null;
const url =
  child === null ? String(process.env.QDRANT_URL) : String((await once(child, 'message'))[0]);
const apiKey = process.env.QDRANT_API_KEY ?? '';

const words = 'hive roof honey August coin ice cup storm lamp paper glue bench'.split(' ');
const text = (seed: number) =>
  Array.from({ length: 90 }, (_, i) => words[(seed * 31 + i * i * 7) % words.length]).join(' ');

function contentOf(n: number): PageContent {
  return {
    url: `https://site-${n % 50}.example/${n}`,
    title: `Page ${n}`,
    lang: 'en',
    type: 'article',
    firstReadAt: n,
    isPinned: false,
    passages: Array.from({ length: passagesPerPage }, (_, i) => ({ text: text(n * 100 + i) })),
  };
}

/** Embeddings are made beforehand: encoding is the engine's work, with or without sync. */
const vectors = Array.from({ length: pages * passagesPerPage }, (_, n) => {
  const vector = Float32Array.from({ length: dims }, (_, i) => Math.sin(n * 0.37 + i * (n % 17)));
  const length = Math.hypot(...vector) || 1;
  return vector.map((x) => x / length);
});

const { keys } = await createKeys('bench', 100_000);
const codec = await sealedCodec(keys, dims);

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function inCollection(
  work: (remote: QdrantRemote, client: QdrantClient, collection: string) => Promise<void>,
): Promise<void> {
  const collection = `dejalu-bench-${crypto.randomUUID()}`;
  const client = createClient({ url, apiKey, collection });
  const remote = new QdrantRemote(client, collection);
  await remote.create(dims);
  await work(remote, client, collection);
  await client.deleteCollection(collection).catch(() => undefined);
}

function mirrorOf(store: MemorySyncStore, remote: RemoteIndex): Mirror {
  return {
    store,
    remote,
    codec,
    model: 'bench',
    now: () => 0,
    isExcluded: () => false,
    embed: async ({ url: page }) => {
      const n = Number(page.split('/').at(-1));
      return vectors.slice(n * passagesPerPage, (n + 1) * passagesPerPage);
    },
  };
}

function filledStore(): MemorySyncStore {
  const store = new MemorySyncStore('bench');
  for (let n = 0; n < pages; n++) store.read(contentOf(n).url as PageKey, n, contentOf(n));
  return store;
}

async function pushAll(remote: RemoteIndex): Promise<void> {
  const mirror = mirrorOf(filledStore(), remote);
  while ((await pushOnce(mirror)) > 0);
}

/** The points a push makes, so that the bare client sends the very same. */
async function pointsOfPush(): Promise<readonly RemotePoint[]> {
  const points: RemotePoint[] = [];
  await pushAll({
    async write(operations) {
      for (const each of operations) if (each.kind === 'upsert') points.push(...each.points);
    },
  } as Partial<RemoteIndex> as RemoteIndex);
  return points;
}

async function uploadBare(
  client: QdrantClient,
  collection: string,
  points: readonly RemotePoint[],
): Promise<void> {
  for (let at = 0; at < points.length; at += batchLength) {
    await client.upsert(collection, {
      wait: true,
      points: points.slice(at, at + batchLength).map(({ id, vector, payload }) => ({
        id,
        payload: { ...payload },
        vector: vector === undefined ? {} : { [vectorName]: Array.from(vector) },
      })),
    });
  }
}

/** Reads every record point as it is, in as many requests as a pull makes. */
async function readBare(client: QdrantClient, collection: string): Promise<void> {
  for (let after = 0; ; ) {
    const { points } = await client.scroll(collection, {
      filter: {
        must: [
          { key: 'kind', match: { value: 'record' } },
          { key: 'sequence', range: { gt: after } },
        ],
      },
      order_by: { key: 'sequence', direction: 'asc' },
      limit: recordsPerPull,
      with_payload: true,
    });
    if (points.length === 0) return;
    after = Number(points.at(-1)?.payload?.sequence);
  }
}

const points = await pointsOfPush();
const times = { push: 0, pushBare: 0, pull: 0, pullBare: 0 };
// The first round warms up and is not counted.
for (let round = 0; round <= rounds; round++) {
  const add = (name: keyof typeof times, taken: number) => {
    if (round > 0) times[name] += taken;
  };
  await inCollection(async (_remote, client, collection) => {
    add('pushBare', await seconds(() => uploadBare(client, collection, points)));
    add('pullBare', await seconds(() => readBare(client, collection)));
  });
  await inCollection(async (remote) => {
    add('push', await seconds(() => pushAll(remote)));
    const other = mirrorOf(new MemorySyncStore('other'), remote);
    add('pull', await seconds(() => pullOnce(other)));
  });
}
child?.disconnect();

const rate = (taken: number) => Math.round((pages * passagesPerPage * rounds) / taken);
const line = (what: string, own: number, base: number) =>
  console.log(
    `${what}: ${rate(own)} passages/s; bare client, the same points: ${rate(base)}; ratio ${(base / own).toFixed(2)}`,
  );
console.log(
  `${pages} pages of ${passagesPerPage} passages, ${dims} dims, encrypted, ${child === null ? url : 'test server in its own process'}`,
);
line('pushed', times.push, times.pushBare);
line('pulled', times.pull, times.pullBare);
