import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { PageId } from '../../core/ids.ts';
import type { Filters, Hit, PageSummary, SearchRequest } from '../../core/search/types.ts';
import type { EngineStatus } from '../../engine/api.ts';
import type { OpenPlace } from '../../messaging/protocol.ts';
import { createForgetting, type Forgetting } from '../parts/forgetting.ts';
import type { Ask, Timers } from '../parts/services.ts';
import { type Completion, completionsOf } from './completions.ts';
import { createElsewhere, type Elsewhere } from './elsewhere.ts';
import { foundPlace, type Row, type RowGroup, rowKey, rowsOfHits, rowsOfRecent } from './rows.ts';
import { createSearchModel, type SearchModel } from './search-model.ts';

/** Other passages of a page that are shown at once. */
const mostPassages = 3;

/** Whether one question is the other with letters added or taken away at the end. */
function isTypedOn(before: Question, now: Question): boolean {
  if (before.kind !== 'words' || now.kind !== 'words') return false;
  return now.query.startsWith(before.query) || before.query.startsWith(now.query);
}

/** What is asked: words with what steers them, or pages like a page or a text. */
export type Question =
  | {
      readonly kind: 'words';
      readonly query: string;
      readonly filters: Filters;
      readonly sort: NonNullable<SearchRequest['sort']>;
      readonly like: readonly PageId[];
      readonly unlike: readonly PageId[];
    }
  | {
      readonly kind: 'similar';
      readonly pageId: PageId | null;
      /** The text to compare with when there is no page. */
      readonly text: string;
      readonly title: string;
      readonly filters: Filters;
    };

export const emptyQuestion: Question = {
  kind: 'words',
  query: '',
  filters: {},
  sort: 'best',
  like: [],
  unlike: [],
};

/** Whether a question can be answered by the recent pages alone. */
export function isEmptyQuestion(question: Question): boolean {
  return (
    question.kind === 'words' &&
    question.query.trim() === '' &&
    question.like.length === 0 &&
    question.unlike.length === 0 &&
    Object.keys(question.filters).length === 0
  );
}

/** The name of a question in `data-query`: the words as typed, or the page it is similar to. */
export function questionName(question: Question): string {
  if (question.kind === 'words') return question.query;
  return `similar:${question.pageId ?? question.text}`;
}

export interface FinderOptions {
  readonly ask: Ask;
  readonly timers: Timers;
  /** Names the asking view: a newer question of the same view supersedes the older. */
  readonly client: string;
  readonly limit: number;
  /** Hits of a search by words that are shown before all others; all at once when left out. */
  readonly firstLimit?: number;
  readonly recentLimit: number;
}

/** A search view without its looks: the question, the rows, the selection, what can be done. */
export interface Finder {
  readonly question: ReadonlySignal<Question>;
  readonly search: SearchModel<Question>;
  readonly groups: ReadonlySignal<readonly RowGroup[]>;
  /** What Enter opens: the chosen row, or the first. */
  readonly selected: ReadonlySignal<Row | null>;
  /** The row that the person moved to or pointed at since the question was asked. */
  readonly chosen: ReadonlySignal<Row | null>;
  /** The question whose rows are shown. */
  readonly shownName: ReadonlySignal<string>;
  readonly state: ReadonlySignal<'idle' | 'loading' | 'searching' | 'ready' | 'failed'>;
  readonly status: ReadonlySignal<EngineStatus | null>;
  readonly error: ReadonlySignal<AppError | null>;
  readonly hasOnlyWeak: ReadonlySignal<boolean>;
  /** Ways to go on with the operator at the end of the box. */
  readonly completions: ReadonlySignal<readonly Completion[]>;
  readonly forgetting: Forgetting;
  /** The other devices, asked beside the list. */
  readonly elsewhere: Elsewhere['state'];
  /** Writes a completion into the box. */
  complete(completion: Completion): void;
  setQuestion(question: Question): void;
  loadRecent(): Promise<void>;
  retry(): void;
  select(row: Row): void;
  move(to: 'next' | 'previous' | 'first' | 'last'): void;
  unfold(row: Row): void;
  /** Why the last thing that was done with a row did not work; null when it did. */
  readonly rowError: ReadonlySignal<AppError | null>;
  /** Shows other passages of the page under its hit, or takes them away. */
  showMore(row: Row): Promise<void>;
  pin(row: Row): Promise<void>;
  /** Says whether it worked. */
  open(row: Row, place: OpenPlace): Promise<boolean>;
}

export function createFinder(options: FinderOptions): Finder {
  const { ask, timers, limit, recentLimit, firstLimit = limit } = options;
  // Two popups in two windows are two clients: neither may cut the other's query short.
  const client = `${options.client}-${crypto.randomUUID()}`;
  const question: Signal<Question> = signal(emptyQuestion);
  const recent: Signal<readonly PageSummary[] | null> = signal(null);
  const recentError: Signal<AppError | null> = signal(null);
  const status: Signal<EngineStatus | null> = signal(null);
  const unfolded: Signal<ReadonlySet<PageId>> = signal(new Set());
  const passages: Signal<ReadonlyMap<PageId, readonly Hit[]>> = signal(new Map());
  const pins: Signal<ReadonlyMap<PageId, boolean>> = signal(new Map());
  const rowError: Signal<AppError | null> = signal(null);
  /** What is done with a row never rejects: the view says what became of it. */
  const tried = async (work: () => Promise<void>): Promise<boolean> => {
    rowError.value = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      rowError.value = asAppError(thrown);
      return false;
    }
  };
  const selectedKey: Signal<string | null> = signal(null);
  const forgetting = createForgetting(
    (id) => ask('page-engine:forget', { by: 'ids', ids: [id] }),
    timers,
  );

  const askWords = (asked: Extract<Question, { kind: 'words' }>, most: number) => {
    const { query, filters, sort, like, unlike } = asked;
    return ask('page-engine:search', { query, limit: most, filters, sort, like, unlike, client });
  };
  const search = createSearchModel<Question>(
    (asked) => {
      if (asked.kind === 'similar') {
        return ask('page-engine:find-similar', {
          ...(asked.pageId === null ? { text: asked.text } : { pageId: asked.pageId }),
          limit,
          filters: asked.filters,
          client,
        });
      }
      return askWords(asked, firstLimit);
    },
    timers,
    isTypedOn,
    (asked, { hits }) =>
      asked.kind === 'words' && hits.length >= firstLimit && firstLimit < limit
        ? askWords(asked, limit)
        : null,
  );

  const showsRecent = computed(
    () => isEmptyQuestion(question.value) && search.shown.value === null,
  );
  const groups = computed(() => {
    const hidden = forgetting.hidden.value;
    const shown = search.shown.value;
    const found = shown
      ? rowsOfHits(shown.response, hidden, unfolded.value, passages.value)
      : isEmptyQuestion(question.value)
        ? rowsOfRecent(recent.value ?? [], timers.now(), hidden)
        : [];
    return found.map((group) => ({ ...group, rows: group.rows.map(withPin) }));
  });
  const withPin = (row: Row): Row => {
    const isPinned = pins.value.get(row.page.id);
    return isPinned === undefined ? row : { ...row, page: { ...row.page, isPinned } };
  };
  const rows = computed(() => groups.value.flatMap((group) => group.rows));
  const chosen = computed(
    () => rows.value.find((row) => rowKey(row) === selectedKey.value) ?? null,
  );
  const selected = computed(() => chosen.value ?? rows.value[0] ?? null);

  const completions = computed(() => {
    const asked = question.value;
    if (asked.kind !== 'words') return [];
    const pages = [
      ...(search.shown.value?.response.hits ?? []).map((hit) => hit.page),
      ...(recent.value ?? []),
    ];
    return completionsOf(asked.query, pages);
  });
  const elsewhere = createElsewhere(
    (query) => ask('page-sync:search', { query }),
    timers,
    () => search.ask(question.value),
  );
  const setQuestion = (next: Question) => {
    question.value = next;
    rowError.value = null;
    selectedKey.value = null;
    // Another empty map would be another list.
    if (passages.value.size > 0) passages.value = new Map();
    if (isEmptyQuestion(next)) search.rest();
    else search.ask(next);
    if (next.kind === 'words' && next.query.trim() !== '') elsewhere.look(next.query);
    else elsewhere.rest();
  };

  const loadRecent = async () => {
    recentError.value = null;
    const [pages, state] = await Promise.allSettled([
      ask('page-engine:recent-pages', { limit: recentLimit }),
      ask('page-engine:status', null),
    ]);
    if (pages.status === 'fulfilled') recent.value = pages.value;
    else recentError.value = asAppError(pages.reason);
    if (state.status === 'fulfilled') status.value = state.value;
  };

  const selectRow = (row: Row) => {
    selectedKey.value = rowKey(row);
  };

  return {
    question,
    search,
    groups,
    selected,
    chosen,
    status,
    forgetting,
    elsewhere: elsewhere.state,
    rowError,
    shownName: computed(() =>
      search.shown.value ? questionName(search.shown.value.question) : '',
    ),
    state: computed(() => {
      if (!showsRecent.value) return search.state.value;
      if (recentError.value) return 'failed';
      return recent.value === null ? 'loading' : 'idle';
    }),
    error: computed(() => (showsRecent.value ? recentError.value : search.error.value)),
    hasOnlyWeak: computed(
      () => groups.value.length > 0 && groups.value.every((group) => group.kind === 'weak'),
    ),
    completions,
    complete(completion) {
      const asked = question.value;
      if (asked.kind !== 'words') return;
      setQuestion({ ...asked, query: asked.query.slice(0, completion.start) + completion.text });
    },
    setQuestion,
    loadRecent,
    retry() {
      if (isEmptyQuestion(question.value)) void loadRecent();
      else search.retry();
    },
    select: selectRow,
    move(to) {
      const list = rows.value;
      const at = selected.value ? list.indexOf(selected.value) : -1;
      const last = list.length - 1;
      const place = { next: Math.min(at + 1, last), previous: Math.max(at - 1, 0), first: 0, last };
      const row = list[place[to]];
      if (row) selectRow(row);
    },
    unfold(row) {
      const next = new Set(unfolded.value);
      if (!next.delete(row.page.id)) next.add(row.page.id);
      unfolded.value = next;
    },
    async showMore(row) {
      const { id } = row.page;
      const asked = question.value;
      const query = asked.kind === 'words' ? asked.query : asked.text || asked.title;
      const before = passages.value;
      if (before.has(id) || row.hit === undefined) {
        passages.value = new Map([...before].filter(([other]) => other !== id));
        return;
      }
      const request = { id, query, without: row.hit.passageIndex, limit: mostPassages };
      await tried(async () => {
        const found = await ask('page-engine:more-passages', request);
        if (question.value === asked) passages.value = new Map(passages.value).set(id, found);
      });
    },
    async pin(row) {
      const isPinned = !row.page.isPinned;
      await tried(async () => {
        await ask('page-engine:set-pinned', { id: row.page.id, isPinned });
        pins.value = new Map(pins.value).set(row.page.id, isPinned);
      });
    },
    open: (row, place) =>
      tried(async () => {
        await ask('page-background:open-page', { url: row.url, place, found: foundPlace(row) });
      }),
  };
}
