import type { OutboxEntry, PageState } from '../core/sync/types.ts';
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

/** Pages a batch; the remote adapter splits it further where the server's limits ask for it. */
export const pagesPerPush = 64;

/** Pages made ready to send: sealed, named, their vectors turned. */
interface Batch {
  readonly entries: readonly OutboxEntry[];
  /** What each page asks of the server, in the order of the entries; nothing of an excluded one. */
  readonly operations: readonly (readonly RemoteOperation[])[];
  /** This device's mark: who reads it may take every record up to it for written. */
  readonly mark: RemoteOperation;
  readonly sequence: number;
}

/**
 * Sends all that waits, oldest first, and makes the next pages ready while the server writes. The
 * outbox is emptied only after the server has confirmed the records and, as the last of the same
 * writes, this device's mark, so a kill at any point repeats work and loses none: ids and sequences
 * are those of the entries, and writing them again changes nothing.
 *
 * A page that the server will not take by itself is put aside with the reason, so that it does not
 * stand in the way of the others.
 *
 * @param onSent told how many entries have left the outbox, after each batch
 */
export async function pushAll(
  mirror: Mirror,
  onSent: (entries: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  let next = prepare(mirror, 0);
  for (;;) {
    const batch = await next;
    if (batch === null) return;
    signal?.throwIfAborted();
    next = prepare(mirror, batch.sequence);
    // Observed when its turn comes; before that, the batch being sent may fail first.
    next.catch(() => undefined);
    const sent = await send(mirror, batch);
    await mirror.store.acknowledge(sent);
    onSent(batch.entries.length);
  }
}

/** Null when nothing waits after that sequence. */
async function prepare(mirror: Mirror, after: number): Promise<Batch | null> {
  const { store, codec, model, embed, isExcluded } = mirror;
  const entries = await store.pending(pagesPerPush, after);
  const last = entries.at(-1);
  if (last === undefined) return null;
  const device = await store.device();
  const states = await store.states(entries.map(({ key }) => key));
  const operations = await Promise.all(
    entries.map(async ({ sequence }, i) => {
      const state = states[i] as PageState;
      if (state.edit !== null && isExcluded(state.edit.content.url)) return [];
      const vectors = state.edit === null ? [] : await embed(state.edit.content);
      return recordOperations(codec, { device, sequence, state }, model, vectors);
    }),
  );
  const { sequence } = last;
  const mark = { kind: 'upsert' as const, points: [await devicePoint(codec, device, sequence)] };
  return { entries, operations, mark, sequence };
}

/** @returns the entries that were written */
async function send(
  mirror: Mirror,
  { entries, operations, mark }: Batch,
): Promise<readonly OutboxEntry[]> {
  try {
    await mirror.remote.write([...operations.flat(), mark]);
    return entries;
  } catch (error) {
    if (refusalOf(error) === null) throw error;
  }
  const sent: OutboxEntry[] = [];
  for (const [i, entry] of entries.entries()) {
    try {
      await mirror.remote.write(operations[i] ?? []);
      sent.push(entry);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      await mirror.store.putAside(entry, { ...refusal, at: mirror.now() });
    }
  }
  await mirror.remote.write([mark]);
  return sent;
}

/** Null when what was sent is not at fault. */
function refusalOf(error: unknown): { readonly reason: string; readonly message: string } | null {
  const reason = reasonOf(error);
  if (reason !== 'refused' && reason !== 'too-large') return null;
  return { reason, message: error instanceof Error ? error.message : String(error) };
}
