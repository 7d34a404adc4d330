import { topicWords } from './topic-words.ts';
import type { MapPlaces, MapTopic } from './types.ts';

const cells = 96;
/** Width of the blur in cells: narrower crowds are one. The more pages, the finer their crowds. */
const blurFor = (pages: number) => Math.max(1.2, 3.4 - 0.45 * Math.log10(pages));
const fewestPages = 4;
const mostTopics = 48;

/** What names a topic: a page's title, and the site it is on. */
export interface TitledPage {
  readonly title: string;
  readonly site: string;
}

/**
 * The crowds of a map: the density of its pages on a grid, blurred; each cell belongs to the summit
 * that going uphill leads to. The largest come first; crowds of few pages, and those whose titles
 * have no word in common, are none. Yields often.
 */
export function* findTopics(
  places: MapPlaces,
  pageAt: (place: number) => TitledPage,
): Generator<number, readonly MapTopic[]> {
  const { xy, ids } = places;
  if (ids.length < fewestPages) return [];
  const [left, right] = spanOf(xy, 0);
  const [top, bottom] = spanOf(xy, 1);
  const scale = (cells - 1) / Math.max(right - left, bottom - top, 1e-6);
  const cellOf = (place: number) => {
    const x = Math.round(((xy[place * 2] as number) - left) * scale);
    const y = Math.round(((xy[place * 2 + 1] as number) - top) * scale);
    return y * cells + x;
  };
  const counts = new Float32Array(cells * cells);
  for (let place = 0; place < ids.length; place++) {
    const cell = cellOf(place);
    counts[cell] = (counts[cell] as number) + 1;
    if (place % 1_024 === 0) yield 1;
  }
  const density = yield* blurred(counts, blurFor(ids.length));
  yield 1;
  const summit = summits(density);
  yield 1;
  const crowds = new Map<number, number[]>();
  for (let place = 0; place < ids.length; place++) {
    const of = summit[cellOf(place)] as number;
    const crowd = crowds.get(of);
    if (crowd === undefined) crowds.set(of, [place]);
    else crowd.push(place);
    if (place % 1_024 === 0) yield 1;
  }
  const kept = [...crowds.values()]
    .filter((crowd) => crowd.length >= fewestPages)
    .sort((a, b) => b.length - a.length)
    .slice(0, mostTopics);
  const words = yield* topicWords(kept, ids.length, pageAt);
  return kept.flatMap((pages, topic) => {
    const own = words[topic] ?? [];
    if (own.length === 0) return [];
    const x = pages.reduce((sum, place) => sum + (xy[place * 2] as number), 0) / pages.length;
    const y = pages.reduce((sum, place) => sum + (xy[place * 2 + 1] as number), 0) / pages.length;
    return [{ words: own, x, y, pages }];
  });
}

function spanOf(xy: Float32Array, axis: number): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = axis; at < xy.length; at += 2) {
    least = Math.min(least, xy[at] as number);
    most = Math.max(most, xy[at] as number);
  }
  return [least, most];
}

/** A Gaussian over the grid, one direction after the other. */
function* blurred(counts: Float32Array, blur: number): Generator<number, Float32Array> {
  const reach = Math.ceil(blur * 3);
  const kernel = Array.from({ length: reach * 2 + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * blur * blur)),
  );
  let from = counts;
  for (const [step, across] of [
    [1, cells],
    [cells, 1],
  ] as const) {
    const to = new Float32Array(counts.length);
    for (let line = 0; line < cells; line++) {
      for (let place = 0; place < cells; place++) {
        let sum = 0;
        for (let off = -reach; off <= reach; off++) {
          const other = place + off;
          if (other < 0 || other >= cells) continue;
          sum += (from[line * across + other * step] as number) * (kernel[off + reach] as number);
        }
        to[line * across + place * step] = sum;
      }
      if (line % 16 === 0) yield 1;
    }
    from = to;
  }
  return from;
}

/** The cell that going uphill from each cell ends in. */
function summits(density: Float32Array): Int32Array {
  const summit = new Int32Array(density.length).fill(-1);
  for (let start = 0; start < density.length; start++) {
    const path: number[] = [];
    let cell = start;
    while (summit[cell] === -1) {
      path.push(cell);
      const up = highestAround(density, cell);
      if (up === cell) {
        summit[cell] = cell;
        break;
      }
      cell = up;
    }
    for (const passed of path) summit[passed] = summit[cell] as number;
  }
  return summit;
}

function highestAround(density: Float32Array, cell: number): number {
  const [x, y] = [cell % cells, Math.floor(cell / cells)];
  let best = cell;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [nx, ny] = [x + dx, y + dy];
      if (nx < 0 || ny < 0 || nx >= cells || ny >= cells) continue;
      const other = ny * cells + nx;
      if ((density[other] as number) > (density[best] as number)) best = other;
    }
  }
  return best;
}
