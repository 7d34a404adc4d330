import { AppError } from '../core/errors.ts';
import type { CreateTurnKernel } from '../core/sync/turn.ts';
import type { SyncAddress, SyncMode, SyncSetUpRequest } from '../engine/sync-api.ts';
import { type Codec, plainCodec, sealedCodec } from './codec.ts';
import { testConnection, whyInsecure } from './connection.ts';
import { createKeys, type MirrorKeys, openKeys } from './crypto.ts';
import { remoteError } from './errors.ts';
import { decodeMeta, type MirrorMeta, metaPoint } from './mirror-meta.ts';
import { createClient, QdrantRemote } from './qdrant-remote.ts';

/** What a device keeps of its sync, in the store's setup row. Keys cannot be exported from it. */
export interface SyncSettings {
  readonly url: string;
  readonly apiKey: string;
  readonly collection: string;
  readonly mode: SyncMode;
  readonly mirror: string;
  /** Null in plain mode. */
  readonly keys: MirrorKeys | null;
  readonly isPaused: boolean;
  readonly avoidsMetered: boolean;
}

/** @throws AppError `bad-request` with reason `insecure` */
export function checkAddress({ url, allowsInsecure }: SyncAddress): void {
  const why = whyInsecure(url);
  const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (why === null || (isAddress && allowsInsecure)) return;
  throw new AppError('bad-request', why, {
    details: { reason: isAddress ? 'insecure' : 'address' },
  });
}

export function remoteAt(address: Pick<SyncAddress, 'url' | 'apiKey' | 'collection'>) {
  return new QdrantRemote(createClient(address), address.collection);
}

export function codecOf(
  { keys }: SyncSettings,
  dims: number,
  createTurn?: CreateTurnKernel,
): Promise<Codec> {
  return keys === null ? plainCodec() : sealedCodec(keys, dims, createTurn);
}

export async function readMeta(remote: QdrantRemote): Promise<MirrorMeta | null> {
  const point = await remote.meta();
  return point === null ? null : decodeMeta(point);
}

/** Keys of a mirror that is there. */
async function join(meta: MirrorMeta, request: SyncSetUpRequest): Promise<MirrorKeys | null> {
  if (meta.mode !== request.mode) {
    throw new AppError('bad-request', `The mirror in this collection is ${meta.mode}.`, {
      details: { reason: 'mode', mode: meta.mode },
    });
  }
  return meta.box === null ? null : openKeys(meta.box, request.passphrase);
}

/**
 * Joins the mirror at an address; makes the collection, its indexes and the mirror where they are
 * missing. Whoever of two devices writes a new mirror's description last, both read it again.
 */
export async function setUp(request: SyncSetUpRequest, dims: number): Promise<SyncSettings> {
  checkAddress(request);
  const { url, apiKey, collection, mode, passphrase, shardNumber, replicationFactor } = request;
  if (mode === 'sealed' && passphrase === '') {
    throw new AppError('bad-request', 'An encrypted mirror needs a passphrase.', {
      details: { reason: 'passphrase' },
    });
  }
  const found = await testConnection(createClient(request), collection, dims);
  if (!found.ok) throw remoteError(found.reason, found.message);
  const remote = remoteAt(request);
  if (found.hasCollection) await remote.createIndexes();
  else {
    await remote.create(dims, {
      ...(shardNumber === undefined ? {} : { shardNumber }),
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
    });
  }
  if ((await remote.meta()) === null) {
    const box = mode === 'sealed' ? (await createKeys(passphrase)).box : null;
    const meta = { mirror: crypto.randomUUID(), mode, box };
    await remote.write([{ kind: 'upsert', points: [metaPoint(meta)] }]);
  }
  const meta = await readMeta(remote);
  if (meta === null) {
    throw remoteError('invalid-answer', 'The mirror was written and is not there.');
  }
  const keys = await join(meta, request);
  const { mirror } = meta;
  return { url, apiKey, collection, mode, mirror, keys, isPaused: false, avoidsMetered: false };
}
