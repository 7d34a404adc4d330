import type { SyncMode } from '../engine/sync-api.ts';
import { createKeys, type KeyBox, type MirrorKeys } from './crypto.ts';
import { metaPoint } from './mirror-meta.ts';
import type { QdrantRemote } from './qdrant-remote.ts';

/**
 * What a person began and what comes before everything else. It is kept with the settings, each step
 * may be done twice, and so it goes on after any kill until it is done.
 */
export type SyncTask =
  | { readonly kind: 'delete-everything' }
  | {
      readonly kind: 'new-mirror';
      readonly mirror: string;
      readonly mode: SyncMode;
      /** Null in plain mode, as the keys. */
      readonly box: KeyBox | null;
      readonly keys: MirrorKeys | null;
    };

export type NewMirror = Extract<SyncTask, { kind: 'new-mirror' }>;

/** A mirror that nobody has joined yet, with new keys. */
export async function newMirror(mode: SyncMode, passphrase: string): Promise<NewMirror> {
  const made = mode === 'sealed' ? await createKeys(passphrase) : { keys: null, box: null };
  return { kind: 'new-mirror', mirror: crypto.randomUUID(), mode, ...made };
}

/**
 * Puts a new mirror in the place of the one that is there. Its description first: other devices see
 * that theirs is gone before they would write with keys that nobody reads any more.
 */
export async function replaceMirror(
  remote: QdrantRemote,
  { mirror, mode, box }: NewMirror,
  onLeft: (left: number) => void,
): Promise<void> {
  const point = metaPoint({ mirror, mode, box });
  await remote.write([{ kind: 'upsert', points: [point] }]);
  await remote.deleteEverything(onLeft, point.id);
}
