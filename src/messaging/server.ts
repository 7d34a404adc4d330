import { AppError, toWireError } from '../core/errors.ts';
import type { MessageListener } from '../platform/runtime.ts';
import type { Sender } from '../platform/sender.ts';
import { type Addressee, envelopeVersion, type Reply } from './protocol.ts';

/** Who may send a message. */
export type AllowedSender = Exclude<Sender['kind'], 'stranger'>;

interface Handler {
  readonly from: AllowedSender;
  readonly run: (params: unknown, sender: Sender) => Promise<unknown>;
}

/** The messages of a protocol that one context answers, by name. */
export interface MessageServer<P extends Record<keyof P, { params: unknown; result: unknown }>> {
  /**
   * Registers the one handler of a message.
   * @param read checks the parameters and gives them their type; throws `bad-request`
   * @throws AppError `internal` when the message has a handler already
   */
  handle<M extends keyof P & string>(
    type: M,
    from: AllowedSender,
    read: (params: unknown) => P[M]['params'],
    run: (params: P[M]['params'], sender: Sender) => Promise<P[M]['result']> | P[M]['result'],
  ): void;
  /** For `onRuntimeMessage`. Answers every message to this context, also those it refuses. */
  readonly listener: MessageListener;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function answer(
  handlers: ReadonlyMap<string, Handler>,
  message: Record<string, unknown>,
  sender: Sender,
): Promise<unknown> {
  const { type, v } = message;
  if (v !== envelopeVersion || typeof type !== 'string') {
    throw new AppError(
      'bad-request',
      `A message of version ${String(v)} arrived; this build speaks ${envelopeVersion}`,
    );
  }
  const handler = handlers.get(type);
  // A content script learns nothing about what exists beyond its own messages.
  if (sender.kind === 'stranger' || (sender.kind === 'content' && handler?.from !== 'content')) {
    throw new AppError(
      'not-allowed',
      `A ${sender.kind} sender may not send "${type.slice(0, 80)}"`,
    );
  }
  if (handler === undefined) {
    throw new AppError('unknown-message', `Nobody handles "${type.slice(0, 80)}"`);
  }
  if (handler.from !== sender.kind) {
    throw new AppError('not-allowed', `"${type}" is for ${handler.from} senders only`);
  }
  return handler.run(message.params, sender);
}

/** The receiving end of a context. */
export function createServer<P extends Record<keyof P, { params: unknown; result: unknown }>>(
  addressee: Addressee,
): MessageServer<P> {
  const handlers = new Map<string, Handler>();
  return {
    handle(type, from, read, run) {
      if (handlers.has(type)) {
        throw new AppError('internal', `"${type}" has a handler already`);
      }
      handlers.set(type, { from, run: async (params, sender) => run(read(params), sender) });
    },
    listener(message, sender, respond) {
      if (!isRecord(message) || message.to !== addressee) return false;
      answer(handlers, message, sender)
        .then((result): Reply<unknown> => ({ ok: true, result: result ?? null }))
        .catch((thrown: unknown): Reply<unknown> => ({ ok: false, error: toWireError(thrown) }))
        .then(respond)
        // The asker has gone; there is nobody left to tell.
        .catch(() => undefined);
      return true;
    },
  };
}
