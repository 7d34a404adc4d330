import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.txt': 'text/plain; charset=utf-8',
  '.pdf': 'application/pdf',
};

/** A request that reached the server. `isForeign`: it was meant for a host that is not this one. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly isForeign: boolean;
}

/** What a function of a route may answer beside HTML. */
export interface RouteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A page made on the spot: its HTML, or a function that is asked at each request. */
export type Route = string | ((request: IncomingMessage) => string | RouteAnswer);

/**
 * Serves a folder on a free port of this machine and writes down every request. It is also the
 * browser's HTTP proxy: a request for any other host arrives here too, is counted as foreign and
 * refused, so that a run can prove that nothing left the machine.
 */
export class SiteServer {
  readonly requests: SeenRequest[] = [];
  readonly #routes = new Map<string, Route>();
  readonly #sockets = new Set<Socket>();
  readonly #root: string;
  readonly #server: Server;

  private constructor(root: string) {
    this.#root = root;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((thrown: unknown) => {
        response.writeHead(500).end(String(thrown));
      });
    });
    // A proxy is asked for an https or wss host by CONNECT.
    this.#server.on('connect', (request, socket) => {
      this.requests.push({ method: 'CONNECT', url: request.url ?? '', isForeign: true });
      socket.on('error', () => {}); // the browser may hang up first
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts a server for the files under `root`. */
  static async start(root: string): Promise<SiteServer> {
    const server = new SiteServer(root);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The address of a page, from its path with a leading slash. */
  url(path: string): string {
    return `${this.origin}${path}`;
  }

  /** Serves `route` at `path`, in place of what was there; returns the page's address. */
  serve(path: string, route: Route): string {
    this.#routes.set(path, route);
    return this.url(path);
  }

  /** What was asked of other hosts: `METHOD url` each; empty when nothing left the machine. */
  foreignRequests(): readonly string[] {
    return this.requests
      .filter((request) => request.isForeign)
      .map((request) => `${request.method} ${request.url}`);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = request.url ?? '/';
    const method = request.method ?? 'GET';
    const url = new URL(asked, this.origin);
    const isForeign = !['127.0.0.1', 'localhost'].includes(url.hostname);
    this.requests.push({ method, url: asked, isForeign });
    if (isForeign) {
      response.writeHead(403).end('No other host may be asked');
      return;
    }
    const route = this.#routes.get(url.pathname);
    if (route !== undefined) {
      const made = typeof route === 'string' ? route : route(request);
      const { status = 200, headers = {}, body } = typeof made === 'string' ? { body: made } : made;
      response.writeHead(status, { 'content-type': mediaTypes['.html'], ...headers }).end(body);
      return;
    }
    const file = await this.#fileFor(decodeURIComponent(url.pathname));
    if (file === null) {
      response.writeHead(url.pathname === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    const type = mediaTypes[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(await readFile(file));
  }

  async #fileFor(pathname: string): Promise<string | null> {
    const path = normalize(join(this.#root, pathname));
    if (path !== this.#root && !path.startsWith(this.#root + sep)) return null;
    for (const candidate of [path, join(path, 'index.html'), `${path}.html`]) {
      try {
        if ((await stat(candidate)).isFile()) return candidate;
      } catch {
        // Not there: the next candidate.
      }
    }
    return null;
  }
}
