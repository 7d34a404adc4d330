import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Timestamp } from '../../core/ids.ts';
import { t } from '../i18n/language.ts';
import { dateWords } from '../messages/dates.ts';
import { resultWords } from '../messages/results.ts';
import { ResultRow } from './result-row.tsx';
import { type GroupKind, type Row, type RowGroup, rowKey } from './rows.ts';

export interface ResultListProps {
  readonly id: string;
  readonly label: string;
  readonly groups: readonly RowGroup[];
  readonly selected: Row | null;
  readonly now: Timestamp;
  /** The question whose answer is shown, for tests and for nobody else. */
  readonly query: string;
  readonly state: string;
  readonly showsScores: boolean;
  /** The row that was moved to by keyboard; it names what its words of near meaning met. */
  readonly told: Row | null;
  /** Buttons for one row; they float beside it, outside the listbox. */
  tools?(row: Row): ComponentChildren;
  onPoint(row: Row): void;
  onPick(row: Row, event: MouseEvent): void;
}

/** More rows than any list shows without being scrolled. */
const rowsAtOnce = 12;

/** The id of a row's element, for `aria-activedescendant`. */
export function rowElementId(listId: string, row: Row): string {
  return `${listId}-${rowKey(row)}`;
}

/** A listbox of pages. The focus stays in the box that controls it. */
export function ResultList(props: ResultListProps) {
  const { id, selected, query } = props;
  // The answer to another question: what is seen of it comes first, the rest once that is painted, and
  // not at all when the next letter was faster.
  const [wholeFor, setWholeFor] = useState(query);
  useEffect(() => setWholeFor(query), [query]);
  const isWhole = wholeFor === query;
  const groups = isWhole ? props.groups : firstOf(props.groups, rowsAtOnce);
  const scroller = useRef<HTMLDivElement>(null);
  const [toolsTop, setToolsTop] = useState(0);
  const selectedId = selected ? rowElementId(id, selected) : null;

  useLayoutEffect(() => {
    const element = selectedId === null ? null : document.getElementById(selectedId);
    if (!element || !scroller.current) return;
    setToolsTop(element.offsetTop);
    keepInView(scroller.current, element, props.groups[0]?.rows[0] === selected);
  }, [selectedId, selected, props.groups]);

  return (
    <div class="result-scroller" ref={scroller}>
      <div
        role="listbox"
        id={id}
        class="result-list"
        aria-label={props.label}
        tabIndex={-1}
        data-query={query}
        data-state={isWhole ? props.state : 'searching'}
        aria-busy={!isWhole || props.state === 'searching'}
      >
        {groups.map((group) => (
          // A group of options is what a listbox may hold; a fieldset is not.
          // biome-ignore lint/a11y/useSemanticElements: see above
          <div
            role="group"
            key={group.kind}
            class={`row-group ${group.kind}`}
            aria-label={groupName(group.kind) ?? props.label}
          >
            {groupName(group.kind) !== null && (
              <div class="group-name" role="presentation">
                <span aria-hidden="true">{groupName(group.kind)}</span>
              </div>
            )}
            {group.rows.map((row) => (
              <ResultRow
                key={rowElementId(id, row)}
                row={row}
                id={rowElementId(id, row)}
                isSelected={row === selected}
                now={props.now}
                showsScores={props.showsScores}
                showsMet={props.showsScores || row === props.told}
                onPoint={props.onPoint}
                onPick={props.onPick}
              />
            ))}
          </div>
        ))}
      </div>
      {selected && props.tools && (
        <div
          class="row-tools"
          role="toolbar"
          aria-label={t(resultWords.pageTools)}
          style={{ insetBlockStart: `${toolsTop}px` }}
        >
          {props.tools(selected)}
        </div>
      )}
    </div>
  );
}

/** So many rows of the groups, from the first on. */
function firstOf(groups: readonly RowGroup[], count: number): readonly RowGroup[] {
  const first: RowGroup[] = [];
  let left = count;
  for (const group of groups) {
    if (left <= 0) break;
    first.push({ ...group, rows: group.rows.slice(0, left) });
    left -= group.rows.length;
  }
  return first;
}

function groupName(kind: GroupKind): string | null {
  switch (kind) {
    case 'sure':
      return null;
    case 'weak':
      return t(resultWords.lessCertain);
    case 'today':
      return t(dateWords.today);
    case 'yesterday':
      return t(dateWords.yesterdayGroup);
    case 'week':
      return t(dateWords.thisWeek);
    case 'earlier':
      return t(dateWords.earlier);
  }
}

/** Scrolls by the least that shows the whole row; the first row brings its group's name along. */
function keepInView(scroller: HTMLElement, row: HTMLElement, isFirst: boolean): void {
  const top = isFirst ? 0 : row.offsetTop;
  const bottom = row.offsetTop + row.offsetHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = bottom - scroller.clientHeight;
  }
}
