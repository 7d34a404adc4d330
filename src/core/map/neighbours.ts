import type { ScanKernel } from '../index/scan-kernel.ts';

/** The nearest landmarks of some pages; `NONE` where there are fewer. */
export interface Neighbours {
  /** How many of each page. */
  readonly k: number;
  /** k landmarks of each page, nearest first. */
  readonly rows: Int32Array;
  /** Their Hamming distances in bits. */
  readonly distances: Uint16Array;
}

/** Stands for a neighbour that is not there. */
export const NONE = -1;

/**
 * Finds the `k` landmarks nearest to each page, by looking at all of them. Yields the part that is
 * done after each page, so that the work can be cut into slices.
 *
 * @param codes codes of the pages, `kernel.codeBytes` each
 * @param landmarks codes of the landmarks; the same array when the pages are the landmarks, and then
 *   none is its own neighbour
 * @param kernel with a memory of its own, which the landmarks' codes are written into
 */
export function* findNeighbours(
  codes: Uint8Array,
  landmarks: Uint8Array,
  k: number,
  kernel: ScanKernel,
): Generator<number, Neighbours> {
  const { codeBytes } = kernel;
  const count = codes.length / codeBytes;
  const landmarkCount = landmarks.length / codeBytes;
  kernel.reserve(landmarkCount);
  kernel.codes().set(landmarks);
  const rows = new Int32Array(count * k).fill(NONE);
  const found = new Uint16Array(count * k).fill(0xffff);
  for (let page = 0; page < count; page++) {
    const code = codes.subarray(page * codeBytes, (page + 1) * codeBytes);
    const distances = kernel.distances(code, 0, landmarkCount);
    const own = codes === landmarks ? page : NONE;
    const first = page * k;
    const last = first + k - 1;
    for (let row = 0; row < landmarkCount; row++) {
      const distance = distances[row] as number;
      if (distance >= (found[last] as number) || row === own) continue;
      let place = last;
      while (place > first && (found[place - 1] as number) > distance) {
        found[place] = found[place - 1] as number;
        rows[place] = rows[place - 1] as number;
        place--;
      }
      found[place] = distance;
      rows[place] = row;
    }
    yield (page + 1) / count;
  }
  return { k, rows, distances: found };
}
