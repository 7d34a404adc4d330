import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { PageId } from '../../core/ids.ts';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { mapWords } from '../messages/map.ts';
import { resultWords } from '../messages/results.ts';
import { errorText } from '../parts/error-text.ts';
import { Notice } from '../parts/notice.tsx';
import type { Ask, Timers } from '../parts/services.ts';
import { createFinder, type Finder, isEmptyQuestion } from '../results/finder.ts';
import { FinderView } from '../results/finder-view.tsx';
import type { Row } from '../results/rows.ts';
import { readAddress, writeAddress } from '../search/address.ts';
import { Chips } from '../search/chips.tsx';
import { tidyFilters } from '../search/facets.ts';
import { Reader } from '../search/reader.tsx';
import { type Area, pagesIn, readArea, withArea } from './area.ts';
import { MapCanvas } from './map-canvas.tsx';
import { loadMap, type ReadingMap } from './map-data.ts';
import { dotKinds } from './painter.ts';
import { type Period, TimeRange } from './time-range.tsx';
import { TopicTable } from './topic-table.tsx';

export interface MapAppProps {
  readonly ask: Ask;
  readonly timers: Timers;
}

/** The map beside the search: what is found shows on the map, a part of the map narrows the list. */
export function MapApp({ ask, timers }: MapAppProps) {
  const finder = useMemo(() => {
    const made = createFinder({ ask, timers, client: 'map', limit: 200, recentLimit: 60 });
    // Before the first rendering, which writes the address from the question.
    made.setQuestion(readAddress(location.search).question);
    return made;
  }, [ask, timers]);
  const [map, setMap] = useState<ReadingMap | null>(null);
  const [done, setDone] = useState(0);
  const [error, setError] = useState<AppError | null>(null);
  const [area, setArea] = useState<Area | null>(() => readArea(location.search));
  const [moving, setMoving] = useState<Period | null>(null);
  const [reading, setReading] = useState<Row | null>(null);
  const question = finder.question.value;

  const load = () => {
    setError(null);
    loadMap(ask, timers, setDone).then(setMap, (thrown) => setError(asAppError(thrown)));
  };
  useEffect(() => {
    void finder.loadRecent();
    load();
  }, [finder]);

  useEffect(() => {
    if (map === null) return;
    const asked = finder.question.value;
    const pages = area === null ? undefined : pagesIn(map, area);
    if (pages?.length === 0) return setArea(null);
    finder.setQuestion({ ...asked, filters: tidyFilters({ ...asked.filters, pages }) });
  }, [finder, map, area]);

  // The chip takes the pages out of the question; the line on the map goes with them.
  const isNarrowed = question.filters.pages !== undefined;
  const wasNarrowed = useRef(false);
  useEffect(() => {
    if (wasNarrowed.current && !isNarrowed) setArea(null);
    wasNarrowed.current = isNarrowed;
  }, [isNarrowed]);

  useEffect(() => {
    document.title = t(mapWords.title);
    history.replaceState(null, '', location.pathname + withArea(writeAddress(question), area));
  }, [question, area]);

  const period = moving ?? periodOf(question.filters);
  const setPeriod = (chosen: Period | null) => {
    setMoving(null);
    const { from: after, to } = chosen ?? {};
    const before = to === undefined ? undefined : to + 1;
    finder.setQuestion({
      ...question,
      filters: tidyFilters({ ...question.filters, after, before }),
    });
  };
  return (
    <div class="map-page">
      <section class="map-side" aria-label={t(mapWords.title)}>
        <header class="map-head">
          <a class="brand" href="/search.html">
            <img src="/icon.svg" width="24" height="24" alt="" />
            Dejalu
          </a>
          <h2>{t(mapWords.title)}</h2>
          <a class="button plain" href={`/search.html${writeAddress(question)}`}>
            <Icon name="search" />
            {t(mapWords.toSearch)}
          </a>
        </header>
        {map === null || map.pages.length === 0 ? (
          <MapState map={map} done={done} error={error} retry={load} />
        ) : (
          <>
            <MapCanvas
              map={map}
              kinds={kindsOf(map, finder, period, reading)}
              corners={area?.kind === 'drawn' ? area.corners : null}
              onArea={(corners) => setArea({ kind: 'drawn', corners })}
              onChoose={(page) =>
                void ask('page-engine:stored-page', { id: page.id }).then((stored) => {
                  if (stored) setReading({ page: stored.page, url: stored.page.url, rank: 0 });
                })
              }
            />
            <div class="map-foot">
              <TimeRange
                moments={map.pages.map(({ lastReadAt }) => lastReadAt)}
                period={period}
                onMove={setMoving}
                onSet={setPeriod}
              />
              <TopicTable map={map} choose={(name) => setArea({ kind: 'topic', name })} />
            </div>
          </>
        )}
      </section>
      <FinderView
        finder={finder}
        ask={ask}
        strip={<Chips finder={finder} titles={noTitles} />}
        onRead={setReading}
      />
      {reading && (
        <Reader
          ask={ask}
          row={reading}
          opened={null}
          onClose={() => setReading(null)}
          onRead={(page) => setReading({ page, url: page.url, rank: 0 })}
        />
      )}
    </div>
  );
}

const noTitles: ReadonlyMap<PageId, string> = new Map();

function periodOf({ after, before }: { after?: number; before?: number }): Period | null {
  if (after === undefined && before === undefined) return null;
  return { from: after, to: before === undefined ? undefined : before - 1 };
}

/** How each page is drawn: found, out of the period or the area, or the one that is read. */
function kindsOf(
  map: ReadingMap,
  finder: Finder,
  period: Period | null,
  reading: Row | null,
): Uint8Array {
  const question = finder.question.value;
  const isAsked = question.kind === 'similar' || question.query.trim() !== '';
  const found = new Set(
    isAsked && !isEmptyQuestion(question)
      ? finder.groups.value.flatMap(({ rows }) => rows.map(({ page }) => page.id))
      : [],
  );
  const within = question.filters.pages && new Set(question.filters.pages);
  const chosen = reading?.page.id ?? finder.chosen.value?.page.id;
  const hidden = finder.forgetting.hidden.value;
  return Uint8Array.from(map.pages, ({ id, lastReadAt }) => {
    const isIn =
      (within === undefined || within.has(id)) &&
      lastReadAt >= (period?.from ?? 0) &&
      lastReadAt <= (period?.to ?? Number.POSITIVE_INFINITY) &&
      !hidden.has(id);
    if (id === chosen) return dotKinds.indexOf('chosen');
    if (!isIn) return dotKinds.indexOf('faint');
    return dotKinds.indexOf(found.has(id) ? 'found' : 'plain');
  });
}

/** What stands in place of a map that is not there. */
function MapState(props: {
  readonly map: ReadingMap | null;
  readonly done: number;
  readonly error: AppError | null;
  readonly retry: () => void;
}) {
  if (props.error !== null) {
    return (
      <Notice
        icon="circleAlert"
        text={errorText(props.error)}
        action={{ label: t(resultWords.retry), run: props.retry }}
      />
    );
  }
  if (props.map !== null) return <Notice icon="bookOpen" text={t(resultWords.emptyStore)} />;
  const percent = Math.round(props.done * 100);
  return (
    <div class="map-wait">
      <progress max={1} value={props.done} aria-label={t(mapWords.title)} />
      <p>{t(mapWords.drawing, { percent })}</p>
    </div>
  );
}
