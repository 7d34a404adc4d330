import { type Neighbours, NONE } from './neighbours.ts';

/**
 * The curve 1 / (1 + a·d^2b) of UMAP for a least distance of 0.1 and a spread of 1
 * (McInnes, Healy and Melville, 2018, section 3.2).
 */
const curveA = 1.577;
const curveB = 0.895;
const epochs = 200;
/** Pages pushed away for each that is pulled. */
const pushes = 5;
const longestStep = 4;
const size = 10;
/** A page that is placed among others goes by this many of them. */
const meetFew = 5;
/** And so far beside the place between them that none hides another. */
const jitter = 0.24;

/** A weighted edge between two landmarks: how surely they are neighbours, 0 to 1. */
interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Lays landmarks out on a plane so that neighbours come to lie together: UMAP's stochastic descent
 * from a start by principal components. The same input gives the same picture. Yields the part that
 * is done, often.
 *
 * @param codes codes of the landmarks, `codeBytes` each
 * @param neighbours of each landmark among the landmarks
 * @param start x and y of each, from a former layout; left out: principal components
 * @returns x and y of each landmark
 */
export function* layOut(
  codes: Uint8Array,
  codeBytes: number,
  neighbours: Neighbours,
  start?: Float32Array,
): Generator<number, Float32Array> {
  const xy = start?.slice() ?? (yield* principalPlane(codes, codeBytes));
  const count = xy.length / 2;
  if (count < 3) return xy;
  const edges = yield* fuzzyEdges(neighbours);
  const random = randomFrom(count);
  let heaviest = 0;
  for (const weight of edges.weights) heaviest = Math.max(heaviest, weight);
  const due = edges.weights.map((weight) => heaviest / weight);
  let steps = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const rate = 1 - (epoch - 1) / epochs;
    for (let edge = 0; edge < due.length; edge++) {
      if ((due[edge] as number) > epoch) continue;
      due[edge] = (due[edge] as number) + heaviest / (edges.weights[edge] as number);
      const from = edges.from[edge] as number;
      pull(xy, from, edges.to[edge] as number, rate);
      for (let push = 0; push < pushes; push++) {
        pushAway(xy, from, Math.floor(random() * count), rate);
      }
      if (++steps % 512 === 0) yield epoch / epochs;
    }
    yield epoch / epochs;
  }
  return centred(xy);
}

/** How much a neighbour at a distance counts: 1 for the nearest, falling off so that all sum to log2 k. */
export function neighbourWeights(distances: readonly number[]): readonly number[] {
  const nearest = Math.min(...distances);
  const target = Math.log2(Math.max(2, distances.length));
  let low = 0;
  let high = 1_000;
  let width = 1;
  for (let round = 0; round < 24; round++) {
    const sum = distances.reduce((all, d) => all + Math.exp(-(d - nearest) / width), 0);
    if (sum > target) high = width;
    else low = width;
    width = (low + high) / 2;
  }
  return distances.map((d) => Math.exp(-(d - nearest) / width));
}

/** Neighbours as edges that hold both ways: sure when either is sure of the other. */
function* fuzzyEdges({ k, rows, distances }: Neighbours): Generator<number, Edges> {
  const count = rows.length / k;
  const sure = new Float32Array(rows.length);
  for (let page = 0; page < count; page++) {
    const far: number[] = [];
    for (let place = page * k; place < (page + 1) * k && rows[place] !== NONE; place++) {
      far.push(distances[place] as number);
    }
    if (far.length > 0) sure.set(neighbourWeights(far), page * k);
    if (page % 16 === 0) yield 0;
  }
  const from = new Int32Array(rows.length * 2);
  const to = new Int32Array(rows.length * 2);
  const weights = new Float32Array(rows.length * 2);
  let edge = 0;
  for (let page = 0; page < count; page++) {
    for (let place = page * k; place < (page + 1) * k && rows[place] !== NONE; place++) {
      const other = rows[place] as number;
      const back = rows.subarray(other * k, (other + 1) * k).indexOf(page);
      // One that is mutual is made once, from the smaller number.
      if (back !== -1 && other < page) continue;
      const forth = sure[place] as number;
      const mutual = back === -1 ? 0 : (sure[other * k + back] as number);
      from[edge] = to[edge + 1] = page;
      to[edge] = from[edge + 1] = other;
      // One that is pulled less than once in all epochs only costs time.
      weights[edge] = Math.max(forth + mutual - forth * mutual, 1 / epochs);
      weights[edge + 1] = weights[edge] as number;
      edge += 2;
    }
    if (page % 64 === 0) yield 0;
  }
  return {
    from: from.subarray(0, edge),
    to: to.subarray(0, edge),
    weights: weights.subarray(0, edge),
  };
}

function clamped(step: number): number {
  return Math.max(-longestStep, Math.min(longestStep, step));
}

function pull(xy: Float32Array, from: number, to: number, rate: number): void {
  const dx = (xy[from * 2] as number) - (xy[to * 2] as number);
  const dy = (xy[from * 2 + 1] as number) - (xy[to * 2 + 1] as number);
  const square = dx * dx + dy * dy;
  if (square === 0) return;
  const force = (-2 * curveA * curveB * square ** (curveB - 1)) / (curveA * square ** curveB + 1);
  move(xy, from, clamped(force * dx) * rate, clamped(force * dy) * rate);
  move(xy, to, -clamped(force * dx) * rate, -clamped(force * dy) * rate);
}

function pushAway(xy: Float32Array, from: number, other: number, rate: number): void {
  if (other === from) return;
  const dx = (xy[from * 2] as number) - (xy[other * 2] as number);
  const dy = (xy[from * 2 + 1] as number) - (xy[other * 2 + 1] as number);
  const square = dx * dx + dy * dy;
  const force = (2 * curveB) / ((0.001 + square) * (curveA * square ** curveB + 1));
  // Two on one spot are parted by a fixed step.
  const x = square === 0 ? longestStep : clamped(force * dx);
  const y = square === 0 ? longestStep : clamped(force * dy);
  move(xy, from, x * rate, y * rate);
}

function move(xy: Float32Array, page: number, dx: number, dy: number): void {
  xy[page * 2] = (xy[page * 2] as number) + dx;
  xy[page * 2 + 1] = (xy[page * 2 + 1] as number) + dy;
}

/** The plane in which the codes' signs differ most, by power iteration. */
function* principalPlane(codes: Uint8Array, codeBytes: number): Generator<number, Float32Array> {
  const bits = codeBytes * 8;
  const count = codes.length / codeBytes;
  const means = new Float32Array(bits);
  const signOf = (page: number, bit: number) =>
    (((codes[page * codeBytes + (bit >> 3)] as number) >> (bit & 7)) & 1) * 2 - 1;
  for (let page = 0; page < count; page++) {
    for (let bit = 0; bit < bits; bit++) {
      means[bit] = (means[bit] as number) + signOf(page, bit) / count;
    }
    if (page % 256 === 0) yield 0;
  }
  const random = randomFrom(7);
  const xy = new Float32Array(count * 2);
  const axes: Float32Array[] = [];
  for (let axis = 0; axis < 2; axis++) {
    let direction = Float32Array.from({ length: bits }, () => random() - 0.5);
    for (let round = 0; round < 8; round++) {
      for (const other of axes) removeAlong(direction, other);
      unit(direction);
      const next = new Float32Array(bits);
      for (let page = 0; page < count; page++) {
        let along = 0;
        for (let bit = 0; bit < bits; bit++) {
          along += (signOf(page, bit) - (means[bit] as number)) * (direction[bit] as number);
        }
        xy[page * 2 + axis] = along;
        for (let bit = 0; bit < bits; bit++) {
          next[bit] = (next[bit] as number) + along * (signOf(page, bit) - (means[bit] as number));
        }
        if (page % 128 === 0) yield 0;
      }
      direction = next;
    }
    unit(direction);
    axes.push(direction);
  }
  let widest = 1e-6;
  for (const value of xy) widest = Math.max(widest, Math.abs(value));
  // A little off their places: pages with the same code must be able to part.
  return xy.map((value) => (value / widest) * size + (random() - 0.5) * 0.01);
}

function removeAlong(vector: Float32Array, axis: Float32Array): void {
  const along = vector.reduce((sum, value, at) => sum + value * (axis[at] as number), 0);
  for (let at = 0; at < vector.length; at++) {
    vector[at] = (vector[at] as number) - along * (axis[at] as number);
  }
}

function unit(vector: Float32Array): void {
  const length = Math.hypot(...vector) || 1;
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] as number) / length;
}

/**
 * Places for pages among landmarks that have theirs: each between its nearest ones, the nearer the
 * closer. Yields the part that is done.
 *
 * @returns x and y of each page
 */
export function* placeAmong(
  { k, rows, distances }: Neighbours,
  landmarkXy: Float32Array,
): Generator<number, Float32Array> {
  const count = rows.length / k;
  const xy = new Float32Array(count * 2);
  const random = randomFrom(count);
  for (let page = 0; page < count; page++) {
    const near: number[] = [];
    const far: number[] = [];
    for (let place = page * k; place < page * k + Math.min(k, meetFew); place++) {
      if (rows[place] === NONE) break;
      near.push(rows[place] as number);
      far.push(distances[place] as number);
    }
    const weights = near.length === 0 ? [] : neighbourWeights(far);
    const sum = weights.reduce((all, weight) => all + weight, 0) || 1;
    for (const axis of [0, 1]) {
      let at = 0;
      near.forEach((row, place) => {
        at += ((weights[place] as number) / sum) * (landmarkXy[row * 2 + axis] as number);
      });
      xy[page * 2 + axis] = at + (random() - 0.5) * jitter;
    }
    if (page % 64 === 0) yield page / count;
  }
  return xy;
}

/** Moved so that the middle is at 0, and scaled so that nearly all of it is within ±`size`. */
function centred(xy: Float32Array): Float32Array {
  const count = xy.length / 2;
  const middle = [0, 0];
  xy.forEach((value, at) => {
    middle[at % 2] = (middle[at % 2] as number) + value / count;
  });
  const far = xy.map((value, at) => Math.abs(value - (middle[at % 2] as number))).sort();
  const scale = size / ((far[Math.floor(far.length * 0.98)] as number) || 1);
  return xy.map((value, at) => (value - (middle[at % 2] as number)) * scale);
}

/** Numbers in [0, 1) that are the same each time: xorshift32 (Marsaglia, 2003). */
export function randomFrom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
