/** A view of the map: a point (x, y) of it is drawn at (x · k + dx, y · k + dy), in CSS pixels. */
export interface View {
  readonly k: number;
  readonly dx: number;
  readonly dy: number;
}

/** How a page is drawn. The later covers the earlier. */
export const dotKinds = ['faint', 'plain', 'found', 'chosen'] as const;
export type DotKind = (typeof dotKinds)[number];

/** The colour of each kind of dot, and of what is drawn by hand. */
export type Colours = Readonly<Record<DotKind | 'line', string>>;

export interface Dots {
  /** x and y of each page. */
  readonly xy: Float32Array;
  /** The kind of each, as its place in {@link dotKinds}. */
  readonly kinds: Uint8Array;
}

const growth: Readonly<Record<DotKind, number>> = { faint: 0.8, plain: 1, found: 1.5, chosen: 2 };

/** Radius of a plain dot in CSS pixels: smaller when there are many, larger when looked at closely. */
export function radiusFor(pages: number, zoom: number): number {
  const base = pages > 8_000 ? 1.5 : pages > 1_500 ? 2.2 : 3.2;
  return Math.min(7, base * zoom ** 0.4);
}

/**
 * Draws the dots. Each kind is drawn once and then copied, which is what keeps twenty thousand of
 * them fluid.
 *
 * @param zoom 1 when all of the map is seen
 */
export function paint(
  context: CanvasRenderingContext2D,
  dots: Dots,
  view: View,
  zoom: number,
  colours: Colours,
): void {
  const { canvas } = context;
  const ratio = canvas.width / Math.max(1, canvas.clientWidth);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const count = dots.kinds.length;
  const plain = radiusFor(count, zoom);
  for (const [kind, name] of dotKinds.entries()) {
    const radius = plain * growth[name] * ratio;
    const stamp = stampOf(radius, colours[name], name === 'chosen' ? colours.line : null);
    const half = stamp.width / 2;
    for (let page = 0; page < count; page++) {
      if (dots.kinds[page] !== kind) continue;
      const x = ((dots.xy[page * 2] as number) * view.k + view.dx) * ratio;
      const y = ((dots.xy[page * 2 + 1] as number) * view.k + view.dy) * ratio;
      if (x < -half || y < -half || x > canvas.width + half || y > canvas.height + half) continue;
      context.drawImage(stamp, Math.round(x - half), Math.round(y - half));
    }
  }
}

/** A dot drawn once, with an edge where one is wanted. */
function stampOf(radius: number, colour: string, edge: string | null): HTMLCanvasElement {
  const stamp = document.createElement('canvas');
  const size = Math.ceil(radius * 2) + 4;
  stamp.width = stamp.height = size;
  const pen = stamp.getContext('2d');
  if (pen === null) return stamp;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(size / 2, size / 2, radius, 0, Math.PI * 2);
  pen.fill();
  if (edge !== null) {
    pen.strokeStyle = edge;
    pen.lineWidth = 2;
    pen.stroke();
  }
  return stamp;
}

/** Draws the line around an area; coordinates of the map. */
export function paintLine(
  context: CanvasRenderingContext2D,
  corners: readonly (readonly [number, number])[],
  view: View,
  colours: Colours,
): void {
  const ratio = context.canvas.width / Math.max(1, context.canvas.clientWidth);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.beginPath();
  for (const [x, y] of corners) context.lineTo(x * view.k + view.dx, y * view.k + view.dy);
  context.closePath();
  context.strokeStyle = colours.line;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}

/** A view in which all pages are seen, with some room around them. */
export function wholeView(xy: Float32Array, width: number, height: number): View {
  let [left, right, top, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let at = 0; at < xy.length; at += 2) {
    left = Math.min(left, xy[at] as number);
    right = Math.max(right, xy[at] as number);
    top = Math.min(top, xy[at + 1] as number);
    bottom = Math.max(bottom, xy[at + 1] as number);
  }
  if (xy.length === 0) return { k: 1, dx: width / 2, dy: height / 2 };
  const room = Math.min(48, width / 8, height / 8);
  const k = Math.min(
    (width - 2 * room) / Math.max(right - left, 1),
    (height - 2 * room) / Math.max(bottom - top, 1),
  );
  return {
    k,
    dx: width / 2 - ((left + right) / 2) * k,
    dy: height / 2 - ((top + bottom) / 2) * k,
  };
}
