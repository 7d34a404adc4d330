import { polygonContains } from 'd3-polygon';
import type { PageId } from '../../core/ids.ts';
import { idsOf, type ReadingMap, topicName } from './map-data.ts';

/** A corner on the map, in its own coordinates. */
export type Corner = readonly [x: number, y: number];

/** The part of the map whose pages are listed: what was drawn around, or a topic by its name. */
export type Area =
  | { readonly kind: 'drawn'; readonly corners: readonly Corner[] }
  | { readonly kind: 'topic'; readonly name: string };

/** Corners that an address holds at most; a line drawn by hand has more. */
const mostCorners = 60;

/** The pages within a part of the map. */
export function pagesIn(map: ReadingMap, area: Area): readonly PageId[] {
  if (area.kind === 'topic') {
    const topic = map.topics.find((candidate) => topicName(candidate) === area.name);
    return topic === undefined ? [] : idsOf(map, topic);
  }
  const corners = area.corners.map(([x, y]): [number, number] => [x, y]);
  return map.pages.flatMap(({ id, x, y }) => (polygonContains(corners, [x, y]) ? id : []));
}

/** Fewer corners of a line, evenly taken, rounded to what can be seen. */
export function simplified(corners: readonly Corner[]): readonly Corner[] {
  const step = Math.max(1, corners.length / mostCorners);
  const count = Math.min(corners.length, mostCorners);
  return Array.from({ length: count }, (_, place) => {
    const [x, y] = corners[Math.floor(place * step)] as Corner;
    return [Math.round(x * 100) / 100, Math.round(y * 100) / 100] as const;
  });
}

/** Reads the part of the map an address names; null for none, and for one that cannot be read. */
export function readArea(search: string): Area | null {
  const params = new URLSearchParams(search);
  const name = params.get('topic');
  if (name !== null && name !== '') return { kind: 'topic', name };
  const numbers = (params.get('area') ?? '').split(' ').map(Number);
  const isShape = numbers.length >= 6 && numbers.length % 2 === 0 && numbers.every(Number.isFinite);
  if (!isShape) return null;
  const corners = Array.from(
    { length: Math.min(mostCorners, numbers.length / 2) },
    (_, place): Corner => [numbers[place * 2] as number, numbers[place * 2 + 1] as number],
  );
  return { kind: 'drawn', corners };
}

/** Puts a part of the map into an address's query, with `?`, or nothing for an empty one. */
export function withArea(search: string, area: Area | null): string {
  const params = new URLSearchParams(search);
  if (area?.kind === 'topic') params.set('topic', area.name);
  if (area?.kind === 'drawn') params.set('area', area.corners.flat().join(' '));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
