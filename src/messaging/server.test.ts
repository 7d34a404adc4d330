import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { Sender } from '../platform/sender.ts';
import { readSender } from '../platform/sender.ts';
import { readReply, request } from './client.ts';
import { readContentParams } from './content-params.ts';
import { type ContentProtocol, contentLimits } from './content-protocol.ts';
import { readPageParams } from './page-params.ts';
import type { PageProtocol } from './protocol.ts';
import { createServer } from './server.ts';

const page: Sender = {
  kind: 'extension',
  tabId: null,
  frameId: null,
  url: 'chrome-extension://own/popup.html',
  isIncognito: false,
  containerId: null,
};
const content: Sender = {
  ...page,
  kind: 'content',
  tabId: 7,
  frameId: 0,
  url: 'https://a.example/',
};

type Both = ContentProtocol & PageProtocol;

function background() {
  const server = createServer<Both>('background');
  const search = vi.fn(async () => ({ hits: [], problems: [], searchedPages: 0, timings: {} }));
  const forget = vi.fn();
  server.handle('page-engine:search', 'extension', readPageParams('page-engine:search'), search);
  server.handle('page-engine:forget', 'extension', readPageParams('page-engine:forget'), forget);
  server.handle(
    'content-background:may-read',
    'content',
    readContentParams('content-background:may-read'),
    async () => ({ mayRead: true, why: null, dwellMs: 1 }),
  );
  return { server, search, forget };
}

function ask(server: ReturnType<typeof background>['server'], message: unknown, sender: Sender) {
  return new Promise<unknown>((resolve) => {
    if (!server.listener(message, sender, resolve)) resolve('not for us');
  });
}

const envelope = (type: string, params: unknown, over: object = {}) => ({
  v: 1,
  to: 'background',
  type,
  id: 'x',
  params,
  ...over,
});

const codeOf = (reply: unknown) => (reply as { error: { code: string } }).error.code;

describe('the receiving end', () => {
  it('answers a page that asks rightly', async () => {
    const { server, search } = background();
    const reply = await ask(
      server,
      envelope('page-engine:search', { query: 'tea', limit: 5 }),
      page,
    );
    expect(reply).toMatchObject({ ok: true, result: { hits: [] } });
    expect(search).toHaveBeenCalledOnce();
  });

  it.each([
    ['search', 'page-engine:search', { query: 'bank', limit: 5 }],
    ['forget everything', 'page-engine:forget', { by: 'everything' }],
    ['something unknown', 'page-engine:dump', null],
    ['a name of every object', 'constructor', null],
    ['another such name', '__proto__', null],
  ])('refuses a content script that asks to %s', async (_, type, params) => {
    const { server, search, forget } = background();
    expect(codeOf(await ask(server, envelope(type, params), content))).toBe('not-allowed');
    expect(search).not.toHaveBeenCalled();
    expect(forget).not.toHaveBeenCalled();
  });

  it('refuses strangers everything, and pages what is for content scripts', async () => {
    const { server } = background();
    const message = envelope('content-background:may-read', { url: 'https://a.example/' });
    expect(codeOf(await ask(server, message, { ...content, kind: 'stranger' }))).toBe(
      'not-allowed',
    );
    expect(codeOf(await ask(server, message, page))).toBe('not-allowed');
    expect(await ask(server, message, content)).toMatchObject({ ok: true });
  });

  it('leaves messages to others unanswered', async () => {
    const { server } = background();
    for (const message of [null, 'text', 5, {}, envelope('x', null, { to: 'host' })]) {
      expect(await ask(server, message, page)).toBe('not for us');
    }
  });

  it('says when the version or the name is unknown', async () => {
    const { server } = background();
    expect(codeOf(await ask(server, envelope('page-engine:search', {}, { v: 2 }), page))).toBe(
      'bad-request',
    );
    expect(codeOf(await ask(server, envelope('toString', null), page))).toBe('unknown-message');
  });

  it('lets one handler a name exist', () => {
    const { server } = background();
    expect(() =>
      server.handle(
        'page-engine:forget',
        'extension',
        readPageParams('page-engine:forget'),
        vi.fn(),
      ),
    ).toThrow('has a handler already');
  });

  it.each([
    ['page-engine:search', { query: 5, limit: 1 }],
    ['page-engine:search', { query: 'a', limit: 0 }],
    ['page-engine:search', null],
    ['page-engine:forget', { by: 'all' }],
    ['page-engine:forget', { by: 'ids', ids: ['1'] }],
  ])('refuses %s of a wrong shape: %j', async (type, params) => {
    const { server, search } = background();
    expect(codeOf(await ask(server, envelope(type, params), page))).toBe('bad-request');
    expect(search).not.toHaveBeenCalled();
  });

  it('keeps the code of what a handler throws', async () => {
    const { server, search } = background();
    search.mockRejectedValue(
      new AppError('storage-full', 'The disk is full', { details: { n: 1 } }),
    );
    const reply = await ask(server, envelope('page-engine:search', { query: 'a', limit: 1 }), page);
    expect(() => readReply(reply, 'x')).toThrow(
      expect.objectContaining({
        code: 'storage-full',
        message: 'The disk is full',
        details: { n: 1 },
      }),
    );
  });
});

describe('what a content script may send', () => {
  const offer = {
    url: 'https://a.example/',
    title: 'A',
    canonical: '',
    lang: 'en',
    length: 10,
    pieces: 1,
    signals: {
      hasPasswordField: false,
      hasCardField: false,
      hasOneTimeCodeField: false,
      robots: '',
    },
    status: 200,
    isAsked: false,
  };
  const read = readContentParams('content-background:offer-page');
  const readPiece = readContentParams('content-background:send-piece');
  const transfer = '11111111-2222-4333-8444-555555555555';

  it('passes a right offer, lone surrogates in a title included', () => {
    expect(read(offer)).toEqual(offer);
    expect(read({ ...offer, title: '\ud800' }).title).toBe('\ud800');
  });

  it.each([
    ['another scheme', { url: 'file:///etc/passwd' }],
    ['a script address', { url: 'javascript:alert(1)' }],
    ['a title beyond its limit', { title: 'x'.repeat(contentLimits.titleLength + 1) }],
    ['five megabytes', { length: 5_000_000 }],
    ['no pieces', { pieces: 0 }],
    ['too many pieces', { pieces: 10_000 }],
    ['half a piece', { pieces: 1.5 }],
    ['signals of another shape', { signals: { hasPasswordField: 'no' } }],
    ['a field of its own', { admin: true }],
    ['no address', { url: undefined }],
  ])('refuses an offer with %s', (_, change) => {
    expect(() => read({ ...offer, ...change })).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    );
  });

  it('refuses pieces beyond their size, and never quotes a value', () => {
    const secret = 'secret '.repeat(contentLimits.pieceLength);
    const attempt = () => readPiece({ transfer, index: 0, text: secret });
    expect(attempt).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(attempt).not.toThrow(/secret secret/);
    expect(readPiece({ transfer, index: 0, text: '\udc00' }).text).toBe('\udc00');
  });
});

describe('readSender', () => {
  const own = { id: 'own', origin: 'chrome-extension://own/' };
  const kind = (raw: Parameters<typeof readSender>[0]) => readSender(raw, own).kind;
  const tab = { id: 1, incognito: false } as never;

  it('knows pages, content scripts and strangers apart', () => {
    expect(kind({ id: 'own', url: 'chrome-extension://own/popup.html' })).toBe('extension');
    expect(kind({ id: 'own', url: 'chrome-extension://own/search.html', tab, frameId: 0 })).toBe(
      'extension',
    );
    expect(kind({ id: 'own', url: 'https://a.example/', tab, frameId: 0 })).toBe('content');
    expect(kind({ id: 'own', origin: 'chrome-extension://own' })).toBe('extension');
    // A page of ours framed by a web page, another extension, and an address that only looks like ours.
    expect(kind({ id: 'own', url: 'chrome-extension://own/popup.html', tab, frameId: 3 })).toBe(
      'stranger',
    );
    expect(kind({ id: 'other', url: 'chrome-extension://own/popup.html' })).toBe('stranger');
    expect(kind({ id: 'own', url: 'chrome-extension://ownx/popup.html' })).toBe('stranger');
  });
});

describe('request', () => {
  it('ends with a timeout when nothing comes back', async () => {
    const never = () => new Promise(() => undefined);
    await expect(request(never, 'host', 'x', null, { timeoutMs: 10 })).rejects.toMatchObject({
      code: 'timeout',
      details: { timeoutMs: 10 },
    });
  });

  it('ends when its caller gives up, before and during', async () => {
    const never = () => new Promise(() => undefined);
    const before = AbortSignal.abort();
    await expect(request(never, 'host', 'x', null, { signal: before })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const during = new AbortController();
    const asked = request(never, 'host', 'x', null, { signal: during.signal });
    during.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('works in the content script of an http page, which is no secure context', async () => {
    const { randomUUID } = crypto;
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    try {
      const ids = new Set<string>();
      const send = async (sent: { id: string }) => {
        ids.add(sent.id);
        return { ok: true, result: null };
      };
      await request(send, 'host', 'x', null);
      await request(send, 'host', 'x', null);
      expect(ids.size).toBe(2);
    } finally {
      Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
    }
  });

  it('says that nobody is there', async () => {
    await expect(request(async () => undefined, 'host', 'x', null)).rejects.toMatchObject({
      code: 'host-gone',
    });
    const refuse = () => Promise.reject(new Error('Could not establish connection.'));
    await expect(request(refuse, 'host', 'x', null)).rejects.toMatchObject({ code: 'host-gone' });
  });

  it('gives an answer of another shape as an error', async () => {
    await expect(request(async () => 'hm', 'host', 'x', null)).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
