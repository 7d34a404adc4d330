import type { Codec } from './codec.ts';
import { devicePoint, recordOperations } from './layout.ts';
import type { EmbedPassages, RemoteIndex, RemoteOperation, SyncStore } from './ports.ts';

export interface Mirror {
  readonly store: SyncStore;
  readonly remote: RemoteIndex;
  readonly codec: Codec;
  readonly embed: EmbedPassages;
  /** Identity of the model the vectors are of. */
  readonly model: string;
}

/** Pages a request; the remote adapter splits it further where the server's limits ask for it. */
export const pagesPerPush = 16;

/**
 * Sends the oldest waiting pages. The outbox is emptied only after the server has confirmed the
 * records and then this device's mark, so a kill at any point repeats work and loses none: ids and
 * sequences are those of the entries, and writing them again changes nothing.
 *
 * @returns how many entries were sent
 */
export async function pushOnce(mirror: Mirror): Promise<number> {
  const { store, remote, codec } = mirror;
  const entries = await store.pending(pagesPerPush);
  const last = entries.at(-1);
  if (last === undefined) return 0;
  const device = await store.device();
  const operations: RemoteOperation[] = [];
  for (const { key, sequence } of entries) {
    const state = await store.state(key);
    const vectors = state.edit === null ? [] : await mirror.embed(state.edit.content);
    const record = { device, sequence, state };
    operations.push(...(await recordOperations(codec, record, mirror.model, vectors)));
  }
  await remote.write(operations);
  // The mark moves only now: who reads it may take every record up to it for written.
  await remote.write([
    { kind: 'upsert', points: [await devicePoint(codec, device, last.sequence)] },
  ]);
  await store.acknowledge(entries);
  return entries.length;
}
