import type { PageId } from '../ids.ts';
import type { ScanKernel } from '../index/scan-kernel.ts';
import { layOut, placeAmong } from './layout.ts';
import { findNeighbours, type Neighbours, NONE } from './neighbours.ts';
import { majorityCode } from './page-codes.ts';

/** Pages that are laid out by each other; the others are put among them. */
const mostLandmarks = 10_000;
/** Neighbours of a page; fewer show smaller groups, more show the whole. */
const neighbourCount = 15;
/** All is laid out anew when more than this part of the pages was only put between others. */
const mostAdded = 0.25;

export interface MapInput {
  readonly ids: readonly PageId[];
  /** Codes of a page's passages, one after the other; empty for a page that has gone. */
  codesOf(id: PageId): Uint8Array;
  /** With a memory of its own. */
  readonly kernel: ScanKernel;
  /** Where pages lay before, as x and y; and how many of them were added later. */
  readonly former: ReadonlyMap<PageId, readonly [number, number]>;
  readonly addedLater: number;
}

export interface MapDrawing {
  /** x and y of each page. */
  readonly xy: Float32Array;
  /** Pages that were put between others since all was laid out. */
  readonly addedLater: number;
}

/**
 * Gives every page its place on the map. A page that has one keeps it and new ones are put between
 * those like them, until a quarter of the pages was added so: then all is laid out anew, from where
 * it lay. The same input gives the same map. Yields the part that is done, often.
 */
export function* drawMap(input: MapInput): Generator<number, MapDrawing> {
  const { ids, former } = input;
  const fresh = ids.filter((id) => !former.has(id));
  const addedLater = input.addedLater + fresh.length;
  if (former.size > 0 && addedLater <= ids.length * mostAdded) {
    const landmarks = spread(ids.filter((id) => former.has(id)));
    const landmarkXy = Float32Array.from(landmarks.flatMap((id) => former.get(id) ?? [0, 0]));
    const added = yield* among(input, fresh, landmarks, landmarkXy, 0);
    const places = new Map(former);
    fresh.forEach((id, place) => {
      places.set(id, [added[place * 2] as number, added[place * 2 + 1] as number]);
    });
    return { xy: inOrder(ids, places), addedLater };
  }
  const landmarks = spread(ids);
  const codes = yield* pageCodes(input, landmarks);
  const near = yield* scaled(findNeighbours(codes, codes, neighbourCount, input.kernel), 0, 0.2);
  const start = startOf(landmarks, near, former);
  const landmarkXy = yield* scaled(layOut(codes, input.kernel.codeBytes, near, start), 0.2, 0.7);
  const isLandmark = new Set(landmarks);
  const others = ids.filter((id) => !isLandmark.has(id));
  const otherXy = yield* among(input, others, landmarks, landmarkXy, 0.7);
  const places = new Map<PageId, readonly [number, number]>();
  const put = (list: readonly PageId[], xy: Float32Array) =>
    list.forEach((id, place) => {
      places.set(id, [xy[place * 2] as number, xy[place * 2 + 1] as number]);
    });
  put(landmarks, landmarkXy);
  put(others, otherXy);
  return { xy: inOrder(ids, places), addedLater: 0 };
}

/** So many of a list, evenly spread over it. */
function spread(ids: readonly PageId[]): readonly PageId[] {
  const count = Math.min(ids.length, mostLandmarks);
  const step = ids.length / Math.max(1, count);
  return Array.from({ length: count }, (_, place) => ids[Math.floor(place * step)] as PageId);
}

function* among(
  input: MapInput,
  ids: readonly PageId[],
  landmarks: readonly PageId[],
  landmarkXy: Float32Array,
  from: number,
): Generator<number, Float32Array> {
  if (ids.length === 0) return new Float32Array(0);
  const landmarkCodes = yield* pageCodes(input, landmarks);
  const codes = yield* pageCodes(input, ids);
  const near = yield* scaled(
    findNeighbours(codes, landmarkCodes, neighbourCount, input.kernel),
    from,
    1,
  );
  return yield* placeAmong(near, landmarkXy);
}

function* pageCodes(input: MapInput, ids: readonly PageId[]): Generator<number, Uint8Array> {
  const { codeBytes } = input.kernel;
  const codes = new Uint8Array(ids.length * codeBytes);
  for (const [place, id] of ids.entries()) {
    const into = codes.subarray(place * codeBytes, (place + 1) * codeBytes);
    majorityCode(input.codesOf(id), codeBytes, into);
    if (place % 16 === 0) yield 0;
  }
  return codes;
}

/**
 * Where to start from: where pages lay, and a page without a place between its neighbours that have
 * one. None when too few have.
 */
function startOf(
  ids: readonly PageId[],
  { k, rows }: Neighbours,
  former: MapInput['former'],
): Float32Array | undefined {
  const known = ids.filter((id) => former.has(id)).length;
  if (known * 2 < ids.length) return undefined;
  const xy = new Float32Array(ids.length * 2);
  ids.forEach((id, place) => {
    const near = [...rows.subarray(place * k, (place + 1) * k)]
      .filter((row) => row !== NONE)
      .flatMap((row) => [former.get(ids[row] as PageId) ?? []].filter((at) => at.length === 2));
    const [x, y] = former.get(id) ?? [mean(near, 0), mean(near, 1)];
    xy[place * 2] = x;
    xy[place * 2 + 1] = y;
  });
  return xy;
}

function mean(places: readonly (readonly number[])[], axis: number): number {
  return places.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / Math.max(1, places.length);
}

function inOrder(
  ids: readonly PageId[],
  places: ReadonlyMap<PageId, readonly [number, number]>,
): Float32Array {
  const xy = new Float32Array(ids.length * 2);
  ids.forEach((id, place) => {
    xy.set(places.get(id) ?? [0, 0], place * 2);
  });
  return xy;
}

/** A part of the work, as a part of the whole. */
function* scaled<R>(work: Generator<number, R>, from: number, to: number): Generator<number, R> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + (to - from) * step.value;
  }
}
