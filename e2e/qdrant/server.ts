import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Collection, type Point } from './collection.ts';
import { checkAnswer, checkError, checkRequest, matchPath } from './contract.ts';

/**
 * What goes wrong with one request. `lost-answer`: the write is done, its answer never arrives;
 * `reset-mid-body`: half of it does, then the connection breaks.
 */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset-mid-body' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'lost-answer' }
  /** Nothing is said until the client gives up. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'not-qdrant' };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface TestQdrantOptions {
  readonly version?: string;
  readonly apiKey?: string;
  /** Requests with this key may read only. */
  readonly readOnlyKey?: string;
  /** Requests with this key may do everything but make collections, as a token for one collection. */
  readonly collectionKey?: string;
  /** Speaks https, with a certificate that nobody signed. Only as it is started. */
  readonly isSelfSigned?: boolean;
  /** By how much the server's clock is wrong. */
  readonly clockSkewMs?: number;
  readonly faultFor?: (request: SeenRequest) => Fault | null;
}

/** Qdrant answers a wrong request with its status and the reason under `status.error`. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * A Qdrant for tests: holds real points, answers by HTTP as the real one, and holds every request
 * and every answer to Qdrant's published OpenAPI document.
 */
export class TestQdrant {
  readonly collections = new Map<string, Collection>();
  readonly requests: SeenRequest[] = [];
  /** Requests or answers that did not fit the document; a test asserts that it is empty. */
  readonly violations: string[] = [];
  options: TestQdrantOptions;
  readonly #server: Server;

  private constructor(options: TestQdrantOptions) {
    this.options = options;
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    const pem = () => readFileSync(new URL('./self-signed.pem', import.meta.url));
    this.#server = options.isSelfSigned
      ? createSecureServer({ key: pem(), cert: pem() }, answer)
      : createServer(answer);
  }

  static async start(options: TestQdrantOptions = {}): Promise<TestQdrant> {
    const qdrant = new TestQdrant(options);
    await new Promise<void>((resolve) => qdrant.#server.listen(0, '127.0.0.1', resolve));
    return qdrant;
  }

  get url(): string {
    const scheme = this.options.isSelfSigned ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get #version(): string {
    return this.options.version ?? '1.19.0';
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen: SeenRequest = {
      method: (request.method ?? 'GET').toLowerCase(),
      path: new URL(request.url ?? '/', 'http://localhost').pathname,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    const { clockSkewMs = 0 } = this.options;
    if (clockSkewMs !== 0) {
      response.setHeader('date', new Date(Date.now() + clockSkewMs).toUTCString());
    }
    // As Qdrant does it with `enable_cors`, its default.
    response.setHeader('access-control-allow-origin', '*');
    if (seen.method === 'options') {
      response.setHeader('access-control-allow-headers', '*');
      response.setHeader('access-control-allow-methods', '*');
      response.writeHead(200);
      response.end();
      return;
    }
    this.requests.push(seen);
    const fault = this.options.faultFor?.(seen) ?? null;
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'not-qdrant')
      return send(response, 200, '<html>It works!</html>', 'text/html');
    if (fault?.kind === 'status') {
      const body = errorBody(`fault ${fault.status}`);
      this.#checkError(seen, body);
      return send(response, fault.status, body, undefined, fault.headers);
    }
    let status = 200;
    let body: string;
    try {
      this.#authorise(seen);
      body =
        seen.path === '/'
          ? JSON.stringify({ title: 'qdrant - vector search engine', version: this.#version })
          : JSON.stringify({ result: this.#handle(seen), status: 'ok', time: 0.001 });
    } catch (error) {
      status = error instanceof Refusal ? error.status : 400;
      body = errorBody(error instanceof Error ? error.message : String(error));
      this.#checkError(seen, body);
    }
    if (fault?.kind === 'lost-answer') return void request.socket.destroy();
    if (fault?.kind === 'reset-mid-body') {
      response.writeHead(status, { 'content-type': 'application/json' });
      // Flushed before the connection breaks, so that the client has begun to read.
      response.write(body.slice(0, body.length >> 1), () => request.socket.destroy());
      return;
    }
    if (fault?.kind === 'truncated') body = body.slice(0, Math.max(1, body.length - 5));
    send(response, status, body);
  }

  #authorise({ method, path, headers }: SeenRequest): void {
    const { apiKey, readOnlyKey, collectionKey } = this.options;
    if (apiKey === undefined) return;
    const key = headers['api-key'];
    if (key !== undefined && key === collectionKey) {
      if (method !== 'put' || !/^\/collections\/[^/]+$/.test(path)) return;
      throw new Refusal(403, 'Forbidden: Global manage access is required');
    }
    const reads = method === 'get' || /\/(scroll|query|count)$/.test(path);
    const isReadOnly = key !== undefined && key === readOnlyKey;
    if (key === apiKey || (isReadOnly && reads)) return;
    if (isReadOnly) throw new Refusal(403, 'Forbidden: read only');
    throw new Refusal(401, 'Must provide an API key or an Authorization bearer token');
  }

  #handle({ method, path: pathname, body }: SeenRequest): unknown {
    const match = matchPath(pathname);
    if (match === null) throw new Refusal(404, `no such path ${pathname}`);
    const { path, collection: name } = match;
    const request = (body === '' ? {} : JSON.parse(body)) as never;
    try {
      checkRequest(path, method, request);
    } catch (error) {
      this.violations.push(String(error));
      throw error;
    }
    const result = this.#onCollection(path, method, name ?? '', request);
    const answer = { result, status: 'ok', time: 0.001 };
    try {
      checkAnswer(path, method, answer);
    } catch (error) {
      this.violations.push(String(error));
    }
    return result;
  }

  #checkError({ method, path: pathname }: SeenRequest, body: string): void {
    const path = matchPath(pathname)?.path;
    if (path === undefined || path === '/') return;
    try {
      checkError(path, method, JSON.parse(body));
    } catch (error) {
      this.violations.push(String(error));
    }
  }

  #onCollection(path: string, method: string, name: string, request: never): unknown {
    const operation = `${method} ${path.replace('/collections/{collection_name}', '')}`;
    if (operation === 'put ') return this.#create(name, request);
    if (operation === 'delete ') return this.collections.delete(name);
    const collection = this.collections.get(name);
    if (collection === undefined) {
      throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    }
    switch (operation) {
      case 'get ':
        return collectionInfo(collection);
      case 'put /index': {
        const { field_name, field_schema } = request as {
          field_name: string;
          field_schema: string;
        };
        collection.indexes.set(field_name, field_schema);
        return done;
      }
      case 'post /points/batch':
        return (request as { operations: Record<string, never>[] }).operations.map((each) => {
          if (each.upsert) collection.upsert((each.upsert as { points: never[] }).points);
          else if (each.delete) collection.delete(each.delete);
          else throw new Refusal(400, `unknown operation ${Object.keys(each)}`);
          return done;
        });
      case 'put /points':
        collection.upsert((request as { points: never[] }).points);
        return done;
      case 'post /points':
        return (request as { ids: string[] }).ids.flatMap((id) => {
          const point = collection.points.get(id);
          return point === undefined ? [] : [record(point)];
        });
      case 'post /points/delete':
        collection.delete(request);
        return done;
      case 'post /points/count':
        return { count: collection.select((request as { filter?: never }).filter).length };
      case 'post /points/scroll':
        return scrolled(collection, request);
      case 'post /points/query':
        return {
          points: collection
            .query(request)
            .map(({ point, score }) => ({ ...record(point), version: 1, score })),
        };
      default:
        throw new Refusal(405, `not supported by the test server: ${operation}`);
    }
  }

  #create(name: string, config: Record<string, unknown>): boolean {
    if (this.collections.has(name)) {
      throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`);
    }
    this.collections.set(name, new Collection(config));
    return true;
  }
}

function payloadAsked(
  payload: Point['payload'],
  asked: boolean | string[],
): Point['payload'] | null {
  if (typeof asked === 'boolean') return asked ? payload : null;
  return Object.fromEntries(Object.entries(payload).filter(([name]) => asked.includes(name)));
}

const done = { operation_id: 1, status: 'completed' };
const record = ({ id, payload }: Point) => ({ id, payload });

function scrolled(
  collection: Collection,
  request: Parameters<Collection['scroll']>[0] & {
    with_vector?: boolean;
    with_payload?: boolean | string[];
  },
) {
  const { points, next } = collection.scroll(request);
  const { with_payload, with_vector } = request;
  const shown = ({ id, payload, vectors }: Point) => ({
    id,
    payload: payloadAsked(payload, with_payload ?? true),
    ...(with_vector === true ? { vector: vectors } : {}),
  });
  return {
    points: points.map(shown),
    next_page_offset: next,
  };
}

function collectionInfo(collection: Collection) {
  return {
    status: 'green',
    optimizer_status: 'ok',
    segments_count: 1,
    points_count: collection.points.size,
    config: {
      params: { vectors: collection.config.vectors },
      hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000 },
      optimizer_config: {
        deleted_threshold: 0.2,
        vacuum_min_vector_number: 1_000,
        default_segment_number: 0,
        flush_interval_sec: 5,
      },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0 },
    },
    payload_schema: Object.fromEntries(
      [...collection.indexes].map(([key, data_type]) => [key, { data_type, points: 0 }]),
    ),
  };
}

function errorBody(message: string): string {
  return JSON.stringify({ status: { error: message }, time: 0 });
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body);
}
