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

/** A dot as the pixels it covers, around its own middle. */
export interface Stamp {
  /** Pixels from the middle that it reaches. */
  readonly reach: number;
  /** x and y of each pixel, from the middle. */
  readonly places: Int16Array;
  /** How much of it the dot covers, and its edge, 0 to 255. */
  readonly cover: Uint8Array;
  readonly edge: Uint8Array;
}

/**
 * The pixels of a dot, smooth at the rim.
 * @param edgeWidth of a line around it; 0 for none
 */
export function stampOf(radius: number, edgeWidth: number): Stamp {
  const reach = Math.ceil(radius + edgeWidth / 2);
  const places: number[] = [];
  const cover: number[] = [];
  const edge: number[] = [];
  const part = (value: number) => Math.round(Math.max(0, Math.min(1, value)) * 255);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const away = Math.hypot(x, y);
      const covered = part(radius + 0.5 - away);
      const edged = edgeWidth > 0 ? part(edgeWidth / 2 + 0.5 - Math.abs(away - radius)) : 0;
      if (covered + edged === 0) continue;
      places.push(x, y);
      cover.push(covered);
      edge.push(edged);
    }
  }
  return {
    reach,
    places: Int16Array.from(places),
    cover: Uint8Array.from(cover),
    edge: Uint8Array.from(edge),
  };
}

/** A colour as a pixel of a canvas holds it: red in the lowest byte, alpha in the highest. */
export type Pixel = number;

/** Puts a colour over a pixel. Where both are of one colour, as most are, nothing of it is rounded away. */
function over(below: Pixel, rgb: number, alpha: number): Pixel {
  const left = Math.round(((below >>> 24) * (255 - alpha)) / 255);
  const all = alpha + left;
  // What shows through of another colour is less than a rim wide: the newer one's is taken.
  return ((all << 24) | rgb) >>> 0;
}

/** The pixels of a drawing. */
export interface Pixels {
  readonly data: Uint32Array;
  readonly width: number;
  readonly height: number;
}

const opaque = 255;

/**
 * Draws dots of one kind into pixels: a few dozen are written for each, which is what keeps twenty
 * thousand of them fluid.
 *
 * @param ratio pixels of the drawing for one of CSS
 */
export function drawDots(
  pixels: Pixels,
  dots: Dots,
  kind: number,
  view: View,
  ratio: number,
  stamp: Stamp,
  colour: Pixel,
  edgeColour: Pixel,
): void {
  const { data, width, height } = pixels;
  const { xy, kinds } = dots;
  const { reach, places, cover, edge } = stamp;
  const [k, dx, dy] = [view.k * ratio, view.dx * ratio, view.dy * ratio];
  const [rgb, alpha] = [colour & 0xffffff, colour >>> 24];
  const edgeRgb = edgeColour & 0xffffff;
  for (let page = 0; page < kinds.length; page++) {
    if (kinds[page] !== kind) continue;
    const x = Math.round((xy[page * 2] as number) * k + dx);
    const y = Math.round((xy[page * 2 + 1] as number) * k + dy);
    if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) continue;
    for (let at = 0; at < cover.length; at++) {
      const px = x + (places[at * 2] as number);
      const py = y + (places[at * 2 + 1] as number);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const place = py * width + px;
      const covered = cover[at] as number;
      const edged = edge[at] as number;
      if (covered > 0) {
        const share = covered === opaque ? alpha : Math.round((alpha * covered) / 255);
        data[place] = over(data[place] as number, rgb, share);
      }
      if (edged > 0) data[place] = over(data[place] as number, edgeRgb, edged);
    }
  }
}

/** Draws on one canvas, frame after frame. */
export interface Painter {
  /**
   * @param ratio pixels of the canvas for one of CSS
   * @param zoom 1 when all of the map is seen
   */
  paint(dots: Dots, view: View, ratio: number, zoom: number, colours: Colours): void;
}

export function createPainter(context: CanvasRenderingContext2D): Painter {
  const { canvas } = context;
  let image: ImageData | null = null;
  const known = new Map<string, Pixel>();
  const pixelOf = (colour: string): Pixel => {
    const found = known.get(colour) ?? readColour(colour);
    known.set(colour, found);
    return found;
  };
  return {
    paint(dots, view, ratio, zoom, colours) {
      const { width, height } = canvas;
      if (width === 0 || height === 0) return;
      if (image?.width !== width || image.height !== height) {
        image = context.createImageData(width, height);
      }
      const pixels = { data: new Uint32Array(image.data.buffer), width, height };
      pixels.data.fill(0);
      const plain = radiusFor(dots.kinds.length, zoom);
      for (const [kind, name] of dotKinds.entries()) {
        const stamp = stampOf(plain * growth[name] * ratio, name === 'chosen' ? 2 : 0);
        const colour = pixelOf(colours[name]);
        drawDots(pixels, dots, kind, view, ratio, stamp, colour, pixelOf(colours.line));
      }
      context.putImageData(image, 0, 0);
    },
  };
}

/** A colour of CSS, whatever way it is written, as the browser draws it. */
function readColour(colour: string): Pixel {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return 0;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0] ?? 0;
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
