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
import { createTurnKernels } from '../src/kernels/turn-kernel.ts';
import { sealedCodec } from '../src/sync/codec.ts';
import { createKeys } from '../src/sync/crypto.ts';
import { MemorySyncStore } from '../src/sync/memory-sync-store.ts';
import type { RemoteIndex, RemotePoint } from '../src/sync/ports.ts';
import { pullOnce, recordsPerPull } from '../src/sync/pull.ts';
import { type Mirror, pushAll as push } from '../src/sync/push.ts';
import { createClient, QdrantRemote, vectorName } from '../src/sync/qdrant-remote.ts';

const dims = 384;
const pages = 400;
const passagesPerPage = 12;
const batchLength = 128;
const scrollLength = 256;
const rounds = 7;

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
const codec = await sealedCodec(keys, dims, createTurnKernels());

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

/** What was read is there before the clock runs: reading is no work of sync. */
function pushAll(store: MemorySyncStore, remote: RemoteIndex): Promise<void> {
  return push(mirrorOf(store, remote));
}

/** The points a push makes, so that the bare client sends the very same. */
async function pointsOfPush(): Promise<readonly RemotePoint[]> {
  const points: RemotePoint[] = [];
  await pushAll(filledStore(), {
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

/** Reads every passage back as it was sent, vector and payload, as a copy of the collection would. */
async function downloadBare(client: QdrantClient, collection: string): Promise<void> {
  let found = 0;
  let offset: string | number | undefined;
  do {
    const { points, next_page_offset } = await client.scroll(collection, {
      filter: { must: [{ key: 'kind', match: { value: 'passage' } }] },
      limit: scrollLength,
      ...(offset === undefined ? {} : { offset }),
      with_payload: true,
      with_vector: true,
    });
    found += points.length;
    offset = typeof next_page_offset === 'object' ? undefined : next_page_offset;
  } while (offset !== undefined);
  if (found !== pages * passagesPerPage) throw new Error(`The bare client read ${found} passages.`);
}

/** Reads every record as it is, neither opened nor merged: what a pull has to move at the least. */
async function readRecords(client: QdrantClient, collection: string): Promise<void> {
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
const taken = {
  push: [] as number[],
  upload: [] as number[],
  pull: [] as number[],
  download: [] as number[],
  records: [] as number[],
};
// The first round warms up and is not counted.
for (let round = 0; round <= rounds; round++) {
  const add = (name: keyof typeof taken, time: number) => {
    if (round > 0) taken[name].push(time);
  };
  await inCollection(async (_remote, client, collection) => {
    add('upload', await seconds(() => uploadBare(client, collection, points)));
    add('download', await seconds(() => downloadBare(client, collection)));
    add('records', await seconds(() => readRecords(client, collection)));
  });
  await inCollection(async (remote) => {
    const store = filledStore();
    add('push', await seconds(() => pushAll(store, remote)));
    const other = mirrorOf(new MemorySyncStore('other'), remote);
    add('pull', await seconds(() => pullOnce(other)));
  });
}
child?.disconnect();

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const rate = (times: readonly number[]) => Math.round((pages * passagesPerPage) / median(times));
function line(what: string, own: readonly number[], base: readonly number[], baseName: string) {
  const ratio = median(own.map((time, round) => (base[round] ?? 0) / time)).toFixed(2);
  console.log(
    `${what}: ${rate(own)} passages/s; the bare client's ${baseName}: ${rate(base)}; ratio ${ratio}`,
  );
}
console.log(
  `${pages} pages of ${passagesPerPage} passages, ${dims} dims, encrypted, ${child === null ? url : 'test server in its own process'}; medians of ${rounds} rounds`,
);
line('pushed', taken.push, taken.upload, 'upload of the same points');
line('pulled', taken.pull, taken.download, 'download of the same points');
line('pulled', taken.pull, taken.records, 'reading of the records, unopened');
