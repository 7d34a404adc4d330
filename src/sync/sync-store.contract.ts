import { beforeEach, describe, expect, it } from 'vitest';
import type { PageKey, Timestamp } from '../core/ids.ts';
import { afterForget, afterRead, afterVisit, emptyState } from '../core/sync/merge.ts';
import type { DeviceId, PageContent, PageState } from '../core/sync/types.ts';
import type { SyncStore } from './ports.ts';

/** A sync store with the hands of a person on it. */
export interface SyncStoreUnderTest {
  readonly store: SyncStore;
  read(url: string, text: string, at: Timestamp): Promise<unknown>;
  forget(url: string): Promise<unknown>;
}

const other = 'other' as DeviceId;
const keyOf = (name: string) => `https://${name}.example/` as PageKey;

function contentOf(url: string, text: string, firstReadAt: Timestamp): PageContent {
  const passages = [{ text }];
  return { url, title: text, lang: 'en', type: 'article', firstReadAt, isPinned: false, passages };
}

/** The state after another device has read a page. */
function readElsewhere(state: PageState, text: string, at: Timestamp): PageState {
  return afterRead(state, { device: other, at, content: contentOf(state.key, text, at) });
}

/** What every {@link SyncStore} must do. `create` gives one that is set up and empty. */
export function describeSyncStore(name: string, create: () => Promise<SyncStoreUnderTest>): void {
  describe(`sync store ${name}`, () => {
    let made: SyncStoreUnderTest;
    let store: SyncStore;
    beforeEach(async () => {
      made = await create();
      store = made.store;
    });
    const stateOf = async (key: PageKey) => (await store.states([key]))[0]!;
    const titleOf = async (key: PageKey) => (await stateOf(key)).edit?.content.title ?? null;

    it('puts what is read into the outbox, each page once, the last change last', async () => {
      await made.read(keyOf('a'), 'apples', 10);
      await made.read(keyOf('b'), 'bees', 20);
      await made.read(keyOf('a'), 'apricots', 30);
      const entries = await store.pending(9);
      expect(entries.map(({ key }) => key)).toEqual([keyOf('b'), keyOf('a')]);
      expect(entries[1]!.sequence).toBeGreaterThan(entries[0]!.sequence);
      expect(await store.pending(1)).toEqual(entries.slice(0, 1));
      expect(await store.pending(9, entries[0]!.sequence)).toEqual(entries.slice(1));
      expect(await store.pendingCount()).toBe(2);
    });

    it('says the state of a page with its content and visits', async () => {
      await made.read(keyOf('a'), 'apples', 10);
      await made.read(keyOf('a'), 'apricots', 30);
      expect(await stateOf(keyOf('a'))).toEqual({
        key: keyOf('a'),
        epoch: 0,
        visits: [
          { epoch: 0, at: 10 },
          { epoch: 0, at: 30 },
        ],
        edit: {
          epoch: 0,
          counter: 2,
          device: await store.device(),
          at: 30,
          content: contentOf(keyOf('a'), 'apricots', 10),
        },
      });
      expect(await stateOf(keyOf('nowhere'))).toEqual(emptyState(keyOf('nowhere')));
    });

    it('keeps an entry that changed while it was being sent', async () => {
      await made.read(keyOf('a'), 'apples', 10);
      await made.read(keyOf('b'), 'bees', 20);
      const sent = await store.pending(9);
      await made.read(keyOf('a'), 'apricots', 30);
      await store.acknowledge(sent);
      expect((await store.pending(9)).map(({ key }) => key)).toEqual([keyOf('a')]);
      await store.acknowledge(await store.pending(9));
      expect(await store.pendingCount()).toBe(0);
    });

    it('never gives a sequence twice', async () => {
      await made.read(keyOf('a'), 'apples', 10);
      const [first] = await store.pending(1);
      await store.acknowledge([first!]);
      await made.read(keyOf('a'), 'apricots', 20);
      expect((await store.pending(1))[0]!.sequence).toBeGreaterThan(first!.sequence);
    });

    it('remembers that a page was forgotten, and takes it for new when it is read again', async () => {
      await made.read(keyOf('a'), 'apples', 10);
      await made.forget(keyOf('a'));
      expect(await stateOf(keyOf('a'))).toEqual({ ...emptyState(keyOf('a')), epoch: 1 });
      expect((await store.pending(9)).map(({ key }) => key)).toEqual([keyOf('a')]);
      await made.read(keyOf('a'), 'apples', 40);
      expect(await stateOf(keyOf('a'))).toMatchObject({
        epoch: 1,
        edit: { epoch: 1, counter: 1 },
        visits: [{ epoch: 1, at: 40 }],
      });
    });

    it('merges pages of another device without an echo, and moves its cursor with them', async () => {
      const told = ['a', 'b'].map((name) => readElsewhere(emptyState(keyOf(name)), name, 50));
      await store.merge(told, { device: 'o', sequence: 7 });
      expect(await store.states([keyOf('b'), keyOf('a')])).toEqual([told[1], told[0]]);
      expect(await store.pendingCount()).toBe(0);
      expect(await store.cursors()).toEqual({ o: 7 });
      await store.merge(told, null);
      expect(await store.pendingCount()).toBe(0);
    });

    it('takes a page that is told twice as both say', async () => {
      const told = readElsewhere(emptyState(keyOf('a')), 'elsewhere', 50);
      await store.merge([afterVisit(told, 70), told], null);
      expect((await stateOf(keyOf('a'))).visits.map(({ at }) => at)).toEqual([50, 70]);
    });

    it('sends a page again of which it knows better', async () => {
      const old = readElsewhere(emptyState(keyOf('a')), 'elsewhere', 50);
      const newer = readElsewhere(old, 'newer', 60);
      await store.merge([newer], null);
      await store.merge([old], null);
      expect((await store.pending(9)).map(({ key }) => key)).toEqual([keyOf('a')]);
      await store.acknowledge(await store.pending(9));
      await store.merge([afterForget(newer)], null);
      await store.merge([newer], null);
      expect((await store.pending(9)).map(({ key }) => key)).toEqual([keyOf('a')]);
      expect(await titleOf(keyOf('a'))).toBeNull();
    });

    it('joins visits, and lets the later edit win', async () => {
      await made.read(keyOf('a'), 'here', 10);
      const told = readElsewhere(readElsewhere(emptyState(keyOf('a')), 'x', 5), 'newer', 5);
      await store.merge([told], null);
      expect((await stateOf(keyOf('a'))).visits.map(({ at }) => at)).toEqual([5, 10]);
      expect(await titleOf(keyOf('a'))).toBe('newer');
      await store.merge([afterVisit(told, 70)], null);
      expect((await stateOf(keyOf('a'))).visits.map(({ at }) => at)).toEqual([5, 10, 70]);
    });

    it('lets a deletion win over an older edit, whatever the clock of either says', async () => {
      await made.read(keyOf('a'), 'here', 999_999);
      const told = afterForget(readElsewhere(emptyState(keyOf('a')), 'x', 1));
      await store.merge([told], null);
      expect(await stateOf(keyOf('a'))).toEqual(told);
      const again = readElsewhere(told, 'again', 2);
      await store.merge([again], null);
      expect(await stateOf(keyOf('a'))).toEqual(again);
    });

    it('puts aside what cannot be sent, unless it has changed meanwhile', async () => {
      await made.read(keyOf('a'), 'apples', 10);
      const [entry] = await store.pending(1);
      await made.read(keyOf('a'), 'apricots', 20);
      const why = { reason: 'refused', message: 'no', at: 1 };
      await store.putAside(entry!, why);
      expect(await store.pendingCount()).toBe(1);
      await store.putAside((await store.pending(1))[0]!, why);
      expect(await store.pendingCount()).toBe(0);
    });

    it('keeps a cursor for each device', async () => {
      expect(await store.cursors()).toEqual({});
      await store.merge([], { device: 'b', sequence: 4 });
      await store.merge([], { device: 'c', sequence: 7 });
      await store.merge([], { device: 'b', sequence: 5 });
      expect(await store.cursors()).toEqual({ b: 5, c: 7 });
    });
  });
}
