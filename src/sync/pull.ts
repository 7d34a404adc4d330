import { compareEdits } from '../core/sync/merge.ts';
import type { PageState } from '../core/sync/types.ts';
import { decodeDevice, decodeRecord } from './layout.ts';
import type { RemotePoint } from './ports.ts';
import type { Mirror } from './push.ts';

export const recordsPerPull = 64;

export interface PullResult {
  readonly received: number;
  /** Points that could not be read, by their id: kept aside, never in the way of the others. */
  readonly unreadable: readonly string[];
}

/** Whether this device must send the page again: its own state says more than what it received. */
function mustResend(merged: PageState, received: PageState): boolean {
  if (merged.epoch > received.epoch) return received.edit !== null;
  if (merged.edit === null || received.edit === null) return false;
  return compareEdits(merged.edit, received.edit) > 0;
}

/**
 * Receives what other devices have sent since the last time, device by device in the order of their
 * sequence, never past the mark up to which the device's writes are whole. Each record is merged in
 * one local transaction before the cursor moves.
 */
export async function pullOnce(mirror: Mirror): Promise<PullResult> {
  const { store, remote, codec } = mirror;
  const own = await codec.name('device', await store.device());
  const cursors = await store.cursors();
  let received = 0;
  const unreadable: string[] = [];
  for (const point of await remote.devices()) {
    const { device, sequence: mark } = decodeDevice(point);
    if (device === own) continue;
    let cursor = cursors[device] ?? 0;
    while (cursor < mark) {
      const records = await remote.recordsAfter(device, cursor, recordsPerPull);
      const whole = records.filter((record) => sequenceOf(record) <= mark);
      // Opened together, merged one after the other.
      const states = await Promise.all(whole.map((record) => open(mirror, record)));
      for (const [i, record] of whole.entries()) {
        const state = states[i] ?? null;
        if (state === null) unreadable.push(record.id);
        else {
          await receive(mirror, state);
          received++;
        }
        cursor = sequenceOf(record);
        await store.setCursor(device, cursor);
      }
      if (whole.length < recordsPerPull) {
        cursor = mark;
        await store.setCursor(device, cursor);
      }
    }
  }
  return { received, unreadable };
}

function sequenceOf(point: RemotePoint): number {
  const { sequence } = point.payload;
  return typeof sequence === 'number' ? sequence : Number.POSITIVE_INFINITY;
}

/** Null for a point that another hand wrote or changed: it must not stop the rest. */
async function open({ codec }: Mirror, point: RemotePoint): Promise<PageState | null> {
  try {
    return (await decodeRecord(codec, point)).state;
  } catch {
    // Its id is reported, which is all that is known of it.
    return null;
  }
}

async function receive({ store, isExcluded }: Mirror, state: PageState): Promise<void> {
  // What this device must not read, it does not take from another either.
  if (state.edit !== null && isExcluded(state.edit.content.url)) return;
  const before = await store.state(state.key);
  const merged = await store.merge(state, { resend: false });
  if (mustResend(merged, state) && sayTheSame(before, merged)) {
    await store.merge(merged, { resend: true });
  }
}

/** Only the device whose own state won sends it again; one that took it over stays quiet. */
function sayTheSame(a: PageState, b: PageState): boolean {
  if (a.epoch !== b.epoch) return false;
  if (a.edit === null || b.edit === null) return a.edit === b.edit;
  return compareEdits(a.edit, b.edit) === 0;
}
