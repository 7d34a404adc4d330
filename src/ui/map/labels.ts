import type { MapTopic } from '../../core/map/types.ts';
import type { View } from './painter.ts';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Room around a name in CSS pixels: more names than this leaves cover the map. */
const gap = 16;

/**
 * Puts the names of topics where their pages are. A name that would touch that of a larger topic is
 * hidden; zooming in parts them.
 *
 * @param labels an element for each topic, in the order of `topics`: the largest first
 */
export function placeLabels(
  labels: HTMLElement,
  topics: readonly MapTopic[],
  view: View,
  surface: HTMLElement,
): void {
  const taken: Box[] = [];
  topics.forEach((topic, place) => {
    const label = labels.children[place];
    if (!(label instanceof HTMLElement)) return;
    const { offsetWidth: width, offsetHeight: height } = label;
    const x = topic.x * view.k + view.dx;
    const y = topic.y * view.k + view.dy;
    const isSeen = x > 0 && y > 0 && x < surface.clientWidth && y < surface.clientHeight;
    const left = Math.max(2, Math.min(x - width / 2, surface.clientWidth - width - 2));
    const top = Math.max(2, Math.min(y - height / 2, surface.clientHeight - height - 2));
    const box: Box = { left, top, right: left + width, bottom: top + height };
    const isShown = isSeen && !taken.some((other) => touches(box, other));
    label.style.visibility = isShown ? 'visible' : 'hidden';
    label.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    if (isShown) taken.push(box);
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
