/** What is timed. */
export const timedKinds = ['reading', 'searching'] as const;
export type TimedKind = (typeof timedKinds)[number];

/** Pages read on one day and the time that they took together. */
export interface SpeedDay {
  /** Local day, `2026-03-05`. */
  readonly day: string;
  readonly pages: number;
  readonly ms: number;
}

/** How fast reading and searching went lately. Numbers alone, nothing of any page or query. */
export interface SpeedReport {
  /** Milliseconds of the last ones, latest last, from asking to the answer. */
  readonly reading: readonly number[];
  readonly searching: readonly number[];
  /** Latest last; days without a page are left out. */
  readonly days: readonly SpeedDay[];
}
