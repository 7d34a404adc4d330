import { AppError, asAppError, fromWireError } from '../core/errors.ts';
import { sendRuntimeMessage } from '../platform/runtime.ts';
import type { PageMessage, PageProtocol } from './protocol.ts';
import { type Addressee, type Envelope, envelopeVersion } from './protocol.ts';

export interface CallOptions {
  /** Default 15 s. After it the call rejects with `timeout`; the other side may still finish. */
  readonly timeoutMs?: number;
  /** Aborting rejects the call with `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Delivers an envelope and resolves with the answer, or with `undefined` when nobody answers. */
export type Send = (envelope: Envelope) => Promise<unknown>;

const defaultTimeoutMs = 15_000;

/**
 * 128 random bits as text. `crypto.randomUUID` is missing in the content scripts of http pages,
 * which are no secure contexts; `getRandomValues` is there.
 */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Unwraps a reply. @throws AppError the error of the other side, or `host-gone` without a reply. */
export function readReply(reply: unknown, type: string): unknown {
  if (typeof reply === 'object' && reply !== null && 'ok' in reply) {
    if (reply.ok === true && 'result' in reply) return reply.result;
    if (reply.ok === false && 'error' in reply) throw fromWireError(reply.error);
  }
  if (reply === undefined || reply === null) {
    throw new AppError('host-gone', `Nobody answered "${type}"`, { details: { type } });
  }
  throw new AppError('internal', `The answer to "${type}" is not a reply`, { details: { type } });
}

/**
 * Sends one message and waits for its reply.
 * @throws AppError `timeout`, `cancelled`, `host-gone` when nobody answered, or the other side's.
 */
export async function request(
  send: Send,
  to: Addressee,
  type: string,
  params: unknown,
  options: CallOptions = {},
): Promise<unknown> {
  const { timeoutMs = defaultTimeoutMs, signal } = options;
  const cancelled = () => new AppError('cancelled', `"${type}" was given up by its caller`);
  if (signal?.aborted) throw cancelled();
  const envelope: Envelope = {
    v: envelopeVersion,
    to,
    type,
    id: randomId(),
    params,
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  const limits = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new AppError('timeout', `"${type}" had no answer in ${timeoutMs} ms`, {
            details: { type, timeoutMs },
          }),
        ),
      timeoutMs,
    );
    onAbort = () => reject(cancelled());
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const reply = await Promise.race([
      send(envelope).catch((thrown: unknown) => {
        // The browser's own words for "no receiver", "port closed" and "context invalidated".
        throw asAppError(thrown, 'host-gone');
      }),
      limits,
    ]);
    return readReply(reply, type);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Asks the background, or through it the engine, from an extension page.
 * @throws AppError always; see {@link request}.
 */
export async function call<M extends PageMessage>(
  type: M,
  params: PageProtocol[M]['params'],
  options: CallOptions = {},
): Promise<PageProtocol[M]['result']> {
  const result = await request(sendRuntimeMessage, 'background', type, params, options);
  return result as PageProtocol[M]['result'];
}
