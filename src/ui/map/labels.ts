import type { MapTopic } from '../../core/map/types.ts';
import type { View } from './painter.ts';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes of the names, which change with the map and with the font alone. */
export function labelSizes(labels: HTMLElement): readonly Size[] {
  return [...labels.children].map((label) => {
    const { offsetWidth: width, offsetHeight: height } = label as HTMLElement;
    return { width, height };
  });
}

/** Room around a name in CSS pixels: more names than this leaves cover the map. */
const gap = 16;

/**
 * Puts the names of topics where their pages are. A name that would touch that of a larger topic is
 * hidden; zooming in parts them.
 *
 * It asks the page for nothing, so that a frame lays nothing out.
 *
 * @param labels an element for each topic, in the order of `topics`: the largest first
 * @param sizes theirs
 * @param surface that of the map
 */
export function placeLabels(
  labels: HTMLElement,
  sizes: readonly Size[],
  topics: readonly MapTopic[],
  view: View,
  surface: Size,
): void {
  const taken: Box[] = [];
  topics.forEach((topic, place) => {
    const label = labels.children[place] as HTMLElement | undefined;
    const size = sizes[place];
    if (label === undefined || size === undefined) return;
    const { width, height } = size;
    const x = topic.x * view.k + view.dx;
    const y = topic.y * view.k + view.dy;
    const isSeen = x > 0 && y > 0 && x < surface.width && y < surface.height;
    const left = Math.max(2, Math.min(x - width / 2, surface.width - width - 2));
    const top = Math.max(2, Math.min(y - height / 2, surface.height - height - 2));
    const box: Box = { left, top, right: left + width, bottom: top + height };
    const isShown = isSeen && !taken.some((other) => touches(box, other));
    label.style.visibility = isShown ? 'visible' : 'hidden';
    if (!isShown) return;
    label.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    taken.push(box);
  });
}

function touches(a: Box, b: Box): boolean {
  return (
    a.left < b.right + gap &&
    b.left < a.right + gap &&
    a.top < b.bottom + gap &&
    b.top < a.bottom + gap
  );
}
