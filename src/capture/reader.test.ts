// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContentProtocol, PageOffer } from '../messaging/content-protocol.ts';
import { type Ask, createPageReader, type PageReader } from './reader.ts';
import { createShadowRootFinder } from './shadow.ts';

const dwellMs = 2000;
const article = (topic: string) =>
  `<main><p>${`A long paragraph about ${topic} that is worth reading to the end. `.repeat(5)}</p></main>`;

let address: string;
let visibility: DocumentVisibilityState;
let isPrerendering: boolean;
let offers: PageOffer[];
let texts: string[];
let mayRead: boolean;
let status: number;
let reader: PageReader;
let onPause: () => void;
let onPiece: () => Promise<void>;

const ask = (async (type: keyof ContentProtocol, params: unknown) => {
  switch (type) {
    case 'content-background:may-read':
      return { mayRead, why: mayRead ? null : 'paused', dwellMs };
    case 'content-background:offer-page':
      offers.push(params as PageOffer);
      texts.push('');
      return { answer: 'send', transfer: 't' };
    default:
      await onPiece();
      texts[texts.length - 1] += (params as { text: string }).text;
      return { isQueued: true, retryMs: null };
  }
}) as Ask;

function start(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  reader = createPageReader({
    page: document,
    address: () => address,
    status: () => status,
    ask,
    schedule(step, delayMs) {
      if (dueAt <= Date.now() + delayMs) return;
      clearTimeout(timer);
      dueAt = Date.now() + delayMs;
      timer = setTimeout(() => {
        dueAt = Number.POSITIVE_INFINITY;
        step();
      }, delayMs);
    },
    shadowRootOf: createShadowRootFinder(null),
    now: () => Date.now(),
    pause: async () => onPause(),
    sliceMs: 8,
    maxLength: 1_000_000,
  });
  reader.notice('visibility');
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const show = (state: DocumentVisibilityState) => {
  visibility = state;
  reader.notice('visibility');
};

beforeEach(() => {
  vi.useFakeTimers();
  address = 'https://a.example/bees';
  visibility = 'visible';
  isPrerendering = false;
  mayRead = true;
  status = 200;
  onPause = () => {};
  onPiece = async () => {};
  offers = [];
  texts = [];
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
  Object.defineProperty(document, 'prerendering', {
    configurable: true,
    get: () => isPrerendering,
  });
  document.body.innerHTML = article('bees');
});
afterEach(() => {
  reader.stop();
  vi.useRealTimers();
});

describe('when a page is read', () => {
  it('once the person has stayed, and not again while nothing changes', async () => {
    start();
    await pass(dwellMs - 100);
    expect(offers).toEqual([]);
    await pass(200);
    expect(texts).toEqual([expect.stringContaining('about bees')]);
    await pass(600_000);
    expect(offers).toHaveLength(1);
    expect(reader.tell().stage).toBe('sent');
  });

  it('never in a background tab or before a prerendered page is shown; looks add up', async () => {
    visibility = 'hidden';
    start();
    await pass(60_000);
    isPrerendering = true;
    show('visible');
    await pass(60_000);
    expect(offers).toEqual([]);
    isPrerendering = false;
    show('visible');
    await pass(1500);
    show('hidden');
    await pass(60_000);
    expect(offers).toEqual([]);
    show('visible');
    await pass(700);
    expect(offers).toHaveLength(1);
  });

  it('when its text has come to rest, or never does', async () => {
    start();
    const ticker = setInterval(() => reader.notice('mutation'), 200);
    await pass(dwellMs + 1000);
    expect(offers).toEqual([]);
    await pass(8000);
    expect(offers).toHaveLength(1);
    clearInterval(ticker);
  });

  it('again when it has changed, at growing intervals, and only if its text is another', async () => {
    start();
    await pass(3000);
    document.body.insertAdjacentHTML('beforeend', article('wasps'));
    reader.notice('mutation');
    await pass(9000);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain('about wasps');
    reader.notice('mutation');
    await pass(60_000);
    expect(texts).toHaveLength(2);
  });

  it('as a new view after a client-side navigation and a return from the back-forward cache', async () => {
    start();
    await pass(3000);
    address = 'https://a.example/wasps';
    document.body.innerHTML = article('wasps');
    reader.notice('navigation');
    await pass(3000);
    expect(offers.map(({ url }) => url)).toEqual([
      'https://a.example/bees',
      'https://a.example/wasps',
    ]);
    reader.notice('restored');
    await pass(dwellMs - 200);
    expect(offers).toHaveLength(2);
    await pass(1000);
    expect(offers).toHaveLength(3);
  });

  it('under its own address and title, also when the person goes on while it is copied', async () => {
    let hasGone = true;
    // At the first pause of the copying, at the second, until there is no such pause.
    for (let goesAt = 1; hasGone; goesAt += 1) {
      let pauses = 0;
      hasGone = false;
      offers = [];
      address = 'https://a.example/bees';
      document.title = 'bees';
      onPause = () => {
        pauses += 1;
        if (pauses !== goesAt) return;
        hasGone = true;
        address = 'https://a.example/wasps';
        document.title = 'wasps';
      };
      start();
      await pass(dwellMs + 500);
      reader.stop();
      for (const { url, title } of offers) expect(url).toBe(`https://a.example/${title}`);
    }
    expect(offers).toHaveLength(1);
  });

  it('also when it takes another address, or comes back, while the one before is being sent', async () => {
    for (const [event, url] of [
      ['navigation', 'https://a.example/wasps'],
      ['restored', 'https://a.example/bees'],
    ] as const) {
      address = 'https://a.example/bees';
      document.body.innerHTML = article('bees');
      offers = [];
      let taken = () => {};
      onPiece = () => new Promise((resolve) => (taken = resolve));
      start();
      await pass(dwellMs + 500);
      address = url;
      document.body.innerHTML = article('wasps');
      reader.notice(event);
      await pass(60_000);
      expect(offers).toHaveLength(1);
      onPiece = async () => {};
      taken();
      await pass(dwellMs + 500);
      expect(offers.map((offer) => offer.url)).toEqual(['https://a.example/bees', url]);
      expect(texts.at(-1)).toContain('about wasps');
      reader.stop();
    }
  });

  it('not while refused, and asks anew when the tab comes back', async () => {
    mayRead = false;
    start();
    await pass(60_000);
    expect(reader.tell()).toMatchObject({ stage: 'refused', why: 'paused' });
    mayRead = true;
    show('hidden');
    show('visible');
    await pass(3000);
    expect(offers).toHaveLength(1);
  });

  it('with the answer of its site, which the next view of the same document has not', async () => {
    status = 404;
    start();
    await pass(3000);
    reader.notice('restored');
    await pass(3000);
    address = 'https://a.example/wasps';
    document.body.innerHTML = article('wasps');
    reader.notice('navigation');
    await pass(3000);
    expect(offers.map((offer) => offer.status)).toEqual([404, 404, 0]);
  });

  it('at once when its site says that there is no more text to wait for', async () => {
    document.body.innerHTML = '<h1>Not found</h1>';
    status = 404;
    start();
    await pass(dwellMs + 700);
    expect(offers).toHaveLength(1);
  });

  it('with a second look at a page whose copy came out empty', async () => {
    document.body.innerHTML = '<div id="app"></div>';
    start();
    await pass(dwellMs + 700);
    expect(offers).toEqual([]);
    document.body.innerHTML = article('late bees');
    await pass(2000);
    expect(texts).toEqual([expect.stringContaining('late bees')]);
  });
});
