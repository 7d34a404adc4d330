// @vitest-environment jsdom
import { Blob as NodeBlob } from 'node:buffer';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unpackText } from '../platform/gzip.ts';
import { createPageFetcher, decodeHtml, type FetchPage } from './fetch-page.ts';

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const routes = new Map<string, Answer>();
const seen: IncomingMessage[] = [];
let server: Server;
let origin: string;
let fetchPage: FetchPage;

// jsdom's own cannot be read.
vi.stubGlobal('Blob', NodeBlob);

beforeEach(async () => {
  routes.clear();
  seen.length = 0;
  server = createServer((request, response) => {
    seen.push(request);
    const {
      status = 200,
      type = 'text/html',
      headers = {},
      body = '',
    } = routes.get(request.url ?? '') ?? { status: 404 };
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fetchPage = createPageFetcher({
    fetch,
    parser: new DOMParser(),
    pdfs: { readWhole: async () => ({ state: 'refused', why: 'encrypted' }) },
    now: () => Date.now(),
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path: string) => fetchPage(`${origin}${path}`, false);

describe('createPageFetcher', () => {
  it('brings a page without scripts, fields and what its own words hide', async () => {
    routes.set('/a', {
      headers: { 'cache-control': 'no-store' },
      body: `<html lang="en"><title>Geese</title><link rel="canonical" href="/geese">
        <p>Geese fly.</p><p hidden>Not seen.</p><script>bad()</script>
        <form><input type="password" value="geheim"></form>`,
    });
    const page = await ask('/a');
    expect(page).toMatchObject({
      state: 'fetched',
      title: 'Geese',
      lang: 'en',
      canonical: '/geese',
      form: 'html',
      signals: { hasPasswordField: true, robots: expect.stringContaining('no-store') },
    });
    const html = page.state === 'fetched' ? await unpackText(page.snapshot, 1e6) : '';
    expect(html).toContain('Geese fly.');
    expect(html).not.toMatch(/Not seen|bad\(|geheim/);
  });

  it('keeps to robots.txt, which it asks for once', async () => {
    routes.set('/robots.txt', {
      type: 'text/plain',
      body: 'User-agent: *\nDisallow: /drafts\nCrawl-delay: 3\n\nUser-agent: Dejalu\nDisallow: /drafts\nDisallow: /own\nCrawl-delay: 7',
    });
    routes.set('/a', { body: '<p>Geese' });
    expect(await ask('/drafts/1')).toEqual({ state: 'failed', why: 'robots', crawlDelayMs: 7000 });
    expect(await ask('/own')).toMatchObject({ why: 'robots' });
    expect(await ask('/a')).toMatchObject({ state: 'fetched' });
    expect(seen.map(({ url }) => url)).toEqual(['/robots.txt', '/a']);
  });

  it('asks for nothing where the site’s word cannot be had', async () => {
    routes.set('/robots.txt', { status: 503 });
    expect(await ask('/a')).toMatchObject({ state: 'later', why: 'site-failed' });
    expect(seen.map(({ url }) => url)).toEqual(['/robots.txt']);
  });

  it('tells what failed for good from what may be tried again', async () => {
    routes.set('/busy', { status: 429, headers: { 'retry-after': '120' } });
    routes.set('/down', { status: 500 });
    routes.set('/locked', { status: 403 });
    routes.set('/picture', { type: 'image/png' });
    routes.set('/locked.pdf', { type: 'application/pdf', body: '%PDF' });
    routes.set('/endless', { body: 'x'.repeat(9_000_000) });
    expect(await ask('/busy')).toMatchObject({ state: 'later', afterMs: 120_000 });
    expect(await ask('/down')).toMatchObject({ state: 'later', afterMs: null });
    expect(await ask('/gone')).toMatchObject({ state: 'failed', why: 'not-found' });
    expect(await ask('/locked')).toMatchObject({ state: 'failed', why: 'not-allowed' });
    expect(await ask('/picture')).toMatchObject({ state: 'failed', why: 'not-a-page' });
    expect(await ask('/locked.pdf')).toMatchObject({ state: 'failed', why: 'pdf-encrypted' });
    expect(await ask('/endless')).toMatchObject({ state: 'failed', why: 'too-large' });
  });
});

describe('the words of an answer', () => {
  it('reads the character set of the header, else of the page', () => {
    const korean = Uint8Array.from([0xbe, 0xc8, 0xb3, 0xe7]); // 안녕 in EUC-KR
    expect(decodeHtml(korean, 'text/html; charset=euc-kr')).toBe('안녕');
    const head = new TextEncoder().encode('<meta charset="euc-kr">');
    expect(decodeHtml(Uint8Array.from([...head, ...korean]), 'text/html')).toContain('안녕');
    expect(decodeHtml(new TextEncoder().encode('안녕'), 'text/html; charset=klingon')).toBe('안녕');
  });
});
