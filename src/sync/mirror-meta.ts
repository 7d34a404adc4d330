import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { type SyncMode, syncModes } from '../engine/sync-api.ts';
import type { KeyBox } from './crypto.ts';
import type { RemotePoint } from './ports.ts';

/** What a mirror says about itself, readable by its server. */
export interface MirrorMeta {
  /** Random; another one means that the mirror was made anew. */
  readonly mirror: string;
  readonly mode: SyncMode;
  /** Null in plain mode. */
  readonly box: KeyBox | null;
}

/** Version of the points of a mirror; docs/sync.md describes them. */
export const mirrorFormat = 1;

/** The one point that every device can name before it has any key. */
const metaId = '64656a61-6c75-8d65-8461-000000000001';

const schema = v.object({
  kind: v.literal('meta'),
  format: v.pipe(v.number(), v.integer(), v.minValue(1)),
  mirror: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  mode: v.picklist(syncModes),
  box: v.nullable(
    v.object({
      kdf: v.literal('PBKDF2-SHA256'),
      iterations: v.number(),
      salt: v.string(),
      wrapped: v.string(),
    }),
  ),
});

export function metaPoint({ mirror, mode, box }: MirrorMeta): RemotePoint {
  return { id: metaId, payload: { kind: 'meta', format: mirrorFormat, mirror, mode, box } };
}

/** @throws AppError `remote-failed` with reason `wrong-collection` for anything but a mirror's meta */
export function decodeMeta(point: RemotePoint): MirrorMeta {
  const wrong = (message: string) =>
    new AppError('remote-failed', message, { details: { reason: 'wrong-collection' } });
  const parsed = v.safeParse(schema, point.payload);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? 'the whole';
    throw wrong(`The collection's own description has a wrong shape at "${where}".`);
  }
  const { format, mirror, mode, box } = parsed.output;
  if (format > mirrorFormat) {
    throw wrong(`The mirror is of format ${format}; this version reads up to ${mirrorFormat}.`);
  }
  if ((mode === 'sealed') !== (box !== null)) {
    throw wrong(`The mirror is ${mode}, and its key box does not fit that.`);
  }
  return { mirror, mode, box };
}
