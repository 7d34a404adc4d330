import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { TestQdrant } from '../../e2e/qdrant/server.ts';
import type { PageKey } from '../core/ids.ts';
import type { PageContent } from '../core/sync/types.ts';
import { sealedCodec } from './codec.ts';
import { createKeys } from './crypto.ts';
import { payloadIndexes } from './layout.ts';
import { MemorySyncStore } from './memory-sync-store.ts';
import { pullOnce } from './pull.ts';
import { type Mirror, pushAll } from './push.ts';
import { collectionSettings, createClient, QdrantRemote } from './qdrant-remote.ts';
import { takeFound } from './remote-search.ts';

/**
 * Development: the server of the tests held to Qdrant's own engine, request by request. It needs a
 * Python with `qdrant-edge-py`, which `QDRANT_EDGE_PYTHON` names; docs/sync.md says how.
 */
const python = process.env.QDRANT_EDGE_PYTHON ?? 'python3';
const hasEdge = spawnSync(python, ['-c', 'import qdrant_edge']).status === 0;
const leftOut = hasEdge ? '' : ` (left out: ${python} has no qdrant-edge-py)`;

const dims = 128;
const collection = 'dejalu';
const oracle = fileURLToPath(new URL('../../e2e/qdrant/edge-oracle.py', import.meta.url));

function embedding(text: string): Float32Array {
  const seed = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);
  const vector = Float32Array.from({ length: dims }, (_, i) => Math.sin(seed * (i + 1.3)));
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
}

function contentOf(n: number, version: number): PageContent {
  return {
    url: `https://site-${n % 7}.example/${n}`,
    title: `Page ${n}`,
    lang: 'en',
    type: 'article',
    firstReadAt: n,
    isPinned: false,
    passages: [0, 1, 2].map((i) => ({ text: `${n}, ${i === 0 ? 0 : version}, ${i}` })),
  };
}

interface Hit {
  readonly id: string;
  readonly score: number;
}

it.skipIf(!hasEdge)(
  `filters and ranks as the engine of Qdrant does${leftOut}`,
  async () => {
    const qdrant = await TestQdrant.start();
    const remote = new QdrantRemote(createClient({ url: qdrant.url, collection }), collection);
    await remote.create(dims);
    const codec = await sealedCodec((await createKeys('p', 100_000)).keys, dims);
    const [a, b] = [new MemorySyncStore('a'), new MemorySyncStore('b')];
    const mirrorOf = (store: MemorySyncStore): Mirror => ({
      store,
      remote,
      codec,
      model: 'test',
      now: () => 0,
      isExcluded: () => false,
      embed: async ({ passages }) => passages.map(({ text }) => embedding(text)),
    });
    const read = (store: MemorySyncStore, n: number, version: number) =>
      store.read(contentOf(n, version).url as PageKey, version, contentOf(n, version));
    for (let n = 0; n < 300; n++) read(a, n, 1);
    await pushAll(mirrorOf(a));
    await pullOnce(mirrorOf(b));
    for (let n = 0; n < 300; n += 3) read(b, n, 2);
    for (let n = 0; n < 300; n += 10) b.forget(contentOf(n, 0).url as PageKey);
    await pushAll(mirrorOf(b));
    for (let n = 0; n < 20; n++) {
      const signal = AbortSignal.timeout(60_000);
      await takeFound(mirrorOf(a), embedding(`${n * 14 + 1}, 1, 1`), signal);
    }
    await pullOnce(mirrorOf(a));
    await remote.count();

    const requests = qdrant.requests
      .filter(({ path }) => path.includes('/points'))
      .map(({ path, body }) => ({ path, body: JSON.parse(body) }));
    const { vectors } = collectionSettings(dims);
    const input = JSON.stringify({ vectors, indexes: payloadIndexes, requests });
    const run = spawnSync(python, [oracle], { input, encoding: 'utf8', maxBuffer: 1e9 });
    expect(run.stderr).toBe('');
    const answers: (null | number | string[] | [string, number][])[] = JSON.parse(run.stdout);

    // The server of the tests again from the start, so that each request meets the same points.
    qdrant.collections.clear();
    await remote.create(dims);
    let compared = 0;
    for (const [i, { path, body }] of requests.entries()) {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const { result } = await (await fetch(qdrant.url + path, init)).json();
      const expected = answers[i];
      if (expected === null || expected === undefined) continue;
      compared++;
      if (path.endsWith('/count')) expect(result.count).toBe(expected);
      else if (path.endsWith('/query')) {
        const hits: Hit[] = result.points;
        const own = new Map(hits.map(({ id, score }) => [id, score]));
        const theirs = expected as [string, number][];
        // Codes choose what is looked at again, and these vectors are as good as random: far ones
        // are all as near. The first places and the scores are exact.
        const shared = theirs.filter(([id]) => own.has(id));
        expect(shared.length).toBeGreaterThanOrEqual(0.5 * hits.length);
        expect(theirs.slice(0, 5).map(([id]) => id)).toEqual(hits.slice(0, 5).map(({ id }) => id));
        for (const [id, score] of shared) expect(own.get(id)).toBeCloseTo(score, 4);
      } else {
        const points: { id: string }[] = result.points ?? result;
        const ids = points.map(({ id }) => id);
        // An order by sequence is told; any other is the server's own.
        const isOrdered = body.order_by !== undefined;
        expect(isOrdered ? ids : ids.sort()).toEqual(
          isOrdered ? expected : [...(expected as string[])].sort(),
        );
      }
    }
    expect(compared).toBeGreaterThan(60);
    expect(qdrant.violations).toEqual([]);
    await qdrant.stop();
  },
  120_000,
);
