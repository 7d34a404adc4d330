import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';

/** An answer with a way to ask again and to put a newer one in its place. */
export interface Answer<T> {
  readonly value: T | null;
  readonly error: AppError | null;
  reload(): void;
  /** Shows the answer to something asked just now, or what it failed with. */
  follow(asked: Promise<T>): void;
  set(value: T): void;
}

/**
 * Asks when the view appears. `question` must keep its identity between renders.
 *
 * Answers may overtake each other. One that was asked for before what is shown is dropped: it says
 * how things were before the person changed them.
 */
export function useAnswer<T>(question: () => Promise<T>): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const asked = useRef(0);
  const shown = useRef(0);
  const follow = useCallback((answer: Promise<T>) => {
    asked.current += 1;
    const turn = asked.current;
    const show = (run: () => void) => {
      if (turn < shown.current) return;
      shown.current = turn;
      run();
    };
    setError(null);
    answer.then(
      (next) => show(() => setValue(() => next)),
      (thrown: unknown) => show(() => setError(asAppError(thrown))),
    );
  }, []);
  const set = useCallback((next: T) => {
    asked.current += 1;
    shown.current = asked.current;
    setValue(() => next);
  }, []);
  const reload = useCallback(() => follow(question()), [question, follow]);
  useEffect(reload, [reload]);
  return { value, error, reload, follow, set };
}
