import type { PageState } from '../core/sync/types.ts';
import { remoteError } from './errors.ts';
import { decodeDevice, decodeRecord } from './layout.ts';
import type { RemotePoint } from './ports.ts';
import type { Mirror } from './push.ts';

/** Pages a request, and a local transaction. */
export const recordsPerPull = 128;

export interface PullResult {
  readonly received: number;
  /** Points that could not be read, by their id: kept aside, never in the way of the others. */
  readonly unreadable: readonly string[];
}

/**
 * Receives what other devices have sent since the last time, device by device in the order of their
 * sequence, never past the mark up to which the device's writes are whole. Pages are merged in the
 * transaction that moves the cursor; the next ones are asked for meanwhile.
 */
export async function pullOnce(mirror: Mirror, signal?: AbortSignal): Promise<PullResult> {
  const { store, remote, codec } = mirror;
  const own = await codec.name('device', await store.device());
  const cursors = await store.cursors();
  let received = 0;
  const unreadable: string[] = [];
  for (const point of await remote.devices()) {
    const { device, sequence: mark } = decodeDevice(point);
    if (device === own) continue;
    const cursor = cursors[device] ?? 0;
    let next = cursor < mark ? records(mirror, device, cursor, mark) : null;
    while (next !== null) {
      const { points, last } = await next;
      signal?.throwIfAborted();
      next = last < mark ? records(mirror, device, last, mark) : null;
      // Observed when its turn comes; before that, these pages may fail first.
      next?.catch(() => undefined);
      // Opened together, merged together.
      const states = await Promise.all(points.map((record) => openRecord(mirror, record)));
      for (const [i, { id }] of points.entries()) if (states[i] === null) unreadable.push(id);
      const told = states.filter((state) => state !== null);
      received += told.length;
      const taken = told.filter((state) => takesIn(mirror, state));
      await store.merge(taken, { device, sequence: last });
    }
  }
  return { received, unreadable };
}

/**
 * Some records of a device after a sequence, ascending, none past its mark, and where they end.
 * @throws AppError `remote-failed` when the server answers with others than were asked for
 */
async function records(
  { remote }: Mirror,
  device: string,
  after: number,
  mark: number,
): Promise<{ readonly points: readonly RemotePoint[]; readonly last: number }> {
  const found = await remote.recordsAfter(device, after, recordsPerPull);
  let last = after;
  for (const point of found) {
    const sequence = sequenceOf(point);
    if (!(sequence > last)) {
      throw remoteError(
        'invalid-answer',
        `Receiving pages: ${sequence} came after ${last}; each number must be above the one before.`,
      );
    }
    last = sequence;
  }
  const points = found.filter((point) => sequenceOf(point) <= mark);
  const isAll = points.length < recordsPerPull;
  return { points, last: isAll ? mark : last };
}

/** Past every mark when it is no number: such a record is never whole. */
function sequenceOf({ payload }: RemotePoint): number {
  const { sequence } = payload;
  return typeof sequence === 'number' ? sequence : Number.POSITIVE_INFINITY;
}

/** Pages of sites that are excluded here stay out, whoever read them. */
export function takesIn({ isExcluded }: Mirror, { edit }: PageState): boolean {
  return edit === null || !isExcluded(edit.content.url);
}

/** Null for a point that another hand wrote or changed: it must not stop the rest. */
export async function openRecord({ codec }: Mirror, point: RemotePoint): Promise<PageState | null> {
  try {
    return (await decodeRecord(codec, point)).state;
  } catch {
    // Its id is reported, which is all that is known of it.
    return null;
  }
}
