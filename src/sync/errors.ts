import { AppError } from '../core/errors.ts';
import { takeRetryAfter } from './retry-after.ts';

/** Why the server did not do what was asked; decides whether to try again. */
export type RemoteReason =
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'unauthorised'
  | 'may-not-create'
  | 'read-only'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'busy'
  | 'server-error'
  | 'not-qdrant'
  | 'version-too-old'
  | 'wrong-collection'
  | 'mirror-gone'
  | 'invalid-answer'
  | 'refused';

/** Reasons that may pass by themselves. The others need the person. */
const passing: ReadonlySet<string> = new Set<RemoteReason>([
  'unreachable',
  'certificate',
  'timeout',
  'busy',
  'conflict',
  'server-error',
  'invalid-answer',
]);

export function remoteError(reason: RemoteReason, message: string, cause?: unknown): AppError {
  return new AppError('remote-failed', message, { cause, details: { reason } });
}

/** What stands at the address is no longer the mirror that this device joined. */
export function mirrorGone(): AppError {
  return remoteError('mirror-gone', 'The mirror was emptied or made anew by another device.');
}

export function reasonOf(error: unknown): RemoteReason | null {
  if (!(error instanceof AppError)) return null;
  const { reason } = error.details;
  return typeof reason === 'string' ? (reason as RemoteReason) : null;
}

export function isPassing(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason !== null && passing.has(reason);
}

/** Milliseconds the server asked to wait, 0 when it did not say. */
export function retryAfterOf(error: unknown): number {
  if (!(error instanceof AppError)) return 0;
  const { retryAfterMs } = error.details;
  return typeof retryAfterMs === 'number' ? retryAfterMs : 0;
}

function statusOf(error: unknown): number | null {
  if (typeof error === 'object' && error !== null && 'status' in error) {
    return typeof error.status === 'number' ? error.status : null;
  }
  return null;
}

function answerOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('data' in error)) return '';
  const text = typeof error.data === 'string' ? error.data : JSON.stringify(error.data ?? '');
  return text.slice(0, 200);
}

/**
 * What Qdrant's client throws, as an AppError in plain words. Nothing of a request's body goes into
 * the message; of the answer at most its first 200 characters.
 */
export function fromClientError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'QdrantClientTimeoutError') {
    return remoteError('timeout', `${what}: no answer in time.`, error);
  }
  const status = statusOf(error);
  // The client stumbles over a Retry-After that is a date, with an error that says nothing else.
  const isDated = error instanceof Error && error.message.startsWith('Invalid retryAfter');
  if (name === 'QdrantClientResourceExhaustedError' || isDated || status === 429) {
    return new AppError('remote-failed', `${what}: the server asks to wait.`, {
      cause: error,
      details: { reason: 'busy', retryAfterMs: takeRetryAfter() },
    });
  }
  if (status !== null) return fromStatus(status, answerOf(error), what, error);
  if (error instanceof SyntaxError) {
    return remoteError('invalid-answer', `${what}: the answer is not JSON or was cut off.`, error);
  }
  if (hasBadCertificate(error)) {
    return remoteError('certificate', `${what}: the server's certificate is not valid.`, error);
  }
  return remoteError('unreachable', `${what}: the server cannot be reached.`, error);
}

/** Node says so; a browser does not tell a bad certificate from a server that is not there. */
function hasBadCertificate(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(String(cause?.code ?? ''));
}

function fromStatus(status: number, answer: string, what: string, cause: unknown): AppError {
  const said = answer === '' ? '' : ` It said: ${answer}`;
  switch (status) {
    case 401:
      return remoteError('unauthorised', `${what}: the server does not accept the key.`, cause);
    case 403:
      return remoteError('read-only', `${what}: the key may not do this.${said}`, cause);
    case 404:
      return remoteError('not-found', `${what}: there is no such collection.${said}`, cause);
    case 409:
      return remoteError(
        'conflict',
        `${what}: the server is in conflict with itself.${said}`,
        cause,
      );
    case 413:
      return remoteError('too-large', `${what}: the request is too large for the server.`, cause);
    default:
      return status >= 500 || status === 408
        ? remoteError('server-error', `${what}: the server failed (${status}).${said}`, cause)
        : remoteError('refused', `${what}: the server refused (${status}).${said}`, cause);
  }
}
