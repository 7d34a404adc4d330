import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageKey } from '../ids.ts';
import { afterForget, afterRead, afterVisit, emptyState, isAlive, mergeStates } from './merge.ts';
import type { DeviceId, PageContent, PageState } from './types.ts';

const key = 'https://a.example/' as PageKey;

function content(title: string): PageContent {
  return {
    url: 'https://a.example/',
    title,
    lang: 'en',
    type: 'article',
    firstReadAt: 1,
    isPinned: false,
    passages: [{ text: title }],
  };
}

const anyState: fc.Arbitrary<PageState> = fc.record({
  key: fc.constant(key),
  epoch: fc.nat(3),
  visits: fc.uniqueArray(fc.record({ epoch: fc.nat(3), at: fc.nat(20) }), {
    selector: (visit) => `${visit.epoch} ${visit.at}`,
  }),
  edit: fc.option(
    fc
      .record({
        epoch: fc.nat(3),
        counter: fc.nat(3),
        device: fc.constantFrom('a' as DeviceId, 'b' as DeviceId, 'c' as DeviceId),
        at: fc.nat(20),
      })
      // One device makes one edit an epoch and counter, so the order names the content.
      .map((edit) => ({
        ...edit,
        content: content(`${edit.epoch} ${edit.counter} ${edit.device}`),
        at: edit.counter,
      })),
  ),
});

/** A state as stores keep it: merged with nothing. */
const settled = anyState.map((state) => mergeStates(state, emptyState(key)));

describe('merging states', () => {
  it('does not depend on order, grouping or repetition', () => {
    fc.assert(
      fc.property(settled, settled, settled, (a, b, c) => {
        expect(mergeStates(a, b)).toEqual(mergeStates(b, a));
        expect(mergeStates(mergeStates(a, b), c)).toEqual(mergeStates(a, mergeStates(b, c)));
        expect(mergeStates(a, a)).toEqual(a);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets a deletion win over an edit that did not know of it, whatever the clocks say', () => {
    const shared = afterRead(emptyState(key), {
      device: 'a' as DeviceId,
      at: 1_000,
      content: content('first'),
    });
    const forgotten = afterForget(shared);
    const editedWithFastClock = afterRead(shared, {
      device: 'b' as DeviceId,
      at: 1_000 + 365 * 86_400_000,
      content: content('second'),
    });
    const merged = mergeStates(forgotten, editedWithFastClock);
    expect(isAlive(merged)).toBe(false);
    expect(merged.visits).toEqual([]);
    expect(JSON.stringify(merged)).not.toContain('second');
  });

  it('lets a page that is read again after its deletion live', () => {
    const forgotten = afterForget(
      afterRead(emptyState(key), { device: 'a' as DeviceId, at: 9, content: content('first') }),
    );
    const again = afterRead(forgotten, {
      device: 'b' as DeviceId,
      at: 3,
      content: content('again'),
    });
    const merged = mergeStates(forgotten, again);
    expect(merged.edit?.content.title).toBe('again');
    expect(merged.visits).toEqual([{ epoch: 1, at: 3 }]);
  });

  it('keeps the visits of both sides, each once', () => {
    const read = afterRead(emptyState(key), {
      device: 'a' as DeviceId,
      at: 5,
      content: content('x'),
    });
    const merged = mergeStates(afterVisit(read, 8), afterVisit(afterVisit(read, 7), 5));
    expect(merged.visits.map((visit) => visit.at)).toEqual([5, 7, 8]);
  });

  it('refuses states of different pages', () => {
    expect(() => mergeStates(emptyState(key), emptyState('https://b.example/' as PageKey))).toThrow(
      /b\.example/,
    );
  });
});
