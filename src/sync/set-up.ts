import { AppError } from '../core/errors.ts';
import type { CreateTurnKernel } from '../core/sync/turn.ts';
import type { SyncAddress, SyncSetUpRequest } from '../engine/sync-api.ts';
import { type Codec, plainCodec, sealedCodec } from './codec.ts';
import { curlForCollection, testConnection, whyInsecure } from './connection.ts';
import { type MirrorKeys, openKeys } from './crypto.ts';
import { reasonOf, remoteError } from './errors.ts';
import { decodeMeta, type MirrorMeta, metaPoint } from './mirror-meta.ts';
import { type ClusterSettings, createClient, QdrantRemote } from './qdrant-remote.ts';
import { atFirst, type SyncSettings } from './settings.ts';
import { newMirror } from './task.ts';

/** @throws AppError `bad-request` with reason `insecure` */
export function checkAddress({ url, allowsInsecure }: SyncAddress): void {
  const why = whyInsecure(url);
  const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (why === null || (isAddress && allowsInsecure)) return;
  throw new AppError('bad-request', why, {
    details: { reason: isAddress ? 'insecure' : 'address' },
  });
}

export function remoteAt(
  { url, apiKey, collection }: Pick<SyncAddress, 'url' | 'apiKey' | 'collection'>,
  timeoutMs?: number,
) {
  const address = { url, apiKey, collection, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  return new QdrantRemote(createClient(address), collection);
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
export async function keysOf(
  meta: MirrorMeta,
  { mode, passphrase }: Pick<SyncSetUpRequest, 'mode' | 'passphrase'>,
): Promise<MirrorKeys | null> {
  if (meta.mode !== mode) {
    throw new AppError('bad-request', `The mirror in this collection is ${meta.mode}.`, {
      details: { reason: 'mode', mode: meta.mode },
    });
  }
  return meta.box === null ? null : openKeys(meta.box, passphrase);
}

/** A key that may write and not create is told the lines for one that may. */
async function create(
  remote: QdrantRemote,
  curl: string,
  dims: number,
  cluster: ClusterSettings,
): Promise<void> {
  try {
    await remote.create(dims, cluster);
  } catch (cause) {
    if (reasonOf(cause) !== 'read-only') throw cause;
    throw new AppError('remote-failed', 'The key may not make collections.', {
      cause,
      details: { reason: 'may-not-create', curl },
    });
  }
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
  const found = await testConnection({ url, apiKey, collection }, dims);
  if (!found.ok) throw remoteError(found.reason, found.message);
  const remote = remoteAt(request);
  if (found.hasCollection) await remote.createIndexes();
  else {
    const cluster = {
      ...(shardNumber === undefined ? {} : { shardNumber }),
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
    };
    await create(remote, curlForCollection(url, collection, dims, cluster), dims, cluster);
  }
  if ((await remote.meta()) === null) {
    const made = await newMirror(mode, passphrase);
    await remote.write([{ kind: 'upsert', points: [metaPoint(made)] }]);
  }
  const meta = await readMeta(remote);
  if (meta === null) {
    throw remoteError('invalid-answer', 'The mirror was written and is not there.');
  }
  const keys = await keysOf(meta, request);
  const { mirror } = meta;
  return { url, apiKey, collection, mode, mirror, keys, ...atFirst };
}
