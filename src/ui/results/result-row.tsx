import type { Timestamp } from '../../core/ids.ts';
import type { Hit } from '../../core/search/types.ts';
import { fullDate, whenRead } from '../i18n/dates.ts';
import { language, t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { resultWords } from '../messages/results.ts';
import { metPairs, segmentsOf } from './marks.ts';
import type { Row } from './rows.ts';
import { SiteIcon } from './site-icon.tsx';

export interface ResultRowProps {
  readonly row: Row;
  readonly id: string;
  readonly isSelected: boolean;
  readonly now: Timestamp;
  readonly showsScores: boolean;
  /** Names what the marked words of near meaning met; without it they do so under the pointer. */
  readonly showsMet: boolean;
  onPoint(row: Row): void;
  onPick(row: Row, event: MouseEvent): void;
}

/** One page as an option of the list. */
export function ResultRow(props: ResultRowProps) {
  const { row, id, isSelected, now, showsScores, showsMet } = props;
  const { page, hit } = row;
  const duplicates = hit?.nearDuplicates.length ?? 0;
  return (
    // Keys reach the option through the box that owns the focus.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      role="option"
      id={id}
      tabIndex={-1}
      class={`row${row.under ? ` folded ${row.under}` : ''}`}
      aria-selected={isSelected}
      data-page-url={page.url}
      data-page-id={page.id}
      data-rank={row.rank}
      onPointerMove={() => props.onPoint(row)}
      onClick={(event) => props.onPick(row, event)}
      onAuxClick={(event) => {
        if (event.button === 1) props.onPick(row, event);
      }}
    >
      <SiteIcon site={page.site} pageUrl={page.url} />
      <div class="row-text">
        <p class="row-title" dir="auto">
          {page.title.trim() || t(resultWords.untitled)}
        </p>
        <p class="row-meta">
          <span class="row-site">{page.site}</span>
          <span title={fullDate(language.value, page.lastReadAt)}>
            {whenRead(language.value, page.lastReadAt, now)}
          </span>
          {page.readCount > 1 && <span>{t(resultWords.readTimes, { count: page.readCount })}</span>}
          {page.isPinned && (
            <span class="row-pinned">
              <Icon name="pin" size={12} />
              {t(resultWords.pinned)}
            </span>
          )}
          {duplicates > 0 && (
            <span class="row-same" title={t(resultWords.nearlySame, { count: duplicates })}>
              <span aria-hidden="true">+{duplicates} ≈</span>
              <span class="visually-hidden">
                {t(resultWords.nearlySame, { count: duplicates })}
              </span>
            </span>
          )}
        </p>
        {hit && hit.snippet.text !== '' && <SnippetText hit={hit} />}
        {hit && (isSelected || showsMet) && <MetLine hit={hit} isSeen={showsMet} />}
        {hit && showsScores && <ScoreLine hit={hit} />}
      </div>
    </div>
  );
}

/** The best passage with what met the query marked. */
export function SnippetText({ hit }: { readonly hit: Hit }) {
  const { snippet } = hit;
  return (
    <p class="row-snippet" dir="auto">
      {snippet.startsInside && '…'}
      {segmentsOf(snippet).map((segment, place) =>
        segment.mark ? (
          <mark
            key={place}
            class={`mark-${segment.mark.level} ${segment.mark.kind}`}
            title={
              segment.mark.kind === 'near'
                ? t(resultWords.met, { word: segment.text, query: segment.mark.met })
                : t(resultWords.exactWord)
            }
          >
            {segment.text}
          </mark>
        ) : (
          segment.text
        ),
      )}
      {snippet.endsInside && '…'}
    </p>
  );
}

/**
 * The words of near meaning with what they met, as a part of the option: an option holds no controls
 * that could have the focus. Not seen, it is still read out with the selected page.
 */
function MetLine({ hit, isSeen }: { readonly hit: Hit; readonly isSeen: boolean }) {
  const pairs = metPairs(hit.snippet);
  if (pairs.length === 0) return null;
  return (
    <p class={isSeen ? 'row-met' : 'visually-hidden'}>
      {pairs.map(({ word, met }) => t(resultWords.met, { word, query: met })).join(' · ')}
    </p>
  );
}

function ScoreLine({ hit }: { readonly hit: Hit }) {
  const shown = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  return (
    <p class="row-scores">
      {t(resultWords.scoreLine, {
        score: shown(hit.score),
        dense: shown(hit.parts.dense),
        lexical: shown(hit.parts.lexical),
        late: shown(hit.parts.late),
      })}
    </p>
  );
}
