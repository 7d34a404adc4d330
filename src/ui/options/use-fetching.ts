import { useEffect, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { FetchAction, FetchStatus, WantedPage } from '../../core/page/fetching.ts';
import type { Ask } from '../parts/services.ts';

/** Fetching as the background tells of it, looked at while it goes on. */
export interface Fetching {
  readonly status: FetchStatus | null;
  readonly error: AppError | null;
  begin(pages: readonly WantedPage[], withCookies: boolean): void;
  control(action: FetchAction): void;
}

const lookAgainMs = 1000;
const isGone = (error: AppError | null) => error?.code === 'host-gone';
/** Pages of one message. */
const pagesPerMessage = 1000;

export function useFetching(ask: Ask): Fetching {
  const [status, setStatus] = useState<FetchStatus | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const fail = (thrown: unknown) => setError(asAppError(thrown));
  const isRunning = status?.state === 'running';
  const isAlone = isGone(error);
  useEffect(() => {
    const look = () => {
      ask('page-background:fetch-status', null).then((answer) => {
        setStatus(answer);
        // That nobody had answered was true for a moment only.
        setError((before) => (isGone(before) ? null : before));
      }, fail);
    };
    look();
    if (!isRunning && !isAlone) return;
    const timer = setInterval(look, lookAgainMs);
    return () => clearInterval(timer);
  }, [ask, isRunning, isAlone]);
  return {
    status,
    error,
    begin(pages, withCookies) {
      const send = async () => {
        for (let from = 0; from < pages.length; from += pagesPerMessage) {
          const part = pages.slice(from, from + pagesPerMessage);
          setStatus(await ask('page-background:fetch-pages', { pages: part, withCookies }));
        }
      };
      setError(null);
      send().catch(fail);
    },
    control(action) {
      setError(null);
      const control = () => ask('page-background:fetch-control', { action });
      // A background that was stopped in the middle is started by the second question, and what was done
      // by then does no harm twice.
      control()
        .catch((thrown: unknown) => {
          if (isGone(asAppError(thrown))) return control();
          throw thrown;
        })
        .then(setStatus, fail);
    },
  };
}
