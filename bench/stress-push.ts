import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { OutboxEntry } from '../src/core/sync/types.ts';
import { plainCodec } from '../src/sync/codec.ts';
import { MemorySyncStore } from '../src/sync/memory-sync-store.ts';
import { pushAll } from '../src/sync/push.ts';
import { createClient, QdrantRemote } from '../src/sync/qdrant-remote.ts';
import { contentOf, keyOf, stressDims, vectorsOf } from './stress-pages.ts';

/**
 * Sends all pages of a device whose outbox is on the disk, until it is killed or done. The pages and
 * their order are always the same, so the disk keeps only what has left the outbox.
 */
const [url = '', collection = '', file = '', pages = '0'] = process.argv.slice(2);

class DiskStore extends MemorySyncStore {
  override async acknowledge(entries: readonly OutboxEntry[]): Promise<void> {
    // One write of a short line: it is there as a whole or not at all.
    appendFileSync(file, `${JSON.stringify(entries.map(({ sequence }) => sequence))}\n`);
    await super.acknowledge(entries);
  }
}

const store = new DiskStore('killed');
for (let n = 0; n < Number(pages); n++) store.read(keyOf(n), n, contentOf(n, 0));
if (existsSync(file)) {
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const done = new Set<number>(JSON.parse(line));
    const entries = await store.pending(Number.MAX_SAFE_INTEGER);
    const gone = entries.filter(({ sequence }) => done.has(sequence));
    await MemorySyncStore.prototype.acknowledge.call(store, gone);
  }
}
await pushAll({
  store,
  remote: new QdrantRemote(createClient({ url, collection }), collection),
  codec: await plainCodec(),
  model: 'stress',
  now: () => 0,
  isExcluded: () => false,
  embed: async (content) => vectorsOf(content, stressDims),
});
process.send?.(await store.pendingCount());
process.disconnect?.();
