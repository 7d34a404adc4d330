import { AppError } from '../core/errors.ts';
import { type CallOptions, request, type Send } from './client.ts';
import type { HostProtocol } from './host-protocol.ts';

/** Asks the host; rejects with an AppError. */
export type AskHost = <M extends keyof HostProtocol>(
  type: M,
  params: HostProtocol[M]['params'],
  options?: CallOptions,
) => Promise<HostProtocol[M]['result']>;

/**
 * The background's end of the way to the host. A host that is gone is brought back once and asked
 * again: every message to it may be repeated safely.
 *
 * @param ensureHost makes the host exist; idempotent
 */
export function createHostClient(send: Send, ensureHost: () => Promise<void>): AskHost {
  return async (type, params, options = {}) => {
    const ask = async () => {
      await ensureHost();
      return (await request(send, 'host', type, params, {
        timeoutMs: 60_000,
        ...options,
      })) as HostProtocol[typeof type]['result'];
    };
    try {
      return await ask();
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'host-gone') return ask();
      throw thrown;
    }
  };
}
