import { describe, expect, it } from 'vitest';
import type { PageOrdinal } from '../ids.ts';
import { coarseScan, withoutScript } from './dense.ts';
import { defaultRanking } from './ranking.ts';
import { FixtureStore } from './search.fixture.ts';

const korean = Array.from({ length: 20 }, (_, i) => ({
  title: `개구리 ${i}`,
  text: `얼음 개구리 이야기${i}`,
  lang: 'ko',
}));
const english = Array.from({ length: 20 }, (_, i) => ({
  title: `Note ${i}`,
  text: `plain filler${i} about subject${i}`,
}));

function scan(store: FixtureStore, query: string, group: string) {
  const { encoder, model } = store.context;
  const embedding = encoder.embed(model.tokenizer.encode(query));
  return coarseScan(store.context, embedding, group, defaultRanking);
}

describe('the excess of a script', () => {
  it('is taken from the pages that share the script of the query, and from no others', () => {
    const store = new FixtureStore([...korean, ...english]);
    const dense = scan(store, '개구리', 'hangul');
    expect(dense.script.excess).toBeGreaterThan(0.1);
    expect(withoutScript(store.context, dense, 0 as PageOrdinal, 0.6)).toBeCloseTo(
      0.6 - dense.script.excess,
      10,
    );
    expect(withoutScript(store.context, dense, 20 as PageOrdinal, 0.6)).toBe(0.6);
  });

  it('is nothing where pages of other scripts are nearer', () => {
    const store = new FixtureStore([...korean, ...english]);
    expect(scan(store, 'frog ice', 'latin').script.excess).toBe(0);
  });

  it('is hardly believed with few pages to compare, and not at all without any', () => {
    const one = new FixtureStore([...korean, ...english.slice(0, 1)]);
    const many = new FixtureStore([...korean, ...english]);
    const excess = (store: FixtureStore) => scan(store, '개구리', 'hangul').script.excess;
    expect(excess(one)).toBeGreaterThan(0);
    expect(excess(one)).toBeLessThan(excess(many) / 3);
    expect(excess(new FixtureStore(korean))).toBe(0);
    expect(excess(new FixtureStore([]))).toBe(0);
  });
});
