import { describe, expect, test } from 'vitest';
import type { SyncSearchResult } from '../../engine/sync-api.ts';
import { createElsewhere, lookAfterMs } from './elsewhere.ts';
import { slowAfterMs } from './search-model.ts';

/** A clock that a test turns, and a mirror that answers when the test says so. */
function setUp() {
  const tasks: { ms: number; task: () => void; isOff: boolean }[] = [];
  const timers = {
    after(ms: number, task: () => void) {
      const entry = { ms, task, isOff: false };
      tasks.push(entry);
      return () => {
        entry.isOff = true;
      };
    },
  };
  const asked: { query: string; answer(result: SyncSearchResult): void }[] = [];
  const taken: string[] = [];
  const elsewhere = createElsewhere(
    (query) => new Promise((answer) => asked.push({ query, answer })),
    timers,
    (query) => taken.push(query),
  );
  const pass = (ms: number) => {
    for (const entry of tasks.splice(0)) if (!entry.isOff && entry.ms === ms) entry.task();
  };
  const answer = async (place: number, result: SyncSearchResult) => {
    asked[place]!.answer(result);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { elsewhere, asked, taken, pass, answer };
}

describe('asking the other devices', () => {
  test('waits until the typing rests, and asks the list again for what came in', async () => {
    const { elsewhere, asked, taken, pass, answer } = setUp();
    elsewhere.look('ho');
    elsewhere.look('honey');
    expect(asked).toEqual([]);
    pass(lookAfterMs);
    expect(asked.map(({ query }) => query)).toEqual(['honey']);
    expect(elsewhere.state.value).toEqual({ kind: 'none' });
    pass(slowAfterMs);
    expect(elsewhere.state.value).toEqual({ kind: 'asking' });
    await answer(0, { state: 'asked', taken: 2 });
    expect(elsewhere.state.value).toEqual({ kind: 'taken', count: 2 });
    expect(taken).toEqual(['honey']);
  });

  test('says nothing where sync is off or nothing came, and why it failed', async () => {
    const { elsewhere, taken, pass, answer } = setUp();
    const results: SyncSearchResult[] = [
      { state: 'off' },
      { state: 'asked', taken: 0 },
      { state: 'failed', reason: 'timeout' },
    ];
    const states = [{ kind: 'none' }, { kind: 'none' }, { kind: 'failed', reason: 'timeout' }];
    for (const [place, result] of results.entries()) {
      elsewhere.look('honey');
      pass(lookAfterMs);
      await answer(place, result);
      expect(elsewhere.state.value).toEqual(states[place]);
    }
    expect(taken).toEqual([]);
  });

  test('drops the answer to an older question', async () => {
    const { elsewhere, taken, pass, answer } = setUp();
    elsewhere.look('honey');
    pass(lookAfterMs);
    elsewhere.rest();
    await answer(0, { state: 'asked', taken: 2 });
    pass(slowAfterMs);
    expect(elsewhere.state.value).toEqual({ kind: 'none' });
    expect(taken).toEqual([]);
  });
});
