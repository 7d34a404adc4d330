import { describe, expect, it } from 'vitest';
import type { PageId } from '../ids.ts';
import { ReferenceScanKernel } from '../index/reference-scan-kernel.ts';
import { drawMap, type MapDrawing, type MapInput } from './draw-map.ts';
import { randomFrom } from './layout.ts';
import { majorityCode } from './page-codes.ts';
import { findTopics } from './topics.ts';

const codeBytes = 64;

/** Codes of pages in `groups` groups: each a group's own code with a tenth of its bits turned. */
function groupedCodes(pages: number, groups: number): ReadonlyMap<PageId, Uint8Array> {
  const random = randomFrom(5);
  const bytes = () => Uint8Array.from({ length: codeBytes }, () => Math.floor(random() * 256));
  const middles = Array.from({ length: groups }, bytes);
  return new Map(
    Array.from({ length: pages }, (_, page) => {
      const code = (middles[page % groups] as Uint8Array).slice();
      for (let turned = 0; turned < 51; turned++) {
        const bit = Math.floor(random() * codeBytes * 8);
        code[bit >> 3] = (code[bit >> 3] as number) ^ (1 << (bit & 7));
      }
      return [(page + 1) as PageId, code];
    }),
  );
}

function inputOf(codes: ReadonlyMap<PageId, Uint8Array>, change: Partial<MapInput> = {}): MapInput {
  return {
    ids: [...codes.keys()],
    codesOf: (id) => codes.get(id) ?? new Uint8Array(0),
    kernel: new ReferenceScanKernel(codeBytes),
    former: new Map(),
    addedLater: 0,
    ...change,
  };
}

function finish<R>(work: Generator<number, R>): R {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    expect(step.value).toBeGreaterThanOrEqual(0);
    expect(step.value).toBeLessThanOrEqual(1);
  }
}

const placesOf = (ids: readonly PageId[], { xy }: MapDrawing) =>
  new Map(ids.map((id, at) => [id, [xy[at * 2] as number, xy[at * 2 + 1] as number] as const]));

/** The part of pages whose nearest page on the map is of their own group. */
function purity({ xy }: MapDrawing, groups: number): number {
  const count = xy.length / 2;
  let own = 0;
  for (let page = 0; page < count; page++) {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < count; other++) {
      const dx = (xy[page * 2] as number) - (xy[other * 2] as number);
      const dy = (xy[page * 2 + 1] as number) - (xy[other * 2 + 1] as number);
      const distance = dx * dx + dy * dy;
      if (other !== page && distance < least) [least, nearest] = [distance, other];
    }
    if (nearest % groups === page % groups) own++;
  }
  return own / count;
}

describe('drawMap', () => {
  it('puts pages of like meaning together, the same way each time', () => {
    const input = inputOf(groupedCodes(240, 8));
    const drawing = finish(drawMap(input));
    expect(purity(drawing, 8)).toBeGreaterThan(0.95);
    expect(drawing.xy.every((value) => Math.abs(value) < 40)).toBe(true);
    expect(finish(drawMap(inputOf(groupedCodes(240, 8)))).xy).toEqual(drawing.xy);
  });

  it('leaves pages where they lay when a few come, and puts those among their like', () => {
    const codes = groupedCodes(240, 8);
    const first = [...codes.keys()].slice(0, 200);
    const former = placesOf(first, finish(drawMap(inputOf(codes, { ids: first }))));
    const drawing = finish(drawMap(inputOf(codes, { former })));
    const places = placesOf([...codes.keys()], drawing);
    for (const id of first) {
      expect(places.get(id)?.[0]).toBeCloseTo(former.get(id)?.[0] ?? Number.NaN, 4);
    }
    expect(drawing.addedLater).toBe(40);
    expect(purity(drawing, 8)).toBeGreaterThan(0.9);
  });

  it('lays all out anew once a quarter was only added', () => {
    const codes = groupedCodes(120, 4);
    const first = [...codes.keys()].slice(0, 80);
    const former = placesOf(first, finish(drawMap(inputOf(codes, { ids: first }))));
    expect(finish(drawMap(inputOf(codes, { former }))).addedLater).toBe(0);
  });

  it.each([0, 1, 2, 3, 5])('draws %i pages', (count) => {
    const { xy } = finish(drawMap(inputOf(groupedCodes(count, 2))));
    expect(xy).toHaveLength(count * 2);
    expect(xy.every(Number.isFinite)).toBe(true);
  });

  it('parts pages that are all the same', () => {
    const code = new Uint8Array(codeBytes).fill(9);
    const codes = new Map(Array.from({ length: 30 }, (_, id) => [(id + 1) as PageId, code]));
    const { xy } = finish(drawMap(inputOf(codes)));
    expect(xy.every(Number.isFinite)).toBe(true);
    expect(new Set(xy.filter((_, at) => at % 2 === 0)).size).toBeGreaterThan(20);
  });
});

describe('majorityCode', () => {
  it('has each bit as most passages have it, and of two the first', () => {
    const into = new Uint8Array(1);
    majorityCode(Uint8Array.of(0b1100, 0b1010, 0b1001), 1, into);
    expect(into[0]).toBe(0b1000);
    majorityCode(Uint8Array.of(0b1100, 0b0011), 1, into);
    expect(into[0]).toBe(0b1100);
    majorityCode(Uint8Array.of(0b1100, 0b1111, 0b0000, 0b0011), 1, into);
    expect(into[0]).toBe(0b1100);
  });
});

describe('findTopics', () => {
  const titles = [
    ['Keeping bees on a roof - The Gazette', 'bees'],
    ['Dark honey from city bees - The Gazette', 'bees'],
    ['옥상에서 꿀벌을 기르다', 'ko'],
    ['꿀벌이 사라진 도시', 'ko'],
  ] as const;
  const page = (at: number) => ({
    title: titles[at % 4]?.[0] ?? '',
    site: 'gazette.example',
  });

  it('names each crowd by the words of its own titles, not by its site', () => {
    const ids = Array.from({ length: 40 }, (_, at) => (at + 1) as PageId);
    const random = randomFrom(1);
    const xy = Float32Array.from({ length: 80 }, (_, at) => {
      const side = titles[(at >> 1) % 4]?.[1] === 'bees' ? -8 : 8;
      return side + random() - 0.5;
    });
    const topics = finish(findTopics({ ids, xy }, page));
    expect(topics).toHaveLength(2);
    const english = topics.find(({ x }) => x < 0);
    expect(english?.words).toContain('bees');
    expect(english?.words.join()).not.toMatch(/gazette/i);
    expect(english?.pages).toHaveLength(20);
    expect(topics.find(({ x }) => x > 0)?.words).toContain('꿀벌');
  });

  it('finds none among pages too few', () => {
    expect(finish(findTopics({ ids: [1 as PageId], xy: new Float32Array(2) }, page))).toEqual([]);
  });
});
