import { useCallback, useEffect, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';

/** An answer with a way to ask again and to put a newer one in its place. */
export interface Answer<T> {
  readonly value: T | null;
  readonly error: AppError | null;
  reload(): void;
  set(value: T): void;
}

/** Asks when the view appears. `question` must keep its identity between renders. */
export function useAnswer<T>(question: () => Promise<T>): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const reload = useCallback(() => {
    setError(null);
    question().then(setValue, (thrown: unknown) => setError(asAppError(thrown)));
  }, [question]);
  useEffect(reload, [reload]);
  return { value, error, reload, set: setValue };
}
