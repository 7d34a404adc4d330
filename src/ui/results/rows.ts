import type { PageId, Timestamp } from '../../core/ids.ts';
import type { FoundPlace } from '../../core/page/opened.ts';
import type { Hit, PageSummary, SearchResponse } from '../../core/search/types.ts';
import { daysBetween } from '../i18n/dates.ts';

/** One row of a list: a page, and the hit that found it unless it is just recent. */
export interface Row {
  readonly page: PageSummary;
  readonly url: string;
  readonly hit?: Hit;
  /** 1-based place in the whole list. */
  readonly rank: number;
  /** Shown under another hit: a page nearly the same, or another passage of that page. */
  readonly under?: 'same' | 'passage';
}

export type GroupKind = 'sure' | 'weak' | 'today' | 'yesterday' | 'week' | 'earlier';

export interface RowGroup {
  readonly kind: GroupKind;
  readonly rows: readonly Row[];
}

/**
 * Rows of a search: sure hits, then weak ones, forgotten pages left out, and right under a hit its
 * other passages where they were asked for, and its near-duplicates where it is unfolded. Ranks
 * count the hits only.
 */
export function rowsOfHits(
  response: SearchResponse,
  forgotten: ReadonlySet<PageId>,
  unfolded: ReadonlySet<PageId>,
  passages: ReadonlyMap<PageId, readonly Hit[]> = new Map(),
): readonly RowGroup[] {
  const sure: Row[] = [];
  const weak: Row[] = [];
  let rank = 0;
  for (const hit of response.hits) {
    if (forgotten.has(hit.page.id)) continue;
    rank += 1;
    const rows = hit.isWeak ? weak : sure;
    rows.push({ page: hit.page, url: hit.openUrl, hit, rank });
    for (const part of passages.get(hit.page.id) ?? []) {
      rows.push({ page: hit.page, url: part.openUrl, hit: part, rank, under: 'passage' });
    }
    if (!unfolded.has(hit.page.id)) continue;
    for (const page of hit.nearDuplicates) {
      if (!forgotten.has(page.id)) rows.push({ page, url: page.url, rank, under: 'same' });
    }
  }
  return nonEmpty([
    { kind: 'sure', rows: sure },
    { kind: 'weak', rows: weak },
  ]);
}

/** Rows of the last pages read, by today, yesterday, this week, earlier. Order is kept. */
export function rowsOfRecent(
  pages: readonly PageSummary[],
  now: Timestamp,
  forgotten: ReadonlySet<PageId>,
): readonly RowGroup[] {
  const groups: Record<'today' | 'yesterday' | 'week' | 'earlier', Row[]> = {
    today: [],
    yesterday: [],
    week: [],
    earlier: [],
  };
  let rank = 0;
  for (const page of pages) {
    if (forgotten.has(page.id)) continue;
    const days = daysBetween(page.lastReadAt, now);
    const kind = days <= 0 ? 'today' : days === 1 ? 'yesterday' : days < 7 ? 'week' : 'earlier';
    rank += 1;
    groups[kind].push({ page, url: page.url, rank });
  }
  return nonEmpty([
    { kind: 'today', rows: groups.today },
    { kind: 'yesterday', rows: groups.yesterday },
    { kind: 'week', rows: groups.week },
    { kind: 'earlier', rows: groups.earlier },
  ]);
}

/** What is opened with a row: the passage that it shows, if any. */
export function foundPlace({ page, hit }: Row): FoundPlace {
  return { id: page.id, index: hit?.passageIndex ?? null, text: hit?.snippet.text ?? '' };
}

/** What tells a row from every other of its list. */
export function rowKey({ page, hit, under }: Row): string {
  return under === 'passage'
    ? `passage-${page.id}-${hit?.passageIndex}`
    : `${under ?? 'page'}-${page.id}`;
}

function nonEmpty(groups: readonly RowGroup[]): readonly RowGroup[] {
  return groups.filter((group) => group.rows.length > 0);
}

/**
 * Keeps neighbours that are as good as equal in the order they had in the list before: a swap
 * happens only when the newer score is ahead by more than `tolerance` of the best score.
 */
export function keepOrder(
  hits: readonly Hit[],
  before: readonly Hit[],
  tolerance = 0.01,
): readonly Hit[] {
  if (before.length === 0 || hits.length < 2) return hits;
  const places = new Map(before.map((hit, place) => [hit.page.id, place]));
  const near = Math.abs(hits[0]?.score ?? 0) * tolerance;
  const out = [...hits];
  for (let i = 1; i < out.length; i += 1) {
    const upper = out[i - 1];
    const lower = out[i];
    if (!upper || !lower || upper.isWeak !== lower.isWeak) continue;
    const upperPlace = places.get(upper.page.id);
    const lowerPlace = places.get(lower.page.id);
    if (upperPlace === undefined || lowerPlace === undefined) continue;
    if (lowerPlace < upperPlace && upper.score - lower.score <= near) {
      out[i - 1] = lower;
      out[i] = upper;
    }
  }
  return out;
}
