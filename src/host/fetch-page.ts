import robotsParser from 'robots-parser';
import type { FetchFailure } from '../core/page/fetching.ts';
import { privateFieldsOf } from '../core/page/private-fields.ts';
import { noSignals, type PrivateSignals } from '../core/page/private-rules.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import { contentLimits } from '../messaging/content-protocol.ts';
import type { FetchedPage } from '../messaging/host-protocol.ts';
import { packText } from '../platform/gzip.ts';
import type { PdfIntake } from './pdf/pdf-intake.ts';

export interface FetchTools {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly parser: DOMParser;
  readonly pdfs: Pick<PdfIntake, 'readWhole'>;
  readonly now: () => number;
}

/** Asks a site for a page. */
export type FetchPage = (url: string, withCookies: boolean) => Promise<FetchedPage>;

/** The name that robots.txt knows us by. */
const agent = 'Dejalu';
const pageTimeoutMs = 30_000;
const robotsTimeoutMs = 10_000;
const maxHtmlBytes = 8 * 1024 * 1024;
const maxRobotsBytes = 500_000;
const robotsKeptMs = 24 * 60 * 60_000;
const longestCrawlDelayMs = 60_000;

type Robots = ReturnType<typeof robotsParser>;

const failed = (why: FetchFailure) => ({ state: 'failed', why }) as const;
const later = (why: FetchFailure, afterMs: number | null = null) =>
  ({ state: 'later', why, afterMs }) as const;

/** The bytes of an answer; null when they are more than `most`. */
async function readBytes(response: Response, most: number): Promise<Uint8Array | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Text of a page in the character set that its header or its own head names. */
export function decodeHtml(bytes: Uint8Array, contentType: string): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const named =
    /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]+charset=["']?([\w-]+)/i.exec(start)?.[1] ??
    'utf-8';
  try {
    return new TextDecoder(named).decode(bytes);
  } catch {
    // A name that nobody knows.
    return new TextDecoder().decode(bytes);
  }
}

function signalsOf(page: Document, headers: Headers): PrivateSignals {
  const fields = [...page.querySelectorAll('input, textarea')].flatMap((field) =>
    privateFieldsOf({
      type: field.getAttribute('type') ?? '',
      autocomplete: field.getAttribute('autocomplete') ?? '',
      name: field.getAttribute('name') ?? field.id,
    }),
  );
  const metas = page.querySelectorAll('meta[name="robots" i], meta[name="googlebot" i]');
  const robots = [
    ...Array.from(metas, (meta) => meta.getAttribute('content') ?? ''),
    headers.get('x-robots-tag') ?? '',
    headers.get('cache-control') ?? '',
  ];
  return {
    hasPasswordField: fields.includes('password'),
    hasCardField: fields.includes('card'),
    hasOneTimeCodeField: fields.includes('one-time-code'),
    robots: robots.join(',').toLowerCase().slice(0, 500),
  };
}

/** What a style sheet would hide is not known of a page that nobody shows; what its own words hide is. */
const unseen =
  'script:not([type="application/ld+json"]), style, noscript, template, svg, iframe, object, embed, ' +
  'input, textarea, select, [hidden], [aria-hidden="true"], [style*="display:none" i], [style*="display: none" i]';

/**
 * Fetches pages as a polite stranger: without cookies unless the person wants them, nothing that the
 * site's robots.txt asks to leave alone, HTML and PDF only, within limits of time and size. How often
 * a site is asked is the caller's affair.
 */
export function createPageFetcher(tools: FetchTools): FetchPage {
  const robotsOf = new Map<string, { readonly robots: Robots | null; readonly at: number }>();

  const ask = (url: string, credentials: RequestCredentials, accept: string, timeoutMs: number) =>
    tools.fetch(url, {
      credentials,
      headers: { accept },
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(timeoutMs),
    });

  /** Null where the site's word cannot be had, which means no (RFC 9309, 2.3.1.4). */
  async function loadRobots(origin: string): Promise<Robots | null> {
    const url = `${origin}/robots.txt`;
    try {
      const response = await ask(url, 'omit', 'text/plain', robotsTimeoutMs);
      if (response.status >= 500 || response.status === 429) return null;
      if (!response.ok) return robotsParser(url, '');
      const bytes = await readBytes(response, maxRobotsBytes);
      return robotsParser(url, bytes === null ? '' : new TextDecoder().decode(bytes));
    } catch {
      return null;
    }
  }

  async function robotsFor(url: string): Promise<Robots | null> {
    const { origin } = new URL(url);
    const kept = robotsOf.get(origin);
    if (kept !== undefined && tools.now() - kept.at < robotsKeptMs) return kept.robots;
    const robots = await loadRobots(origin);
    if (robots !== null) robotsOf.set(origin, { robots, at: tools.now() });
    return robots;
  }

  async function readHtml(response: Response, type: string) {
    const bytes = await readBytes(response, maxHtmlBytes);
    if (bytes === null) return failed('too-large');
    const page = tools.parser.parseFromString(decodeHtml(bytes, type), 'text/html');
    const signals = signalsOf(page, response.headers);
    const canonical = page.querySelector('link[rel~="canonical" i]')?.getAttribute('href') ?? '';
    for (const element of page.querySelectorAll(unseen)) element.remove();
    const html = page.documentElement.outerHTML.slice(0, contentLimits.snapshotLength);
    return {
      state: 'fetched',
      url: response.url,
      canonical: canonical.slice(0, contentLimits.urlLength),
      title: page.title.slice(0, contentLimits.titleLength),
      lang: page.documentElement.lang,
      signals,
      form: 'html',
      snapshot: await packText(html),
    } as const;
  }

  async function readPdf(response: Response) {
    const bytes = await readBytes(response, contentLimits.pdfBytes);
    if (bytes === null) return failed('too-large');
    const read = await tools.pdfs.readWhole(bytes);
    if (read.state === 'refused') {
      return failed(read.why === 'too-large' ? 'too-large' : `pdf-${read.why}`);
    }
    const robots = `${response.headers.get('x-robots-tag') ?? ''},${response.headers.get('cache-control') ?? ''}`;
    return {
      state: 'fetched',
      url: response.url,
      canonical: '',
      title: read.title,
      lang: '',
      signals: { ...noSignals, robots: robots.toLowerCase().slice(0, 500) },
      form: 'pdf',
      snapshot: read.snapshot,
    } as const;
  }

  async function fetchPage(url: string, withCookies: boolean) {
    let response: Response;
    try {
      const accept = 'text/html, application/xhtml+xml, application/pdf;q=0.9';
      response = await ask(url, withCookies ? 'include' : 'omit', accept, pageTimeoutMs);
    } catch (thrown) {
      const isLate = (thrown as { name?: string }).name === 'TimeoutError';
      return later(isLate ? 'timeout' : 'not-reached');
    }
    const { status, headers } = response;
    if (status === 404 || status === 410) return failed('not-found');
    if (status === 429 || status >= 500) {
      return later('site-failed', retryAfterMs(headers.get('retry-after'), tools.now()));
    }
    if (!response.ok) return failed('not-allowed');
    const type = headers.get('content-type')?.toLowerCase() ?? '';
    try {
      if (/^\s*(?:text\/html|application\/xhtml\+xml)/.test(type)) {
        return await readHtml(response, type);
      }
      if (/^\s*application\/pdf/.test(type)) return await readPdf(response);
    } catch {
      // The connection broke, or the time was up, in the middle.
      return later('not-reached');
    }
    await response.body?.cancel();
    return failed('not-a-page');
  }

  return async (url, withCookies) => {
    const robots = await robotsFor(url);
    if (robots === null) return { ...later('site-failed'), crawlDelayMs: 0 };
    const crawlDelayMs = Math.min((robots.getCrawlDelay(agent) ?? 0) * 1000, longestCrawlDelayMs);
    if (robots.isAllowed(url, agent) === false) return { ...failed('robots'), crawlDelayMs };
    return { ...(await fetchPage(url, withCookies)), crawlDelayMs };
  };
}
