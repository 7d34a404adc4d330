import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';

/** An answer with a way to ask again and to put a newer one in its place. */
export interface Answer<T> {
  readonly value: T | null;
  readonly error: AppError | null;
  reload(): void;
  set(value: T): void;
}

/**
 * Asks when the view appears. `question` must keep its identity between renders. A reply that comes
 * after a newer question or a newer value is dropped: it would show what is so no more, and a
 * switch would do the opposite of what it says.
 */
export function useAnswer<T>(question: () => Promise<T>): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const turn = useRef(0);
  const reload = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    setError(null);
    question().then(
      (reply) => mine === turn.current && setValue(reply),
      (thrown: unknown) => mine === turn.current && setError(asAppError(thrown)),
    );
  }, [question]);
  const set = useCallback((newer: T) => {
    turn.current += 1;
    setValue(newer);
  }, []);
  useEffect(reload, [reload]);
  return { value, error, reload, set };
}
