import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import type { PageRecord } from '../core/sync/types.ts';
import type { Codec } from './codec.ts';
import type { RemoteOperation, RemotePoint } from './ports.ts';

/**
 * The points of a mirror. One record a page and device, written by that device alone, so no two
 * devices ever write the same point and none can undo another's write; readers merge.
 *
 * | kind | id made of | payload |
 * |---|---|---|
 * | `record` | page, device | page, device, sequence, epoch, body |
 * | `passage` | page, model, all its texts, number | page, epoch, index, site, day |
 * | `device` | device | device, sequence that is wholly written |
 * | `meta` | a constant | format, mirror, mode, key box |
 */
export const pointKinds = ['record', 'passage', 'device', 'meta'] as const;

/** Payload fields that the server filters by, with the kind of index each needs. */
export const payloadIndexes = {
  kind: 'keyword',
  page: 'keyword',
  device: 'keyword',
  site: 'keyword',
  sequence: 'integer',
  epoch: 'integer',
  day: 'integer',
} as const;

const dayMs = 24 * 60 * 60 * 1000;

const recordSchema = v.object({
  kind: v.literal('record'),
  page: v.string(),
  device: v.string(),
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1)),
  epoch: v.pipe(v.number(), v.integer(), v.minValue(0)),
  body: v.string(),
});

const headSchema = v.object({ device: v.string(), sequence: v.pipe(v.number(), v.integer()) });

const deviceSchema = v.object({
  kind: v.literal('device'),
  device: v.string(),
  sequence: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

function parse<T>(schema: v.GenericSchema<unknown, T>, point: RemotePoint, what: string): T {
  const parsed = v.safeParse(schema, point.payload);
  if (parsed.success) return parsed.output;
  const where = v.getDotPath(parsed.issues[0]) ?? 'the whole';
  throw new AppError('remote-failed', `A ${what} of the mirror has a wrong shape at "${where}".`);
}

function siteOf(url: string): string {
  return new URL(url).hostname.replace(/^www\./, '');
}

/**
 * Everything the server must do for one record, in order: the page's points of older epochs go,
 * passages that this edit no longer has go, the new ones come, the record last.
 */
export async function recordOperations(
  codec: Codec,
  record: PageRecord,
  model: string,
  vectors: readonly Float32Array[],
): Promise<readonly RemoteOperation[]> {
  const { state, sequence } = record;
  const [page, device, id] = await Promise.all([
    codec.name('page', state.key),
    codec.name('device', record.device),
    codec.uuid('record', state.key, record.device),
  ]);
  const [passages, body] = await Promise.all([
    passagePoints(codec, record, model, page, vectors),
    codec.encodeState(state, id),
  ]);
  const operations: RemoteOperation[] = [];
  if (state.epoch > 0) {
    operations.push({ kind: 'delete-older', page, beforeEpoch: state.epoch });
  }
  // A record without an edit knows of no passages, so it has none to call stale.
  if (state.edit !== null) {
    operations.push({ kind: 'delete-passages', page, keep: passages.map((point) => point.id) });
  }
  const payload = { kind: 'record', page, device, sequence, epoch: state.epoch, body };
  operations.push({ kind: 'upsert', points: [...passages, { id, payload }] });
  return operations;
}

async function passagePoints(
  codec: Codec,
  { state }: PageRecord,
  model: string,
  page: string,
  vectors: readonly Float32Array[],
): Promise<RemotePoint[]> {
  if (state.edit === null) return [];
  const { content, at } = state.edit;
  const site = await codec.name('site', siteOf(content.url));
  // Coarse on purpose: the day is enough to filter by, the minute would tell a day's rhythm.
  const day = Math.floor(at / dayMs);
  const texts = content.passages.map(({ text }) => text);
  const ids = await codec.passageIds(vectors.length, state.key, model, ...texts);
  return codec.vectors(vectors).map((vector, index) => ({
    id: ids[index] as string,
    vector,
    payload: { kind: 'passage', page, epoch: state.epoch, index, site, day },
  }));
}

/**
 * Whose a record is and where it stands in that device's order, which is known without a key. Null
 * for a point that another hand wrote or changed: it must not stop the rest.
 */
export function decodeHead(point: RemotePoint): { device: string; sequence: number } | null {
  const parsed = v.safeParse(headSchema, point.payload);
  return parsed.success ? parsed.output : null;
}

/** The inverse of {@link recordOperations} for its record point. */
export async function decodeRecord(codec: Codec, point: RemotePoint) {
  const { device, sequence, body } = parse(recordSchema, point, 'record');
  return { device, sequence, state: await codec.decodeState(body, point.id) };
}

/** The point that says how far a device's records are wholly written. */
export async function devicePoint(
  codec: Codec,
  device: string,
  sequence: number,
): Promise<RemotePoint> {
  const id = await codec.uuid('device', device);
  const payload = { kind: 'device', device: await codec.name('device', device), sequence };
  return { id, payload };
}

export function decodeDevice(point: RemotePoint): { device: string; sequence: number } {
  return parse(deviceSchema, point, 'device');
}
