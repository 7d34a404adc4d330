import type { QdrantClient } from '@qdrant/js-client-rest';
import * as v from 'valibot';
import { fromClientError, type RemoteReason, reasonOf, remoteError } from './errors.ts';
import { payloadIndexes } from './layout.ts';
import {
  type ClusterSettings,
  collectionSettings,
  createClient,
  type QdrantAddress,
  vectorName,
} from './qdrant-remote.ts';

/** The oldest Qdrant that knows two-bit codes with a finer query (1.15). */
export const oldestVersion = [1, 15] as const;

/** What a test of the connection found, in the order in which it is looked for. */
export type ConnectionResult =
  | { readonly ok: true; readonly version: string; readonly hasCollection: boolean }
  | { readonly ok: false; readonly reason: RemoteReason; readonly message: string };

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether an address may carry a key: `https`, or `http` to this machine alone. Anything else
 * needs the person's word, since whoever is on the way could read the key.
 *
 * @returns null when it may, else why not
 */
export function whyInsecure(url: string): string | null {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    return `"${url}" is not an address. It looks like https://qdrant.example:6333.`;
  }
  if (address.protocol === 'https:') return null;
  if (address.protocol !== 'http:') {
    return `The address must begin with https:// or http://, not ${address.protocol}//.`;
  }
  if (loopback.test(address.hostname)) return null;
  return `${address.hostname} is not this machine, and http:// is not encrypted: the key and the traffic could be read on the way.`;
}

const rootSchema = v.object({
  title: v.pipe(v.string(), v.regex(/qdrant/i)),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+/)),
});

const quantization = v.nullish(v.record(v.string(), v.looseObject({})));
const collectionSchema = v.object({
  config: v.object({
    params: v.object({
      vectors: v.record(
        v.string(),
        v.object({
          size: v.number(),
          distance: v.string(),
          on_disk: v.nullish(v.boolean()),
          quantization_config: quantization,
        }),
      ),
    }),
    quantization_config: quantization,
  }),
});

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1]);
}

async function versionOf(client: QdrantClient): Promise<string> {
  let answer: unknown;
  try {
    answer = await client.versionInfo();
  } catch (error) {
    throw fromClientError(error, 'Saying hello');
  }
  const root = v.safeParse(rootSchema, answer);
  if (!root.success) {
    throw remoteError('not-qdrant', 'Something answers at this address, but it is not a Qdrant.');
  }
  const { version } = root.output;
  if (isOld(version)) {
    throw remoteError(
      'version-too-old',
      `This Qdrant is version ${version}; ${oldestVersion.join('.')} or newer is needed.`,
    );
  }
  return version;
}

/** @returns whether the collection is there; throws when it is of another shape */
async function checkCollection(
  client: QdrantClient,
  collection: string,
  dims: number,
): Promise<boolean> {
  let info: unknown;
  try {
    info = await client.getCollection(collection);
  } catch (thrown) {
    const error = fromClientError(thrown, 'Looking for the collection');
    if (reasonOf(error) === 'not-found') return false;
    throw error;
  }
  const parsed = v.safeParse(collectionSchema, info);
  const config = parsed.success ? parsed.output.config : undefined;
  const found = config?.params.vectors[vectorName];
  if (found?.size === dims && found.distance === 'Cosine') {
    const codes = Object.values(found.quantization_config ?? config?.quantization_config ?? {});
    if (found.on_disk === true && codes.some(({ always_ram }) => always_ram === true)) return true;
    throw remoteError(
      'wrong-collection',
      `The collection "${collection}" does not keep codes in memory and originals on disk: its vector "${vectorName}" needs on_disk and a quantization with always_ram. Choose another name.`,
    );
  }
  const has = found ? `${found.size} dims by ${found.distance}` : 'no vector of that name';
  throw remoteError(
    'wrong-collection',
    `The collection "${collection}" is of another shape: it has ${has}, this model needs "${vectorName}" of ${dims} dims by Cosine. Choose another name.`,
  );
}

/**
 * A key that may only read passes everything above; an empty delete shows whether it may write, also
 * where there is no collection yet: whether a key may comes before whether a collection is there.
 */
async function checkWrite(client: QdrantClient, collection: string): Promise<void> {
  try {
    await client.delete(collection, { wait: true, points: [] });
  } catch (thrown) {
    const error = fromClientError(thrown, 'Trying to write');
    if (reasonOf(error) !== 'not-found') throw error;
  }
}

/** Looks at an address from the outside in and says in plain words what is wrong first. */
export async function testConnection(
  address: QdrantAddress,
  dims: number,
): Promise<ConnectionResult> {
  const { url, collection } = address;
  const client = createClient(address);
  try {
    const version = await versionOf(client);
    const hasCollection = await checkCollection(client, collection, dims);
    await checkWrite(client, collection);
    return { ok: true, version, hasCollection };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null || !(error instanceof Error)) throw error;
    if (reason === 'unreachable' && url.startsWith('https:')) {
      const message =
        'No secure connection: nothing answers at this address, or its certificate is not one that the browser trusts.';
      return { ok: false, reason: 'certificate', message };
    }
    return { ok: false, reason, message: error.message };
  }
}

/** Lines for a shell that make the collection with a key that may, when the stored one may not. */
export function curlForCollection(
  url: string,
  collection: string,
  dims: number,
  cluster: ClusterSettings = {},
): string {
  const base = `${url.replace(/\/+$/, '')}/collections/${encodeURIComponent(collection)}`;
  const header = `-H 'api-key: YOUR-MANAGE-KEY' -H 'Content-Type: application/json'`;
  const line = (path: string, body: unknown) =>
    `curl -X PUT '${base}${path}' ${header} -d '${JSON.stringify(body)}'`;
  return [
    line('', collectionSettings(dims, cluster)),
    ...Object.entries(payloadIndexes).map(([field_name, field_schema]) =>
      line('/index?wait=true', { field_name, field_schema }),
    ),
  ].join('\n');
}
