import { QdrantClient } from '@qdrant/js-client-rest';
import * as v from 'valibot';
import { fromClientError, reasonOf, remoteError } from './errors.ts';
import { payloadIndexes } from './layout.ts';
import type { RemoteHit, RemoteIndex, RemoteOperation, RemotePoint } from './ports.ts';
import { watchRetryAfter } from './retry-after.ts';

export interface QdrantAddress {
  /** Origin and optional path prefix, `http:` or `https:`. */
  readonly url: string;
  readonly apiKey?: string;
  readonly collection: string;
  readonly timeoutMs?: number;
}

/** Where a personal collection of a cluster is spread. */
export interface ClusterSettings {
  readonly shardNumber?: number;
  readonly replicationFactor?: number;
}

/** The vector's name: a named one, so that records and marks can be points without a vector. */
export const vectorName = 'text';

/** Well under Qdrant's limit of 32 MB a request, and short enough to answer within a time-out. */
const maxRequestBytes = 8 * 1024 * 1024;
const pointsPerUpsert = 128;

/** A client for an address. It sends nothing by itself: the version check is ours to ask for. */
export function createClient({ url, apiKey, timeoutMs = 30_000 }: QdrantAddress): QdrantClient {
  watchRetryAfter();
  const address = new URL(url);
  const port =
    address.port === '' ? (address.protocol === 'https:' ? 443 : 80) : Number(address.port);
  const prefix = address.pathname.replace(/\/+$/, '');
  return new QdrantClient({
    url: address.origin,
    port,
    timeout: timeoutMs,
    checkCompatibility: false,
    ...(prefix === '' ? {} : { prefix }),
    ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }),
  });
}

/** The collection's settings, also shown as a `curl` line when the key may not create it. */
export function collectionSettings(dims: number, cluster: ClusterSettings = {}) {
  return {
    vectors: {
      [vectorName]: {
        size: dims,
        distance: 'Cosine' as const,
        // Originals on disk, codes in memory: a million passages cost the server some 100 MB.
        on_disk: true,
        quantization_config: {
          // One bit is too coarse below 1,024 dims; Qdrant's own advice is two, and a finer query.
          binary: {
            encoding: 'two_bits' as const,
            query_encoding: 'scalar8bits' as const,
            always_ram: true,
          },
        },
      },
    },
    on_disk_payload: true,
    ...(cluster.shardNumber === undefined ? {} : { shard_number: cluster.shardNumber }),
    ...(cluster.replicationFactor === undefined
      ? {}
      : { replication_factor: cluster.replicationFactor }),
  };
}

const pointSchema = v.object({
  id: v.union([v.string(), v.number()]),
  payload: v.nullish(v.record(v.string(), v.unknown())),
});

const hitSchema = v.object({
  score: v.pipe(v.number(), v.finite()),
  payload: v.object({
    page: v.string(),
    index: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
});

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: string): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const where = v.getDotPath(parsed.issues[0]) ?? 'the whole';
  throw remoteError('invalid-answer', `${what}: the answer has a wrong shape at "${where}".`);
}

function toPoints(points: unknown, what: string): RemotePoint[] {
  return checked(v.array(pointSchema), points, what).map(({ id, payload }) => ({
    id: String(id),
    payload: payload ?? {},
  }));
}

type PointFilter = { has_id: string[] }[];

const matches = (key: string, value: string) => ({ key, match: { value } });

type BatchOperations = Parameters<QdrantClient['batchUpdate']>[1]['operations'];
type BatchOperation = BatchOperations[number];

/**
 * A vector as whole millionths. A cosine collection normalises what it is given, so the factor says
 * nothing; it makes a third of the text that all digits would, and twice as fast. Rounding moves no dot
 * product of unit vectors by more than some ten-millionths.
 */
function toNumbers(vector: Float32Array): number[] {
  const numbers: number[] = [];
  for (const x of vector) numbers.push(Math.round(x * 1e6));
  return numbers;
}

/** About the bytes of an operation as JSON, a little more than less. */
function sizeOf(operation: RemoteOperation): number {
  if (operation.kind === 'delete-older') return 300;
  if (operation.kind === 'delete-passages') return 300 + 40 * operation.keep.length;
  return operation.points.reduce((sum, { vector, payload }) => {
    const text = Object.values(payload).reduce(
      (length: number, value) => length + (typeof value === 'string' ? 3 * value.length : 20),
      0,
    );
    return sum + 200 + 12 * (vector?.length ?? 0) + text;
  }, 0);
}

function toBatchOperation(operation: RemoteOperation): BatchOperation {
  switch (operation.kind) {
    case 'upsert':
      return {
        upsert: {
          points: operation.points.map(({ id, vector, payload }) => ({
            id,
            payload: { ...payload },
            vector: vector === undefined ? {} : { [vectorName]: toNumbers(vector) },
          })),
        },
      };
    case 'delete-passages':
      return {
        delete: {
          filter: {
            must: [matches('page', operation.page), matches('kind', 'passage')],
            ...(operation.keep.length === 0 ? {} : { must_not: [{ has_id: [...operation.keep] }] }),
          },
        },
      };
    case 'delete-older':
      return {
        delete: {
          filter: {
            must: [
              matches('page', operation.page),
              { key: 'epoch', range: { lt: operation.beforeEpoch } },
            ],
          },
        },
      };
  }
}

/** Cuts operations into requests under the size limit, in order, each made when its turn comes. */
export function* intoRequests(operations: readonly RemoteOperation[]): Generator<BatchOperation[]> {
  let request: BatchOperation[] = [];
  let size = 0;
  for (const operation of operations.flatMap(inParts)) {
    const bytes = sizeOf(operation);
    if (request.length > 0 && size + bytes > maxRequestBytes) {
      yield request;
      request = [];
      size = 0;
    }
    request.push(toBatchOperation(operation));
    size += bytes;
  }
  if (request.length > 0) yield request;
}

/** An upsert of many points as several. */
function inParts(operation: RemoteOperation): readonly RemoteOperation[] {
  if (operation.kind !== 'upsert' || operation.points.length <= pointsPerUpsert) return [operation];
  const { points } = operation;
  return Array.from({ length: Math.ceil(points.length / pointsPerUpsert) }, (_, i) => ({
    kind: 'upsert' as const,
    points: points.slice(i * pointsPerUpsert, (i + 1) * pointsPerUpsert),
  }));
}

/** A mirror's collection on a Qdrant, one container or a cluster, through Qdrant's own client. */
export class QdrantRemote implements RemoteIndex {
  readonly #client: QdrantClient;
  readonly #collection: string;

  constructor(client: QdrantClient, collection: string) {
    this.#client = client;
    this.#collection = collection;
  }

  async #ask<T>(what: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw fromClientError(error, what);
    }
  }

  async write(operations: readonly RemoteOperation[]): Promise<void> {
    for (const request of intoRequests(operations)) {
      await this.#ask('Sending pages', () =>
        this.#client.batchUpdate(this.#collection, { wait: true, operations: request }),
      );
    }
  }

  async recordsAfter(device: string, sequence: number, limit: number) {
    const what = 'Receiving pages';
    const { points } = await this.#ask(what, () =>
      this.#client.scroll(this.#collection, {
        filter: {
          must: [
            matches('kind', 'record'),
            matches('device', device),
            { key: 'sequence', range: { gt: sequence } },
          ],
        },
        order_by: { key: 'sequence', direction: 'asc' },
        limit,
        with_payload: true,
        with_vector: false,
      }),
    );
    return toPoints(points, what);
  }

  async recordHeads(pages: readonly string[]) {
    const what = 'Looking for pages';
    const { points } = await this.#ask(what, () =>
      this.#client.scroll(this.#collection, {
        filter: {
          must: [matches('kind', 'record'), { key: 'page', match: { any: [...pages] } }],
        },
        limit: 1_000,
        with_payload: ['device', 'sequence'],
        with_vector: false,
      }),
    );
    return toPoints(points, what);
  }

  async readPoints(ids: readonly string[]) {
    const what = 'Receiving pages';
    const points = await this.#ask(what, () =>
      this.#client.retrieve(this.#collection, {
        ids: [...ids],
        with_payload: true,
        with_vector: false,
      }),
    );
    return toPoints(points, what);
  }

  async devices() {
    return this.#scrollAll('Looking for other devices', [matches('kind', 'device')]);
  }

  /** The point in which the mirror says what it is; null in an empty collection. */
  async meta(): Promise<RemotePoint | null> {
    return (await this.#scrollAll('Opening the mirror', [matches('kind', 'meta')]))[0] ?? null;
  }

  async #scrollAll(what: string, must: ReturnType<typeof matches>[]): Promise<RemotePoint[]> {
    const { points } = await this.#ask(what, () =>
      this.#client.scroll(this.#collection, {
        filter: { must },
        limit: 1_000,
        with_payload: true,
        with_vector: false,
      }),
    );
    return toPoints(points, what);
  }

  async search(vector: Float32Array, limit: number, signal: AbortSignal): Promise<RemoteHit[]> {
    const what = 'Searching the mirror';
    signal.throwIfAborted();
    const { points } = await this.#ask(what, () =>
      this.#client.query(this.#collection, {
        query: toNumbers(vector),
        using: vectorName,
        filter: { must: [matches('kind', 'passage')] },
        limit,
        params: { quantization: { rescore: true, oversampling: 3 } },
        with_payload: ['page', 'index'],
      }),
    );
    signal.throwIfAborted();
    return checked(v.array(hitSchema), points, what).map(({ score, payload }) => ({
      page: payload.page,
      passageIndex: payload.index,
      score,
    }));
  }

  count(): Promise<number> {
    return this.#count({});
  }

  async #count(filter: { readonly must_not?: PointFilter }): Promise<number> {
    const what = 'Counting';
    const answer = await this.#ask(what, () =>
      this.#client.count(this.#collection, { exact: true, filter }),
    );
    return checked(
      v.object({ count: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
      answer,
      what,
    ).count;
  }

  /**
   * Page by page of 1,000 points, so that a person can watch the count fall.
   * @param kept the one point that stays
   */
  async deleteEverything(onProgress?: (left: number) => void, kept?: string): Promise<void> {
    const filter = kept === undefined ? {} : { must_not: [{ has_id: [kept] }] };
    for (;;) {
      const what = 'Deleting';
      const { points } = await this.#ask(what, () =>
        this.#client.scroll(this.#collection, {
          filter,
          limit: 1_000,
          with_payload: false,
          with_vector: false,
        }),
      );
      const ids = toPoints(points, what).map((point) => point.id);
      if (ids.length === 0) return;
      await this.#ask(what, () =>
        this.#client.delete(this.#collection, { wait: true, points: ids }),
      );
      onProgress?.(await this.#count(filter));
    }
  }

  /** Creates the collection and, before any upload, the indexes its filters need. */
  async create(dims: number, cluster: ClusterSettings = {}): Promise<void> {
    await this.#ask('Creating the collection', () =>
      this.#client.createCollection(this.#collection, collectionSettings(dims, cluster)),
    );
    await this.createIndexes();
  }

  async createIndexes(): Promise<void> {
    for (const [field_name, field_schema] of Object.entries(payloadIndexes)) {
      await this.#ask('Creating an index', () =>
        this.#client.createPayloadIndex(this.#collection, { field_name, field_schema, wait: true }),
      );
    }
  }

  async exists(): Promise<boolean> {
    try {
      await this.#client.getCollection(this.#collection);
      return true;
    } catch (thrown) {
      const error = fromClientError(thrown, 'Looking for the collection');
      if (reasonOf(error) === 'not-found') return false;
      throw error;
    }
  }
}
