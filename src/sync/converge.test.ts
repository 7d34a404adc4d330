import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { isAlive } from '../core/sync/merge.ts';
import type { PageContent } from '../core/sync/types.ts';
import { type Codec, plainCodec } from './codec.ts';
import { Killed, MemoryRemote } from './memory-remote.test-tools.ts';
import { MemorySyncStore } from './memory-sync-store.ts';
import { pullOnce } from './pull.ts';
import { type Mirror, pushAll } from './push.ts';
import { takeFound } from './remote-search.ts';

function content(key: PageKey, version: number): PageContent {
  return {
    url: key,
    title: `version ${version}`,
    lang: 'en',
    type: 'article',
    firstReadAt: 0,
    isPinned: false,
    passages: [{ text: `shared ${version % 3}` }, { text: `own ${version}` }],
  };
}

type Change = { do: 'read' | 'visit' | 'forget'; device: number; page: number };
type Exchange = { do: 'push' | 'pull' | 'search'; device: number; killAfter: number | null };
type Step = Change | Exchange;

function isExchange(step: Step): step is Exchange {
  return step.do === 'push' || step.do === 'pull' || step.do === 'search';
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constantFrom('read' as const, 'read' as const, 'visit' as const, 'forget' as const),
      device: fc.nat(2),
      page: fc.nat(2),
    }),
    fc.record({
      do: fc.constantFrom('push' as const, 'pull' as const, 'search' as const),
      device: fc.nat(2),
      killAfter: fc.option(fc.nat(9), { freq: 2 }),
    }),
  ),
  { maxLength: 60 },
);

const keys = [0, 1, 2].map((page) => `https://${page}.example/` as PageKey);

async function attempt(
  remote: MemoryRemote,
  killAfter: number | null,
  work: () => Promise<unknown>,
) {
  remote.killAfter = killAfter;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  } finally {
    remote.killAfter = null;
  }
}

const exchanges = {
  push: (mirror: Mirror) => pushAll(mirror),
  pull: (mirror: Mirror) => pullOnce(mirror),
  search: (mirror: Mirror) =>
    takeFound(mirror, new Float32Array([1, 0]), new AbortController().signal),
};

async function settle(mirrors: readonly Mirror[]): Promise<void> {
  for (let round = 0; round < 6; round++) {
    for (const mirror of mirrors) {
      await pushAll(mirror);
      await pullOnce(mirror);
    }
  }
}

describe('three devices', () => {
  it('agree in the end, whatever the order of edits, deletions, kills and repeats', async () => {
    const codec: Codec = await plainCodec();
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const remote = new MemoryRemote();
        const stores = ['a', 'b', 'c'].map((device) => new MemorySyncStore(device));
        const mirrors = stores.map((store) => ({
          store,
          remote,
          codec,
          model: 'test',
          now: () => 0,
          isExcluded: () => false,
          embed: async ({ passages }: PageContent) => passages.map(() => new Float32Array([1, 0])),
        }));
        let version = 0;
        /** What each deletion must have ended, by page: versions its device had seen. */
        const ended = new Map<PageKey, Set<string>>();
        for (const step of history) {
          const store = stores[step.device]!;
          const mirror = mirrors[step.device]!;
          if (isExchange(step)) {
            await attempt(remote, step.killAfter, () => exchanges[step.do](mirror));
          } else {
            const key = keys[step.page]!;
            version++;
            // Clocks that are wrong by hours, each in its own way.
            const at = version + (step.device - 1) * 7 * 3_600_000;
            if (step.do === 'read') store.read(key, at, content(key, version));
            else if (step.do === 'visit' && isAlive((await store.states([key]))[0]!))
              store.visit(key, at);
            else if (step.do === 'forget') {
              const seen = (await store.states([key]))[0]!.edit?.content.title;
              if (seen !== undefined) ended.set(key, (ended.get(key) ?? new Set()).add(seen));
              store.forget(key);
            }
          }
        }
        await settle(mirrors);
        for (const key of keys) {
          const [a, b, c] = (await Promise.all(stores.map((store) => store.states([key])))).flat();
          expect(b).toEqual(a);
          expect(c).toEqual(a);
          // Nothing that was forgotten returns.
          expect(ended.get(key)?.has(a!.edit?.content.title ?? '') ?? false).toBe(false);
          // The mirror holds the passages of what is alive, and no others.
          const passages = [...remote.points.values()].filter(
            ({ payload }) => payload.page === key && payload.kind === 'passage',
          );
          expect(passages.length).toBe(a!.edit?.content.passages.length ?? 0);
        }
        expect(await Promise.all(stores.map((store) => store.pendingCount()))).toEqual([0, 0, 0]);
      }),
      { numRuns: 300 },
    );
  });
});
