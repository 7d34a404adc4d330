import type { ModelId, PageId } from '../core/ids.ts';
import { entryChecksum } from './checksum.ts';
import type { IndexMemory } from './index-memory.ts';
import { nextTask, runInSlices } from './next-task.ts';
import {
  adoptSegment,
  type BuiltSegment,
  buildSegment,
  draftOfChanged,
  draftOfMerged,
  type SegmentDraft,
} from './pack-segments.ts';
import type { PackedSegment } from './packed-segment.ts';
import type { PageStore, SegmentChange } from './ports.ts';

/** When pages are packed, and how many together. */
export interface PackLimits {
  /** Fewer changed pages than this are left where they are. */
  readonly minChanged: number;
  /** The most changed pages that become a segment at a time. */
  readonly maxChanged: number;
  /** Neighbours of fewer rows than `rows` are merged, `count` at a time; larger ones stay. */
  readonly tiers: readonly { readonly rows: number; readonly count: number }[];
}

/**
 * Segments of some two thousand rows are large enough for a start, which reads a hundred thousand pages
 * in fifty values, and small enough to be put into the database while a query waits no longer than a
 * person can tell (`bin/bench --only idle`).
 */
const defaultLimits: PackLimits = {
  minChanged: 64,
  maxChanged: 256,
  tiers: [{ rows: 1_024, count: 8 }],
};
/** Of codes that no model made: whoever looks for a space makes them anew. */
const noSpace = 'none' as ModelId;
/** A segment with a larger share of dead rows is written anew. */
const maxDeadShare = 0.5;
/** Pages whose tokens are read between two places where other work may run. */
const tokensTogether = 8;

export interface PackerTools {
  readonly store: PageStore;
  readonly index: IndexMemory;
  readonly space: ModelId;
  /** Packed tokens of some pages, in their order; null for one without a text that can be read. */
  tokens(ids: readonly PageId[]): Promise<readonly (Uint8Array | null)[]>;
  /** Left out: the ordinary ones. */
  readonly limits?: PackLimits | undefined;
  clock(): number;
}

/** Runs a change of the engine after those before it. */
export type RunChange = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Packs the tail into segments and merges small segments into larger ones, a step at a time. A
 * step is made beside whatever else the engine does, and written in one transaction after the
 * changes that came before; one that a removal has overtaken is thrown away.
 */
export class Packer {
  readonly #tools: PackerTools;
  readonly #limits: PackLimits;
  #step: Promise<boolean> | null = null;
  /** Grows when pages go for good: what is being packed meanwhile may hold them. */
  #removals = 0;

  constructor(tools: PackerTools) {
    this.#tools = tools;
    this.#limits = tools.limits ?? defaultLimits;
  }

  /** Does one step; says whether there was one to do. One at a time. */
  step(change: RunChange): Promise<boolean> {
    this.#step ??= this.#doUnlessOvertaken(change).finally(() => {
      this.#step = null;
    });
    return this.#step;
  }

  /** Resolves when the step under way, if any, has ended: without writing, when it had not come to that. */
  async end(): Promise<void> {
    this.discard();
    await this.#step?.catch(() => undefined);
  }

  /** Lets the step under way, if any, end without writing. */
  discard(): void {
    this.#removals++;
  }

  async #doUnlessOvertaken(change: RunChange): Promise<boolean> {
    const removals = this.#removals;
    try {
      return await this.#do(change);
    } catch (thrown) {
      // What it was reading may have gone.
      if (removals === this.#removals) throw thrown;
      return true;
    }
  }

  async #do(change: RunChange): Promise<boolean> {
    const { index } = this.#tools;
    // The codes in memory are not those of the pages then.
    if (index.isWordsOnly) return false;
    if (index.changed.size >= this.#limits.minChanged) return this.#packChanged(change);
    const run = mergeable(index, this.#limits);
    if (run.length === 0) return false;
    await this.#replace(run, change);
    return true;
  }

  async #packChanged(change: RunChange): Promise<boolean> {
    const { store, index } = this.#tools;
    const removals = this.#removals;
    // In line with the changes: no entry is written while they are read.
    const { draft, packed } = await change(async () => {
      const records = [...index.changed.values()].slice(0, this.#limits.maxChanged);
      const found = await store.entriesOf(records.map(({ id }) => id));
      const entries = found.map((entry) =>
        entry !== null && entry.checksum === entryChecksum(entry) ? entry : null,
      );
      return {
        draft: draftOfChanged(index, records, entries),
        packed: entries.filter((entry) => entry !== null),
      };
    });
    const built = await this.#build(draft);
    await this.#commit(removals, { remove: [], built: [built], packed }, change);
    return true;
  }

  /** Writes what is alive of some segments as one. */
  async #replace(segments: readonly PackedSegment[], change: RunChange): Promise<void> {
    const removals = this.#removals;
    const draft = draftOfMerged(this.#tools.index, segments);
    const isEmpty = draft.indexed.length + draft.bare.length === 0;
    const built = isEmpty ? [] : [await this.#build(draft)];
    const remove = segments.map(({ id }) => id);
    await this.#commit(removals, { remove, built, packed: [] }, change);
  }

  async #build(draft: SegmentDraft): Promise<BuiltSegment> {
    const { index, space, clock } = this.#tools;
    const tokens = index.isWordsOnly ? [] : await this.#tokensOf(draft);
    const steps = buildSegment(draft, tokens, index.isWordsOnly ? noSpace : space);
    return runInSlices(steps, clock);
  }

  /**
   * Tokens of the rows of a draft. Of a page that was read again since, those of its new text: its row
   * is of no use to anybody then.
   */
  async #tokensOf({ indexed }: SegmentDraft): Promise<readonly (Uint8Array | null)[]> {
    const found: (Uint8Array | null)[] = [];
    for (let start = 0; start < indexed.length; start += tokensTogether) {
      const some = indexed.slice(start, start + tokensTogether);
      found.push(...(await this.#tools.tokens(some.map(({ id }) => id))));
      await nextTask();
    }
    return found;
  }

  #commit(
    removals: number,
    write: {
      readonly remove: readonly number[];
      readonly built: readonly BuiltSegment[];
      readonly packed: readonly { readonly pageId: PageId; readonly checksum: number }[];
    },
    change: RunChange,
  ): Promise<void> {
    const { store, index } = this.#tools;
    return change(async () => {
      if (removals !== this.#removals) return;
      const { remove, built, packed } = write;
      const add = built.map(({ segment }) => segment);
      const packedTo = packedToAfter(index, built);
      const ids = await store.pack({ remove, add, packed, packedTo });
      adoptAll(this.#tools, built, ids);
      for (const id of remove) index.removeSegment(id);
    });
  }

  /**
   * The segments that hold some pages, made anew without them, for the transaction that removes
   * these. Call it within a change of the engine, and `adopt` after the commit.
   */
  async without(
    pages: readonly PageId[],
  ): Promise<{ readonly change: SegmentChange; adopt(added: readonly number[]): void }> {
    if (pages.length > 0) this.#removals++;
    const { index } = this.#tools;
    const leaving = new Set(pages);
    const remove: number[] = [];
    const built: BuiltSegment[] = [];
    for (const segment of index.segments.values()) {
      if (!segment.rows.ids.some((id) => leaving.has(id as PageId))) continue;
      remove.push(segment.id);
      const draft = draftOfMerged(index, [segment], leaving);
      if (draft.indexed.length + draft.bare.length > 0) built.push(await this.#build(draft));
    }
    return {
      change: { remove, add: built.map(({ segment }) => segment) },
      adopt: (added) => {
        adoptAll(this.#tools, built, added);
        for (const id of remove) index.removeSegment(id);
      },
    };
  }
}

function adoptAll(
  { store, index }: PackerTools,
  built: readonly BuiltSegment[],
  ids: readonly number[],
): void {
  for (const [place, each] of built.entries())
    adoptSegment(store, index, ids[place] as number, each);
}

/** The highest revision up to which every record has a row, once some segments are written. */
function packedToAfter(index: IndexMemory, built: readonly BuiltSegment[]): number {
  const packed = new Map(
    built.flatMap(({ draft }) =>
      [...draft.indexed, ...draft.bare].map(({ id, record }) => [id, record] as const),
    ),
  );
  let least = Number.POSITIVE_INFINITY;
  for (const record of index.changed.values()) {
    if (packed.get(record.id) !== record) least = Math.min(least, record.revision);
  }
  let most = 0;
  for (const { revision } of index.segments.values()) most = Math.max(most, revision);
  for (const { revision } of built) most = Math.max(most, revision);
  return Math.min(most, least - 1);
}

/** The next segments to merge, oldest first: enough small neighbours, or one that is mostly dead. */
function mergeable(index: IndexMemory, { tiers }: PackLimits): readonly PackedSegment[] {
  const all = index.segmentsInOrder();
  let above = 0;
  for (const { rows, count } of tiers) {
    let run: PackedSegment[] = [];
    for (const segment of all) {
      const { length } = segment.rows;
      run = length >= above && length < rows ? [...run, segment] : [];
      if (run.length === count) return run;
    }
    above = rows;
  }
  return all.filter((segment) => deadShare(segment) > maxDeadShare).slice(0, 1);
}

/** Rows whose terms and codes are stale or gone, of all. */
function deadShare({ rows, ordinals }: PackedSegment): number {
  return ordinals.reduce((sum, ordinal) => sum + (ordinal < 0 ? 1 : 0), 0) / rows.length;
}
