import { quadtree } from 'd3-quadtree';
import { select } from 'd3-selection';
import { type ZoomBehavior, zoom, zoomIdentity, zoomTransform } from 'd3-zoom';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MapPage } from '../../engine/api.ts';
import { whenRead } from '../i18n/dates.ts';
import { appearance, language, t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import type { IconName } from '../icons/lucide.ts';
import { mapWords } from '../messages/map.ts';
import { resultWords } from '../messages/results.ts';
import { type Corner, simplified } from './area.ts';
import { labelSizes, placeLabels } from './labels.ts';
import { type ReadingMap, topicName } from './map-data.ts';
import {
  type Colours,
  createPainter,
  type Painter,
  paintLine,
  type View,
  wholeView,
} from './painter.ts';

export interface MapCanvasProps {
  readonly map: ReadingMap;
  /** The kind of each page's dot. */
  readonly kinds: Uint8Array;
  /** What was drawn around, if anything. */
  readonly corners: readonly Corner[] | null;
  /** An area was drawn, or what is in view was asked for. */
  onArea(corners: readonly Corner[]): void;
  onChoose(page: MapPage): void;
}

interface Measured {
  /** Of the surface, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly whole: View;
  readonly colours: Colours;
  readonly labels: ReturnType<typeof labelSizes>;
}

/** On the map itself a name is short; the table has all of it. */
const wordsShown = 2;
const closest = 40;
const panStep = 60;
const zoomStep = 1.5;
/** How far beside a dot the pointer may be, in CSS pixels. */
const reach = 10;

/** The map as dots and names, to zoom, move, point at and draw around. */
export function MapCanvas({ map, kinds, corners, onArea, onChoose }: MapCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const behaviour = useRef<ZoomBehavior<HTMLCanvasElement, unknown> | null>(null);
  const lasso = useRef<Corner[] | null>(null);
  const [isLasso, setLasso] = useState(false);
  const [pointed, setPointed] = useState<{ page: MapPage; x: number; y: number } | null>(null);
  const xy = useMemo(() => Float32Array.from(map.pages.flatMap(({ x, y }) => [x, y])), [map]);
  const tree = useMemo(
    () =>
      quadtree<MapPage>()
        .x((page) => page.x)
        .y((page) => page.y)
        .addAll([...map.pages]),
    [map],
  );

  // What only a new size, another look or another map changes, so that a frame asks for none of it.
  const measured = useRef<Measured | null>(null);
  const measure = (): Measured | null => {
    const surface = canvas.current;
    if (measured.current || !surface || !box.current || !labels.current) return measured.current;
    const { clientWidth: width, clientHeight: height } = surface;
    measured.current = {
      width,
      height,
      whole: wholeView(xy, width, height),
      colours: coloursOf(box.current),
      labels: labelSizes(labels.current),
    };
    return measured.current;
  };
  useEffect(() => {
    measured.current = null;
  }, [map]);
  const viewNow = (): View => {
    const surface = canvas.current;
    const whole = measure()?.whole;
    if (!surface || !whole) return { k: 1, dx: 0, dy: 0 };
    const { k, x, y } = zoomTransform(surface);
    return { k: k * whole.k, dx: k * whole.dx + x, dy: k * whole.dy + y };
  };
  const painter = useRef<Painter | null>(null);
  const drawNow = () => {
    const surface = canvas.current;
    const context = surface?.getContext('2d');
    const sizes = measure();
    if (!surface || !context || !sizes) return;
    const { colours } = sizes;
    const ratio = window.devicePixelRatio;
    const width = Math.round(sizes.width * ratio);
    const height = Math.round(sizes.height * ratio);
    if (surface.width !== width || surface.height !== height) {
      surface.width = width;
      surface.height = height;
    }
    const view = viewNow();
    painter.current ??= createPainter(context);
    painter.current.paint({ xy, kinds }, view, ratio, zoomTransform(surface).k, colours);
    const line = lasso.current ?? corners;
    if (line) paintLine(context, line, view, colours);
    if (labels.current) placeLabels(labels.current, sizes.labels, map.topics, view, sizes);
  };
  // Whoever asks for a frame gets the newest drawing, also listeners that live longer than a rendering.
  const newest = useRef(drawNow);
  newest.current = drawNow;
  const frame = useRef(0);
  const draw = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      newest.current();
    });
  }, []);
  const mode = useRef(isLasso);
  mode.current = isLasso;
  // Not for what lies under the pointer, which changes with every move of it.
  useEffect(draw, [draw, map, kinds, corners, isLasso]);

  useEffect(() => {
    const surface = canvas.current;
    if (surface === null) return;
    const made = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([0.8, closest])
      .filter((event: MouseEvent) => {
        if (event.type === 'wheel') return true;
        return !mode.current && !event.shiftKey && event.button === 0;
      })
      .on('zoom', () => {
        setPointed(null);
        draw();
      });
    behaviour.current = made;
    select(surface).call(made).on('dblclick.zoom', null);
    const again = () => {
      measured.current = null;
      draw();
    };
    const resized = new ResizeObserver(again);
    resized.observe(surface);
    const looks = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
      window.matchMedia(query),
    );
    for (const look of looks) look.addEventListener('change', again);
    const stop = appearance.subscribe(again);
    return () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
      resized.disconnect();
      for (const look of looks) look.removeEventListener('change', again);
      stop();
    };
  }, [draw]);

  const zoomBy = (factor: number) => {
    if (canvas.current) behaviour.current?.scaleBy(select(canvas.current), factor);
  };
  const panBy = (dx: number, dy: number) => {
    if (!canvas.current) return;
    const { k } = zoomTransform(canvas.current);
    behaviour.current?.translateBy(select(canvas.current), dx / k, dy / k);
  };
  const showAll = () => {
    if (canvas.current) behaviour.current?.transform(select(canvas.current), zoomIdentity);
  };
  const listView = () => {
    const surface = canvas.current;
    if (surface === null) return;
    const at = (x: number, y: number) => cornerAt(viewNow(), x, y);
    const { clientWidth: width, clientHeight: height } = surface;
    onArea(simplified([at(0, 0), at(width, 0), at(width, height), at(0, height)]));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const run: Record<string, () => void> = {
      ArrowLeft: () => panBy(panStep, 0),
      ArrowRight: () => panBy(-panStep, 0),
      ArrowUp: () => panBy(0, panStep),
      ArrowDown: () => panBy(0, -panStep),
      '+': () => zoomBy(zoomStep),
      '=': () => zoomBy(zoomStep),
      '-': () => zoomBy(1 / zoomStep),
      '0': showAll,
    };
    const action = run[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };

  const pageAt = (event: PointerEvent): MapPage | undefined => {
    const view = viewNow();
    const [x, y] = cornerAt(view, event.offsetX, event.offsetY);
    return tree.find(x, y, reach / view.k);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (!(isLasso || event.shiftKey) || event.button !== 0) return;
    canvas.current?.setPointerCapture(event.pointerId);
    lasso.current = [cornerAt(viewNow(), event.offsetX, event.offsetY)];
  };
  const onPointerMove = (event: PointerEvent) => {
    if (lasso.current !== null) {
      lasso.current.push(cornerAt(viewNow(), event.offsetX, event.offsetY));
      return draw();
    }
    const page = event.buttons === 0 ? pageAt(event) : undefined;
    setPointed(page ? { page, x: event.offsetX, y: event.offsetY } : null);
  };
  const onPointerUp = () => {
    const drawn = lasso.current;
    lasso.current = null;
    if (drawn === null) return;
    setLasso(false);
    if (drawn.length > 2) onArea(simplified(drawn));
    else draw();
  };
  const onClick = (event: MouseEvent) => {
    const page = event.shiftKey ? undefined : pageAt(event as PointerEvent);
    if (page) onChoose(page);
  };

  return (
    <div class="map-box" ref={box}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it has keys of its own, which a picture has not */}
      <canvas
        ref={canvas}
        class={`map-canvas${isLasso ? ' drawing' : ''}${pointed ? ' pointing' : ''}`}
        tabIndex={0}
        role="application"
        aria-label={`${t(mapWords.title)}. ${t(mapWords.summary, { count: map.pages.length })}`}
        aria-description={t(mapWords.keys)}
        data-pages={map.pages.length}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setPointed(null)}
        onClick={onClick}
      />
      <div class="map-labels" ref={labels} aria-hidden="true">
        {map.topics.map((topic) => (
          <span key={topicName(topic)} dir="auto">
            {topic.words.slice(0, wordsShown).join(' · ')}
          </span>
        ))}
      </div>
      {pointed && <Tip {...pointed} />}
      <div class="map-tools" role="toolbar" aria-label={t(mapWords.tools)}>
        <MapTool
          icon="lasso"
          label={t(mapWords.lasso)}
          isOn={isLasso}
          run={() => setLasso(!isLasso)}
        />
        <MapTool icon="scan" label={t(mapWords.inView)} run={listView} />
        <MapTool icon="plus" label={t(mapWords.zoomIn)} run={() => zoomBy(zoomStep)} />
        <MapTool icon="minus" label={t(mapWords.zoomOut)} run={() => zoomBy(1 / zoomStep)} />
        <MapTool icon="maximize" label={t(mapWords.showAll)} run={showAll} />
      </div>
      <p class="map-colours" aria-hidden="true">
        <i class="faint" />
        <i class="plain" />
        <i class="found" />
        <i class="chosen" />
        <i class="line" />
      </p>
    </div>
  );
}

function MapTool(props: { icon: IconName; label: string; isOn?: boolean; run: () => void }) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.isOn}
      onClick={props.run}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** What lies under the pointer. */
function Tip({ page, x, y }: { page: MapPage; x: number; y: number }) {
  return (
    <p class="map-tip" style={{ insetInlineStart: `${x}px`, insetBlockStart: `${y}px` }}>
      <strong dir="auto">{page.title.trim() || t(resultWords.untitled)}</strong>
      <span>
        {page.site} · {whenRead(language.value, page.lastReadAt, Date.now())}
      </span>
    </p>
  );
}

function cornerAt({ k, dx, dy }: View, x: number, y: number): Corner {
  return [(x - dx) / k, (y - dy) / k];
}

/** The colours as the page's style has them now, which a canvas cannot ask for itself. */
function coloursOf(box: HTMLElement): Colours {
  const of = (kind: keyof Colours) => {
    const sample = box.querySelector(`.map-colours .${kind}`);
    return sample === null ? '' : getComputedStyle(sample).color;
  };
  return {
    faint: of('faint'),
    plain: of('plain'),
    found: of('found'),
    chosen: of('chosen'),
    line: of('line'),
  };
}
