import { type AppError, asAppError } from '../core/errors.ts';
import type { PrivateReason, Progress } from '../core/page/state.ts';
import { contentLimits, type PdfAnswer, type TabProtocol } from '../messaging/content-protocol.ts';
import { toBase64 } from '../platform/base64.ts';
import type { Ask, PageReader } from './reader.ts';

type Told = TabProtocol['background-content:tell']['result'];
type Refused = Extract<PdfAnswer, { state: 'refused' }>;

export interface PdfReaderTools {
  readonly page: Document;
  readonly address: () => string;
  readonly ask: Ask;
  /** Asks for the file the tab shows. The browser answers from its cache where it can. */
  readonly load: (url: string) => Promise<Response>;
  /** Runs a step later; a newer call replaces one that waits longer. */
  readonly schedule: (step: () => void, delayMs: number) => void;
  readonly wait: (ms: number) => Promise<void>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

const maxAttempts = 8;
const againMs = 500;

const refusal = (why: Refused['why'], retryMs: number | null = null): Refused => ({
  state: 'refused',
  why,
  retryMs,
  reasons: [],
});

/** The bytes of an answer, or null when they are more than are taken. */
async function bytesOf(response: Response): Promise<Uint8Array | null> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > contentLimits.pdfBytes) {
      await reader.cancel();
      return null;
    }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Reads the PDF that a tab shows. The browser's viewer shows it to nobody, so its bytes are asked for
 * again, once the person has stayed with it, and handed to the host, which takes the text out slice
 * by slice. A file of the disk is read by the host alone.
 */
export function createPdfReader(tools: PdfReaderTools): PageReader {
  const { page, ask, now } = tools;
  let stage: Told['stage'] = 'waiting';
  let why: Told['why'] = null;
  let reasons: readonly PrivateReason[] = [];
  let progress: Progress | null = null;
  let shownAt: number | null = page.visibilityState === 'visible' ? now() : null;
  let visibleMs = 0;
  let dwellMs: number | null = null;
  let isAsked = false;
  let isBusy = false;
  let isStopped = false;
  /** Kept until the text is queued, so that a second try asks nobody again. */
  let bytes: Uint8Array | null = null;

  const isVisible = (): boolean => page.visibilityState === 'visible';
  const wake = (delayMs: number): void => {
    if (!isStopped) tools.schedule(() => void step(), Math.max(0, delayMs));
  };
  const refuse = (refused: Pick<Refused, 'why' | 'reasons'>): void => {
    stage = refused.why.startsWith('pdf-') || refused.why === 'busy' ? 'failed' : 'refused';
    why = refused.why;
    reasons = refused.reasons;
  };

  async function step(): Promise<void> {
    if (isBusy || isStopped || stage === 'sent' || stage === 'failed') return;
    if (!isVisible() && !isAsked) return;
    isBusy = true;
    try {
      await advance();
    } catch (thrown) {
      fail(asAppError(thrown, 'internal'));
    } finally {
      isBusy = false;
    }
  }

  async function advance(): Promise<void> {
    if (dwellMs === null) {
      const answer = await ask('content-background:may-read', { url: tools.address() });
      if (!answer.mayRead) return refuse({ why: answer.why ?? 'excluded', reasons: [] });
      dwellMs = answer.dwellMs;
    }
    const shownMs = visibleMs + (shownAt === null ? 0 : now() - shownAt);
    const leftMs = isAsked ? 0 : dwellMs - shownMs;
    if (leftMs > 0) return wake(leftMs);
    stage = 'reading';
    await read();
    isAsked = false;
    progress = null;
    bytes = null;
  }

  async function read(): Promise<void> {
    const url = tools.address();
    let last = refusal('busy');
    for (let attempt = 0; attempt < maxAttempts && !isStopped; attempt += 1) {
      const answer = await offer(url).catch((thrown: unknown) => retryOrThrow(asAppError(thrown)));
      if (answer.state !== 'refused') {
        stage = 'sent';
        why = null;
        return;
      }
      last = answer;
      if (answer.retryMs === null) break;
      await tools.wait(answer.retryMs * (attempt + 1));
    }
    refuse(last);
  }

  async function offer(url: string): Promise<PdfAnswer> {
    const isFile = url.startsWith('file:');
    if (!isFile && bytes === null) {
      const response = await tools.load(url);
      if (!response.ok) return refusal('pdf-damaged');
      bytes = await bytesOf(response);
      if (bytes === null) return refusal('pdf-too-large');
    }
    const lengthBytes = bytes?.length ?? 0;
    const answer = await ask('content-background:offer-pdf', { url, lengthBytes });
    if (answer.answer === 'refused') return { ...answer, state: 'refused' };
    if (answer.answer === 'done') return { state: 'queued' };
    const { transfer } = answer;
    const step = contentLimits.pdfPieceBytes;
    for (let at = 0; bytes !== null && at < lengthBytes; at += step) {
      await ask('content-background:send-pdf-piece', {
        transfer,
        index: at / step,
        data: toBase64(bytes.subarray(at, at + step)),
      });
    }
    for (;;) {
      const slice = await ask('content-background:read-pdf', { transfer, url });
      if (slice.state !== 'reading') return slice;
      progress = { done: slice.done, total: slice.total };
    }
  }

  /** The background or the host died between two messages: the PDF is offered again from the start. */
  function retryOrThrow(error: AppError): Refused {
    const passing = ['host-gone', 'timeout', 'cancelled', 'engine-gone'];
    if (!passing.includes(error.code) || isStopped) throw error;
    return refusal('busy', againMs);
  }

  function fail(error: AppError): void {
    stage = 'failed';
    why = 'failed';
    if (/context invalidated/i.test(error.message)) isStopped = true;
    else console.warn(`Dejalu could not read this PDF: ${error.message}`);
  }

  return {
    notice(event) {
      if (event !== 'visibility') return;
      if (isVisible()) {
        shownAt ??= now();
        // A pause or a rule may have changed while the tab was away.
        if (stage === 'refused') {
          stage = 'waiting';
          dwellMs = null;
        }
      } else if (shownAt !== null) {
        visibleMs += now() - shownAt;
        shownAt = null;
      }
      wake(0);
    },
    readNow() {
      isAsked = true;
      dwellMs = null;
      if (!isBusy) stage = 'waiting';
      wake(0);
    },
    tell: () => ({
      url: tools.address(),
      title: page.title,
      canonical: '',
      stage,
      why,
      reasons,
      progress,
    }),
    stop() {
      isStopped = true;
    },
  };
}
