import { useCallback, useRef } from 'preact/hooks';

/**
 * A function that stays the same between renderings and runs the newest one. A component that gets it
 * is not rendered anew for its sake.
 */
export function useStable<A extends readonly unknown[]>(
  run: (...given: A) => void,
): (...given: A) => void {
  const newest = useRef(run);
  newest.current = run;
  return useCallback((...given: A) => newest.current(...given), []);
}
