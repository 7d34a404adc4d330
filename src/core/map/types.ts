import type { PageId } from '../ids.ts';

/**
 * Where pages lie on the map of what was read. Distances mean something near by, the axes mean
 * nothing; coordinates are within about ±12 of 0.
 */
export interface MapPlaces {
  readonly ids: readonly PageId[];
  /** x and y of each of `ids`, one after the other. */
  readonly xy: Float32Array;
}

/** A crowd of pages on the map, named by its own words. */
export interface MapTopic {
  /** The words that set it apart, most telling first; never empty. */
  readonly words: readonly string[];
  /** The middle of its pages. */
  readonly x: number;
  readonly y: number;
  /** Places of its pages in {@link MapPlaces.ids}, ascending. */
  readonly pages: readonly number[];
}
