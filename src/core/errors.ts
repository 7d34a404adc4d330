/** Every error a caller may meet, by its code. The code survives each hop between contexts. */
export const errorCodes = [
  'bad-request', // a message or an argument of the wrong shape
  'unknown-message', // a message type nobody handles
  'not-allowed', // the sender may not ask for this
  'timeout', // no answer in the time the caller gave
  'superseded', // a newer query of the same client took this one's place
  'cancelled', // the caller gave up
  'host-gone', // the context that owns the engine went away
  'engine-gone', // the engine's worker stopped or was stopped
  'engine-failed', // the engine could not start
  'model-missing', // a file of the model cannot be read
  'model-invalid', // a file of the model is not what its manifest says
  'storage-unavailable', // the database cannot be opened
  'storage-full', // the disk or the quota is full
  'storage-corrupt', // a stored value is not what was written
  'index-format', // the stored format is newer than this version reads
  'query-invalid', // an operator of the query is wrong
  'remote-failed', // the sync server refused or could not be reached
  'internal', // a bug
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error as it crosses a context boundary: plain data. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Something that went wrong: its code and when, nothing of the page it was about. */
export interface NotedProblem {
  readonly code: ErrorCode;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface AppErrorOptions extends ErrorOptions {
  details?: Record<string, string | number | boolean | null>;
}

/**
 * The one base class. The message says what failed, which value, and what is allowed;
 * `details` holds the same as data, never page text or secrets.
 */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (errorCodes as readonly string[]).includes(value);
}

/** Turns anything thrown into plain data. An unknown error keeps its message under `internal`. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof AppError) {
    return { code: thrown.code, message: thrown.message, details: thrown.details };
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The inverse of {@link toWireError}; data of another shape becomes an `internal` error. */
export function fromWireError(wire: unknown): AppError {
  if (typeof wire === 'object' && wire !== null && 'code' in wire && 'message' in wire) {
    const { code, message } = wire as { code: unknown; message: unknown };
    const details = (wire as WireError).details;
    return new AppError(
      isErrorCode(code) ? code : 'internal',
      String(message),
      details === undefined ? {} : { details: { ...details } },
    );
  }
  return new AppError('internal', `An error of unknown shape arrived: ${String(wire)}`);
}

/** Anything thrown, as an AppError: itself, or wrapped under `code` with the cause kept. */
export function asAppError(thrown: unknown, code: ErrorCode = 'internal'): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(code, message, { cause: thrown });
}
