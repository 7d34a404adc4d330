import type { OutboxEntry } from '../core/sync/types.ts';
import type { Codec } from './codec.ts';
import { reasonOf } from './errors.ts';
import { devicePoint, recordOperations } from './layout.ts';
import type { EmbedPassages, RemoteIndex, RemoteOperation, SyncStore } from './ports.ts';

export interface Mirror {
  readonly store: SyncStore;
  readonly remote: RemoteIndex;
  readonly codec: Codec;
  readonly embed: EmbedPassages;
  /** Identity of the model the vectors are of. */
  readonly model: string;
  readonly now: () => number;
  /** Pages of these addresses are neither sent nor taken in. */
  readonly isExcluded: (url: string) => boolean;
}

/** Pages a request; the remote adapter splits it further where the server's limits ask for it. */
export const pagesPerPush = 64;

/**
 * Sends the oldest waiting pages. The outbox is emptied only after the server has confirmed the
 * records and then this device's mark, so a kill at any point repeats work and loses none: ids and
 * sequences are those of the entries, and writing them again changes nothing.
 *
 * A page that the server will not take by itself is put aside with the reason, so that it does not
 * stand in the way of the others.
 *
 * @returns how many entries left the outbox
 */
export async function pushOnce(mirror: Mirror): Promise<number> {
  const { store, remote, codec } = mirror;
  const entries = await store.pending(pagesPerPush);
  const last = entries.at(-1);
  if (last === undefined) return 0;
  const sent = await sendEntries(mirror, entries);
  // The mark moves only now: who reads it may take every record up to it for written.
  const device = await store.device();
  await remote.write([
    { kind: 'upsert', points: [await devicePoint(codec, device, last.sequence)] },
  ]);
  await store.acknowledge(sent);
  return entries.length;
}

/** @returns the entries that were written */
async function sendEntries(
  mirror: Mirror,
  entries: readonly OutboxEntry[],
): Promise<readonly OutboxEntry[]> {
  try {
    await mirror.remote.write(await operationsOf(mirror, entries));
    return entries;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== 'refused' && reason !== 'too-large') throw error;
    const [first] = entries;
    if (entries.length === 1 && first !== undefined) {
      const message = error instanceof Error ? error.message : String(error);
      await mirror.store.putAside(first, { reason, message, at: mirror.now() });
      return [];
    }
    const sent: OutboxEntry[] = [];
    for (const entry of entries) sent.push(...(await sendEntries(mirror, [entry])));
    return sent;
  }
}

async function operationsOf(
  mirror: Mirror,
  entries: readonly OutboxEntry[],
): Promise<readonly RemoteOperation[]> {
  const { store, codec, model } = mirror;
  const device = await store.device();
  const operations: RemoteOperation[] = [];
  for (const { key, sequence } of entries) {
    const state = await store.state(key);
    if (state.edit !== null && mirror.isExcluded(state.edit.content.url)) continue;
    const vectors = state.edit === null ? [] : await mirror.embed(state.edit.content);
    const record = { device, sequence, state };
    operations.push(...(await recordOperations(codec, record, model, vectors)));
  }
  return operations;
}
