import { type AppError, asAppError } from '../core/errors.ts';
import type { ModelId, PageId } from '../core/ids.ts';
import { drawMap } from '../core/map/draw-map.ts';
import { findTopics } from '../core/map/topics.ts';
import type { MapPlaces, MapTopic } from '../core/map/types.ts';
import type { MapPage, MapRequest, MapSlice } from './api.ts';
import { runInSlices } from './next-task.ts';
import type { Opened } from './opened.ts';
import type { EngineParts, SavedMap } from './ports.ts';

interface Drawn {
  /** The space whose codes it was laid out by. */
  readonly model: ModelId;
  readonly version: number;
  readonly places: MapPlaces;
  readonly topics: readonly MapTopic[];
}

/**
 * The map of what was read: drawn when it is asked for, in slices between which queries are answered,
 * and kept until pages come or go.
 */
export class PageMap {
  readonly #parts: EngineParts;
  #drawn: Drawn | null = null;
  /** How far the drawing is, 0 to 1; null when none is under way. */
  #progress: number | null = null;
  #failure: AppError | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** @throws AppError what the drawing failed with; asking again tries again */
  slice(opened: Opened, { from, limit }: MapRequest): MapSlice {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
    const drawn = this.#drawn;
    const isWanted = drawn === null || (from === 0 && !isOf(drawn, opened));
    if (this.#progress === null && isWanted) {
      this.#progress = 0;
      this.#draw(opened)
        .catch((thrown: unknown) => {
          this.#failure = asAppError(thrown);
        })
        .finally(() => {
          this.#progress = null;
        });
    }
    if (drawn === null || this.#progress !== null) {
      return { state: 'drawing', done: this.#progress ?? 0 };
    }
    const { version, places, topics } = drawn;
    return {
      state: 'ready',
      version,
      total: places.ids.length,
      pages: pagesOf(opened, places, from, limit),
      topics: from === 0 ? topics : [],
    };
  }

  /** Takes forgotten pages out of what is saved. */
  async forget(ids: readonly PageId[]): Promise<void> {
    const { store } = this.#parts;
    const saved = await store.savedMap();
    if (saved === null) return;
    const gone = new Set(ids);
    const kept = onlyPages(saved, (id) => !gone.has(id));
    if (kept.ids.length < saved.ids.length) await store.saveMap(kept);
  }

  async #draw(opened: Opened): Promise<void> {
    const { store, clock } = this.#parts;
    const { index, model, newScan } = opened;
    const found = await store.savedMap();
    const saved = found?.model === model.id ? found : null;
    const ids = index.ids();
    const onYield = (done: number) => {
      this.#progress = done;
    };
    const drawing = drawMap({
      ids,
      codesOf(id) {
        const ordinal = index.pages.ordinalOf(id);
        return ordinal === undefined ? new Uint8Array(0) : index.codes.codesOf(ordinal);
      },
      kernel: newScan(),
      former: formerPlaces(saved),
      addedLater: saved?.addedLater ?? 0,
    });
    const { xy, addedLater } = await runInSlices(drawing, clock, onYield);
    const places: MapPlaces = { ids, xy };
    const titles = findTopics(places, (place) => {
      const { title = '', site = '' } = index.record(ids[place] as PageId) ?? {};
      return { title, site };
    });
    const topics = await runInSlices(titles, clock, onYield);
    const map = { model: model.id, ids: Uint32Array.from(ids), xy, addedLater };
    // What was forgotten meanwhile must not come back to the disk.
    await store.saveMap(onlyPages(map, (id) => index.has(id)));
    this.#drawn = { model: model.id, version: (this.#drawn?.version ?? 0) + 1, places, topics };
  }
}

function formerPlaces(saved: SavedMap | null): ReadonlyMap<PageId, readonly [number, number]> {
  const places = new Map<PageId, readonly [number, number]>();
  saved?.ids.forEach((id, place) => {
    places.set(id as PageId, [saved.xy[place * 2] as number, saved.xy[place * 2 + 1] as number]);
  });
  return places;
}

function onlyPages(map: SavedMap, isKept: (id: PageId) => boolean): SavedMap {
  const places = [...map.ids.keys()].filter((place) => isKept(map.ids[place] as PageId));
  const xy = places.flatMap((place) => [...map.xy.subarray(place * 2, place * 2 + 2)]);
  const ids = Uint32Array.from(places, (place) => map.ids[place] as number);
  return { ...map, ids, xy: Float32Array.from(xy) };
}

/** Whether the map shows the pages that are here, all of them and no others. */
function isOf({ model, places: { ids } }: Drawn, { index, model: { id } }: Opened): boolean {
  if (model !== id) return false;
  return ids.length === index.pageCount && ids.every((id) => index.has(id));
}

function pagesOf(
  { index }: Opened,
  { ids, xy }: MapPlaces,
  from: number,
  limit: number,
): readonly MapPage[] {
  return ids.slice(from, from + limit).map((id, at) => {
    const [x = 0, y = 0] = xy.subarray((from + at) * 2, (from + at) * 2 + 2);
    const { title = '', url = '', site = '', lastReadAt = 0 } = index.record(id) ?? {};
    return { id, x: rounded(x), y: rounded(y), title, url, site, lastReadAt };
  });
}

/** To a thousandth, which is less than a dot is wide: shorter as text. */
const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
