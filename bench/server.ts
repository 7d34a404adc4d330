import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

export interface BenchServer {
  /** The address of an empty page with the script loaded, with a slash at its end. */
  readonly url: string;
  close(): void;
}

/** Types that a browser insists on. */
const types: Readonly<Record<string, string>> = {
  wasm: 'application/wasm',
  js: 'text/javascript',
  mjs: 'text/javascript',
  json: 'application/json',
};

/**
 * Serves a page with one script, bundled, and the files of some folders, on this machine alone.
 * @param script a TypeScript file
 * @param folders names in the address, and the folders whose files stand below them
 * @param packages a folder of npm packages beside the project's own
 * @param port where a browser's storage must find its origin again; any free one by itself
 * @throws the bundler's error
 */
export async function serveScript(
  script: string,
  folders: Readonly<Record<string, string>>,
  packages?: string,
  port = 0,
): Promise<BenchServer> {
  const { outputFiles } = await build({
    entryPoints: [script],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    ...(packages === undefined ? {} : { nodePaths: [packages] }),
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array(0);
  const server = createServer(async ({ url = '/' }, response) => {
    const [, name = '', path = ''] = /^\/([\w-]+)\/([\w./@-]+)$/.exec(url) ?? [];
    const folder = folders[name];
    try {
      if (url === '/') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(
          '<!doctype html><meta charset=utf-8><script type=module src=/script.js></script>',
        );
      } else if (url === '/script.js') {
        response.setHeader('content-type', 'text/javascript');
        response.end(code);
      } else if (folder === undefined || path.includes('..')) {
        response.writeHead(404).end();
      } else {
        const file = await readFile(`${folder}/${path}`);
        const type = types[path.slice(path.lastIndexOf('.') + 1)];
        if (type !== undefined) response.setHeader('content-type', type);
        response.end(file);
      }
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
