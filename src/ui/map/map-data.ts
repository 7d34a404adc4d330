import type { PageId } from '../../core/ids.ts';
import type { MapTopic } from '../../core/map/types.ts';
import type { MapPage } from '../../engine/api.ts';
import type { Ask, Timers } from '../parts/services.ts';

/** The map as the page holds it. */
export interface ReadingMap {
  readonly pages: readonly MapPage[];
  readonly topics: readonly MapTopic[];
}

const pollMs = 200;
/** Titles and addresses of so many pages are some 600 KB. */
const sliceSize = 2_000;

/**
 * Fetches the map, once it is drawn. Pages may come and go meanwhile: slices that do not belong
 * together are fetched again.
 *
 * @param onDrawing told how far the drawing is, 0 to 1
 * @throws AppError what the engine failed with
 */
export async function loadMap(
  ask: Ask,
  timers: Timers,
  onDrawing: (done: number) => void,
): Promise<ReadingMap> {
  let pages: MapPage[] = [];
  let topics: readonly MapTopic[] = [];
  let version = -1;
  for (;;) {
    const slice = await ask('page-engine:reading-map', { from: pages.length, limit: sliceSize });
    if (slice.state === 'drawing') {
      onDrawing(slice.done);
      pages = [];
      await new Promise<void>((resolve) => timers.after(pollMs, resolve));
      continue;
    }
    if (pages.length > 0 && slice.version !== version) {
      pages = [];
      continue;
    }
    if (pages.length === 0) ({ version, topics } = slice);
    pages.push(...slice.pages);
    if (pages.length >= slice.total || slice.pages.length === 0) return { pages, topics };
  }
}

/** Words of a topic, as its name. */
export function topicName(topic: MapTopic): string {
  return topic.words.join(' · ');
}

/** The pages of a topic. */
export function idsOf(map: ReadingMap, topic: MapTopic): readonly PageId[] {
  return topic.pages.flatMap((place) => map.pages[place]?.id ?? []);
}
